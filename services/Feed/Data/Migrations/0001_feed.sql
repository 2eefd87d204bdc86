-- A read model of follows and articles, rebuilt from events. A "source" is what can be followed: a person, a publication or a topic.
-- Rows that belong to a person carry the person's key first.

-- What is known of an article: enough to see what an event changed.
create table articles (
    article_id   uuid primary key,
    author_id    uuid        not null,
    revision     bigint      not null,
    publish_time timestamptz not null,
    -- Where it can be found now; empty when it is not published.
    source_ids   uuid[]      not null
);

-- The published articles of each source, by time. kind and name say what the source is to a reader (name: a topic's slug).
create table source_articles (
    source_id    uuid        not null,
    publish_time timestamptz not null,
    article_id   uuid        not null,
    author_id    uuid        not null,
    kind         smallint    not null,
    name         text,
    primary key (source_id, publish_time, article_id) include (author_id, kind, name)
);

create table follows (
    person_id uuid not null,
    source_id uuid not null,
    primary key (person_id, source_id)
);
create index follows_by_source on follows (source_id, person_id);

-- Whose articles a person does not see. why 0: muted or blocked by the person; 1: the other blocked the person.
create table hidden (
    person_id uuid     not null,
    other_id  uuid     not null,
    why       smallint not null,
    primary key (person_id, other_id, why)
);

-- How many follow a source, and how its articles reach them. mode 0 small: written into each follower's entries; 2 big: merged when a
-- follower reads (big_follows says who); 1 and 3: on the way up and down, when both hold.
create table sources (
    source_id uuid     primary key,
    followers bigint   not null,
    mode      smallint not null default 0
);

create table big_follows (
    person_id uuid not null,
    source_id uuid not null,
    primary key (person_id, source_id)
);
create index big_follows_by_source on big_follows (source_id, person_id);

-- state 0 asleep: has no entries; 1 waking: entries are being collected; 2 awake; 3 dozing: has entries, is given no new ones.
-- The entries of an awake reader are complete above the horizon (null: to the beginning of time).
create table readers (
    person_id    uuid        primary key,
    state        smallint    not null,
    horizon_time timestamptz,
    horizon_id   uuid,
    read_at      timestamptz not null
);
create index readers_by_read_at on readers (read_at) where state in (2, 3);

-- What was written out for a reader, one row per article and small source that is the reason. An article that has left its source since
-- is told by source_articles.
create table entries (
    person_id    uuid        not null,
    publish_time timestamptz not null,
    article_id   uuid        not null,
    source_id    uuid        not null,
    primary key (person_id, publish_time, article_id, source_id)
);

-- Work to be done after an event's transaction, in chunks; see Spreading/. cursor: the last follower who was served.
create table jobs (
    job_id       bigint      generated always as identity primary key,
    kind         smallint    not null,
    turn         int         not null default 0,
    source_id    uuid,
    person_id    uuid,
    article_id   uuid,
    publish_time timestamptz,
    delta        smallint,
    cursor       uuid        not null default '00000000-0000-0000-0000-000000000000',
    created_at   timestamptz not null
);
create index jobs_in_order on jobs (kind, turn, job_id);

-- Wakes the workers (empty payload). The same channel tells readers which source has new articles (payload: its id).
create function feed_wake() returns trigger language plpgsql as $$
begin
    perform pg_notify('feed', '');
    return null;
end $$;
create trigger feed_wake after insert on jobs for each statement execute function feed_wake();
