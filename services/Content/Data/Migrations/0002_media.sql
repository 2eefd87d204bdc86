-- Stored pictures, read by id. Size and dimensions are those of what is served.
create table media (
    id           uuid primary key,
    owner_id     uuid not null,
    content_type text not null,
    width        integer not null,
    height       integer not null,
    is_animated  boolean not null,
    size_bytes   bigint not null,
    create_time  timestamptz not null
);

-- The same bytes by the same owner are the same media.
create table owned_media (
    owner_id  uuid not null,
    sha256    bytea not null,
    media_id  uuid not null references media (id) on delete cascade,
    primary key (owner_id, sha256)
);
