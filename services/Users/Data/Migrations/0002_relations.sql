-- Who follows what. Keyed by the follower: the state of a button and a person's own list are one range of one key.
create table follows (
    follower_id uuid not null references profiles (id),
    -- As FollowTarget of blog.events.v1: 1 person, 2 publication, 3 topic.
    kind        smallint not null,
    -- The profile's or publication's id, or the topic's slug.
    target_id   text not null,
    -- UUIDv7; orders follows of the same microsecond.
    id          uuid not null,
    follow_time timestamptz not null,
    primary key (follower_id, kind, target_id)
);
-- Both lists are cut by key, so that the last page of a million costs what the first one does.
create index follows_of_target on follows (kind, target_id, follow_time desc, id desc) include (follower_id);
create index follows_by_follower on follows (follower_id, kind, follow_time desc, id desc);

-- How many follow a target: its count is the sum of up to 16 rows, so that thousands can begin to follow the same one at once without
-- waiting for each other. Changed in the transaction of the follow, so it is never wrong.
create table follower_counts (
    kind      smallint not null,
    target_id text not null,
    shard     smallint not null,
    followers bigint not null,
    primary key (kind, target_id, shard)
);

-- What a person follows by kind, and when they may follow the next one. Its lock puts the commands of one person in a row.
create table follow_budgets (
    person_id    uuid primary key references profiles (id) on delete cascade,
    people       integer not null default 0,
    publications integer not null default 0,
    topics       integer not null default 0,
    minute_spent timestamptz not null default '-infinity',
    day_spent    timestamptz not null default '-infinity'
);

-- Personal data: whom somebody does not want to see. A row without times does not exist.
create table relations (
    person_id  uuid not null references profiles (id),
    other_id   uuid not null references profiles (id),
    mute_time  timestamptz,
    block_time timestamptz,
    primary key (person_id, other_id),
    check (mute_time is not null or block_time is not null)
);
create index relations_muted on relations (person_id, mute_time desc, other_id desc) where mute_time is not null;
create index relations_blocked on relations (person_id, block_time desc, other_id desc) where block_time is not null;
create index relations_of_other on relations (other_id);
