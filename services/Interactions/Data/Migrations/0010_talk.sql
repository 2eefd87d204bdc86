-- Applause and responses.

-- How often a person clapped for an article or a response to it.
create table clap (
    subject_id uuid not null,
    person_id  uuid not null,
    article_id uuid not null,
    count      smallint not null check (count between 1 and 50),
    clapped_at timestamptz not null,
    primary key (subject_id, person_id)
);
create index clap_latest on clap (subject_id, clapped_at desc, person_id desc);

-- The sum, rolled up in up to sixteen rows by person, so that thousands who clap at once do not queue at one.
-- Weight: each clap counted double for every thirty days it came later, which orders by applause that halves in thirty days.
create table clap_total (
    subject_id uuid not null,
    slot       smallint not null,
    claps      bigint not null,
    people     bigint not null,
    weight     double precision not null,
    primary key (subject_id, slot)
);

-- One row per article that was ever answered or locked. Its lock orders all changes of one article's threads.
create table thread (
    article_id uuid primary key,
    responses  bigint not null,
    locked     boolean not null
);

create table response (
    article_id uuid not null,
    id         uuid not null,
    -- What it answers, who wrote that, and under which response it stands (the same, unless the levels ran out).
    parent_id  uuid,
    parent_author_id uuid,
    under_id   uuid,
    depth      smallint not null,
    author_id  uuid not null,
    state      smallint not null,
    -- Erased with the response. Personal data.
    markdown   text not null,
    html       text not null,
    excerpt    text not null,
    mentioned_ids uuid[] not null,
    created_at timestamptz not null,
    edited_at  timestamptz,
    revision   bigint not null,
    -- Everyone sees its place: it is visible, or there are answers under it.
    listed     boolean not null,
    replies    integer not null,
    -- log2 of its weight; orders by "best".
    score      double precision not null,
    primary key (article_id, id)
);
create index response_best on response (article_id, under_id, score desc, id desc);
create index response_order on response (article_id, under_id, id);
create index response_by_id on response (id);
