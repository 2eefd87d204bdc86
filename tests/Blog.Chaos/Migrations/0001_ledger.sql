-- The side that commands change: a counter for each key, and which commands were carried out.
create table counters (
    key      uuid primary key,
    sequence bigint not null
);
create table commands (
    id uuid primary key
);

-- The side that follows by events: no uniqueness, so that an effect that happens twice is seen.
create table entries (
    serial     bigint generated always as identity primary key,
    key        uuid not null,
    sequence   bigint not null,
    command_id uuid not null,
    is_replay  boolean not null,
    taken_at   timestamptz not null
);
