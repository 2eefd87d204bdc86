-- Somebody's words that came with an article from elsewhere: author_id is the nil UUID, this is what they were called there. Personal.
alter table response add column author_name text not null default '';
create index response_by_author on response (author_id, created_at, id);

-- A story that is not here: article_id is a name of the item's own, and this is what is known of it.
alter table reading_list_items
    add column elsewhere boolean not null default false,
    add column title text not null default '',
    add column address text not null default '';

-- What somebody wrote under stories that are not here. Personal.
create table responses_elsewhere (
    owner_id      uuid not null,
    id            uuid not null,
    story_title   text not null,
    story_address text not null,
    markdown      text not null,
    created_at    timestamptz not null,
    edited_at     timestamptz,
    primary key (owner_id, id)
);
create index responses_elsewhere_by_time on responses_elsewhere (owner_id, created_at, id);
