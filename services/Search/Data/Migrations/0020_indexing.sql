-- How documents get into the index; see docs/decisions/0015.

-- What is to be looked at again, one row per thing however often it changed. Workers fetch what it is now and put it into the index, so nothing of its content is here.
create table index_jobs (
    kind         smallint    not null, -- 1 article, 2 person, 4 topic, 5 draft
    key          text        not null, -- id; of a topic: slug
    owner_id     uuid,                 -- of a draft: its author
    revision     bigint      not null, -- the highest that events told of; 0: none did
    gone         boolean     not null, -- it is not to be found any more: there is nothing to fetch
    serving      boolean     not null, -- false: only an index that is being rebuilt needs it
    bulk         boolean     not null, -- nobody waits for it
    version      bigint      not null default 1,
    since        timestamptz not null, -- of the first change that is not in the index
    due          timestamptz not null,
    leased_until timestamptz,
    attempts     integer     not null default 0,
    error        text,
    primary key (kind, key)
);
create index index_jobs_in_order on index_jobs (bulk, due);

-- A thing that was put into the index lately waits before the next time; see Jobs.Pause.
create table index_pace (
    kind    smallint    not null,
    key     text        not null,
    until   timestamptz not null,
    primary key (kind, key)
);
create index index_pace_by_end on index_pace (until);

-- What events tell of an article beside its text.
create table article_signals (
    article_id uuid    primary key,
    author_id  uuid    not null,
    claps      bigint  not null default 0,
    responses  integer not null default 0
);
create index article_signals_by_author on article_signals (author_id);

-- Responses that readers see, so that each counts once.
create table counted_responses (
    article_id  uuid not null,
    response_id uuid not null,
    primary key (article_id, response_id)
);

-- stage 0 the index is being made; 1 articles and people are being listed; 2 all are listed, the last are being put into it; 3 it serves, the one before is
-- still there for searches under way; 4 done; 5 given up.
create table index_rebuilds (
    rebuild_id     uuid        primary key,
    index_name     text        not null,
    former_name    text,
    stage          smallint    not null,
    articles_token text        not null default '', -- page to list next
    people_token   text        not null default '',
    articles_done  boolean     not null default false,
    people_done    boolean     not null default false,
    listed         bigint      not null default 0,
    problem        text,
    started_at     timestamptz not null,
    stage_at       timestamptz not null
);
create unique index index_rebuilds_under_way on index_rebuilds ((true)) where stage < 4;

-- Wakes the workers.
create function index_wake() returns trigger language plpgsql as $$
begin
    perform pg_notify('search_index', '');
    return null;
end $$;
create trigger index_wake after insert on index_jobs for each statement execute function index_wake();
