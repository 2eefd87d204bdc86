-- The text of an article that its highlights point into: what an edited one is compared with. Only articles with highlights have a row.
create table highlight_texts (
    article_id uuid primary key,
    author_id  uuid not null,
    title      text not null,
    revision   bigint not null,
    text       text not null
);

create table highlights (
    article_id  uuid not null,
    id          uuid not null,
    person_id   uuid not null,
    quote       text not null,      -- as it was marked; never changed
    exact       text not null,      -- as it is in the text, with what stands around it
    prefix      text not null,
    suffix      text not null,
    start_at    integer not null,   -- code points; of the last place when detached
    end_at      integer not null,
    state       smallint not null,  -- 1 anchored, 2 changed, 3 detached
    note        text not null,      -- personal
    public      boolean not null,
    hidden      boolean not null,   -- by the article's author
    revision    bigint not null,
    create_time timestamptz not null,
    remove_time timestamptz,        -- can be taken back for a day
    primary key (article_id, id)
);
create index highlights_of_person on highlights (person_id, article_id, create_time);
create index highlights_by_id on highlights (id);
create index highlights_public on highlights (article_id, id) where public and not hidden and state <> 3 and remove_time is null;
create index highlights_removed on highlights (remove_time) where remove_time is not null;

-- Articles whose text changed since: one row each, however often it changed.
create table anchoring_jobs (
    article_id uuid primary key,
    revision   bigint not null,
    due        timestamptz not null,
    attempts   integer not null
);
create index anchoring_jobs_due on anchoring_jobs (due);

create table gift_links (
    id          uuid primary key,
    person_id   uuid not null,
    article_id  uuid not null,
    token       text not null unique,
    create_time timestamptz not null,
    expire_time timestamptz not null,
    revoked     boolean not null,
    opens       integer not null
);
create index gift_links_of_person on gift_links (person_id, create_time desc, id desc);
