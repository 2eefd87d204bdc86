-- Where an event lies in the broker's log (null: not there, or published before this was noted), and for whom it is sent again.
ALTER TABLE outbox
    ADD COLUMN partition  integer,
    ADD COLUMN log_offset bigint,
    ADD COLUMN headers    text,  -- further headers, a JSON object of strings
    ADD COLUMN replay_for text,  -- consumer group, or * for all; null: it is news
    ADD COLUMN replay_run uuid;

-- The outbox is a queue inside a history: a row is marked once, soon after it was written. Vacuum by number, not by share of the history,
-- or the index of what waits fills with what waited once.
ALTER TABLE outbox SET (autovacuum_vacuum_scale_factor = 0.005, autovacuum_vacuum_threshold = 20000, fillfactor = 90);

-- The last offset that the broker acknowledged, by lane, so that lanes do not wait for each other. A broker whose log ends before it has lost its log.
CREATE TABLE outbox_position (
    lane       smallint NOT NULL,
    topic      text     NOT NULL,
    partition  integer  NOT NULL,
    log_offset bigint   NOT NULL,
    PRIMARY KEY (lane, topic, partition)
);

-- The last event that was handled of each partition. When another event is found at its place, the log is not the one that was read.
CREATE TABLE inbox_position (
    topic      text    NOT NULL,
    partition  integer NOT NULL,
    log_offset bigint  NOT NULL,
    event_id   uuid    NOT NULL,
    PRIMARY KEY (topic, partition)
);

-- Events that could not be handled, and those of the same key that wait behind them. Written in the transaction of the inbox row.
CREATE TABLE dead_letter (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id    uuid        NOT NULL,
    topic       text        NOT NULL,
    partition   integer     NOT NULL,
    log_offset  bigint      NOT NULL,
    key         text        NOT NULL,
    type        text        NOT NULL,
    payload     bytea       NOT NULL,
    event_time  timestamptz NOT NULL,
    traceparent text,
    is_replay   boolean     NOT NULL,
    reason      text        NOT NULL, -- unreadable, failed, behind (an earlier one of its key)
    error       text        NOT NULL,
    attempts    integer     NOT NULL,
    dead_at     timestamptz NOT NULL
);
-- Keys that are held, and what waits behind, in order.
CREATE INDEX dead_letter_held ON dead_letter (topic, key, id) WHERE reason <> 'unreadable';
