-- Events whose effect is in this database: written in the transaction of the effect, so that a repeated delivery has none.
CREATE TABLE inbox (
    id          uuid        PRIMARY KEY,
    topic       text        NOT NULL,
    consumed_at timestamptz NOT NULL
);
