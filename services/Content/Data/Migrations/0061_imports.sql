-- Archives that people bring in, how far each has come, and what became of each item.
create table imports (
    owner_id     uuid not null,
    id           uuid not null,
    state        smallint not null, -- 1 reading, 2 ready, 3 running, 4 done, 5 cancelled, 6 failed
    file_name    text not null, -- personal
    handle       text not null,
    size_bytes   bigint not null,
    format       text not null,
    as_drafts    boolean not null,
    site         text not null,
    problem      text not null,
    attempts     integer not null,
    create_time  timestamptz not null,
    update_time  timestamptz not null,
    -- Until then somebody works on it.
    lease_until  timestamptz not null,
    primary key (owner_id, id)
);
create index imports_to_do on imports (lease_until) where state in (1, 3);

-- The archive, in pieces that any object storage takes.
create table import_parts (
    owner_id   uuid not null,
    import_id  uuid not null,
    number     integer not null,
    object_id  uuid not null,
    size_bytes bigint not null,
    primary key (owner_id, import_id, number),
    foreign key (owner_id, import_id) references imports (owner_id, id) on delete cascade
);

create table import_items (
    owner_id     uuid not null,
    import_id    uuid not null,
    number       integer not null,
    path         text not null,
    title        text not null,
    draft        boolean not null,
    publish_time timestamptz,
    pictures     integer not null,
    outcome      smallint not null, -- 0 not yet, 1 created, 2 updated, 3 unchanged, 4 skipped, 5 failed
    reason       text not null,
    notes        text[] not null,
    article_id   uuid,
    -- It is no article; it was not readable when is_failure.
    is_remark    boolean not null,
    is_failure   boolean not null,
    primary key (owner_id, import_id, number),
    foreign key (owner_id, import_id) references imports (owner_id, id) on delete cascade
);
