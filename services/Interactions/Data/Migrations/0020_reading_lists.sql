-- Lists of articles that people keep. Keyed by owner first, so that the tables can be distributed by owner.
create table reading_lists (
    owner_id     uuid not null,
    id           uuid not null,
    slug         text not null,
    name         text not null,
    description  text not null,
    visibility   smallint not null, -- 1 private, 2 by link, 3 public
    is_default   boolean not null,
    -- Whoever has it may read the list; gone with it when the list is private.
    link_token   text,
    revision     bigint not null,
    item_count   integer not null,
    create_time  timestamptz not null,
    update_time  timestamptz not null,
    -- Deleted, and can be brought back for 30 days.
    delete_time  timestamptz,
    primary key (owner_id, id)
);
create unique index reading_lists_default on reading_lists (owner_id) where is_default;
create unique index reading_lists_link on reading_lists (link_token) where link_token is not null;
create index reading_lists_public on reading_lists (owner_id, update_time desc, id desc) where visibility = 3 and delete_time is null;
create index reading_lists_deleted on reading_lists (delete_time) where delete_time is not null;

-- Every name a list had among its owner's: old addresses lead to the present one.
create table reading_list_slugs (
    owner_id uuid not null,
    slug     text not null,
    list_id  uuid not null,
    primary key (owner_id, slug)
);
create index reading_list_slugs_by_list on reading_list_slugs (owner_id, list_id);

-- Ordered by position, with gaps; changed only under a lock on the row of the list.
create table reading_list_items (
    owner_id   uuid not null,
    list_id    uuid not null,
    article_id uuid not null,
    position   bigint not null,
    note       text not null,
    revision   bigint not null,
    add_time   timestamptz not null,
    primary key (owner_id, list_id, article_id)
);
create index reading_list_items_by_position on reading_list_items (owner_id, list_id, position);
create index reading_list_items_by_article on reading_list_items (owner_id, article_id);
