-- What every service's database holds beside its own tables.

-- Transactional outbox: an event is written in the transaction of the change it tells of; the relay carries it to the broker.
-- Rows of one lane are relayed in order by one relay at a time, and a key always falls into the same lane.
CREATE TABLE outbox (
    position     bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id           uuid        NOT NULL UNIQUE,
    topic        text        NOT NULL,
    key          text        NOT NULL,
    lane         smallint    NOT NULL,
    type         text        NOT NULL,
    payload      bytea       NOT NULL,
    traceparent  text,
    created_at   timestamptz NOT NULL,
    published_at timestamptz
);
CREATE INDEX outbox_waiting ON outbox (lane, position) WHERE published_at IS NULL;

CREATE TABLE outbox_lane (lane smallint PRIMARY KEY);
INSERT INTO outbox_lane SELECT generate_series(0, 15);

CREATE FUNCTION outbox_wake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('outbox', '');
    RETURN NULL;
END $$;
CREATE TRIGGER outbox_wake AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION outbox_wake();

-- Answers of commands that carried an Idempotency-Key, replayed when the command comes again.
CREATE TABLE stored_answer (
    caller_id    uuid        NOT NULL,
    key          text        NOT NULL,
    method       text        NOT NULL,
    request_hash bytea       NOT NULL,
    response     bytea       NOT NULL,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (caller_id, key)
);
