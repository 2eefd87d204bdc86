-- Links by which reviewers read a draft. The token itself is nowhere: whoever can read this table cannot open a draft with it.
create table review_links (
    article_id  uuid not null,
    id          uuid not null,
    token_hash  bytea not null,
    name        text not null,
    can_comment boolean not null,
    creator_id  uuid not null,
    create_time timestamptz not null,
    expire_time timestamptz,
    revoke_time timestamptz,
    primary key (article_id, id)
);
create unique index review_links_by_token on review_links (token_hash);

-- What was said of a draft, and where in it. state: 1 anchored, 2 changed, 3 detached; null: about the whole draft, or an answer. person_id null: a guest, by guest_name.
create table review_comments (
    article_id   uuid not null,
    id           uuid not null,
    link_id      uuid not null,
    parent_id    uuid,
    person_id    uuid,
    guest_name   text not null,
    text         text not null,
    quote        text not null,
    exact        text not null,
    prefix       text not null,
    suffix       text not null,
    start_at     integer not null,
    end_at       integer not null,
    state        smallint,
    create_time  timestamptz not null,
    resolve_time timestamptz,
    primary key (article_id, id)
);
create index review_comments_of_link on review_comments (link_id, id);

-- The draft as reviewers last had it: its words, which comments point into, and its HTML, so that opening a link costs no rendering.
create table review_texts (
    article_id      uuid primary key,
    revision        bigint not null,
    text            text not null,
    html            text not null,
    reading_minutes integer not null
);
