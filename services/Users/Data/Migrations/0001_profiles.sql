-- Public profiles; personal data: name, bio, links.
create table profiles (
    id              uuid primary key,
    handle          text not null unique,
    name            text not null,
    bio             text not null default '',
    avatar_media_id uuid,
    links           jsonb not null default '[]',
    create_time     timestamptz not null,
    revision        bigint not null,
    unclaimed       boolean not null default false
);

-- Every handle anyone has, or ever had: the primary key is the rule that a handle is never given to someone else, and a
-- former one still finds its profile. Keyed by the handle because that is what must be unique everywhere.
create table handles (
    handle      text primary key,
    profile_id  uuid not null references profiles (id) on delete cascade,
    taken_time  timestamptz not null
);
create index handles_by_profile on handles (profile_id);
