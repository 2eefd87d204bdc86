-- WebSub: which programs are told of new content of which feed. callback is a capability, secret signs what is sent to it.
create table websub_subscriptions (
    id          uuid primary key,
    address_key bytea not null unique,   -- SHA-256 of topic and callback
    topic       text not null,           -- address of the feed as the subscriber named it
    callback    text not null,
    feed_kind   smallint not null,       -- 1 site, 2 person, 3 topic
    feed_key    text not null,           -- empty, the person's id, the topic's slug
    secret      text not null,
    lease_until timestamptz not null,
    -- News is on its way until due_time is null; while it is being sent, due_time is when the sender is taken for dead.
    due_time    timestamptz,
    version     bigint not null,         -- counts news, so that none is lost that comes while older is being sent
    attempts    integer not null
);
create index websub_subscriptions_of_feed on websub_subscriptions (feed_kind, feed_key);
create index websub_subscriptions_due on websub_subscriptions (due_time) where due_time is not null;
create index websub_subscriptions_by_end on websub_subscriptions (lease_until);

-- Requests that the callback has not confirmed yet.
create table websub_requests (
    id            uuid primary key,
    address_key   bytea not null unique,
    subscribe     boolean not null,
    topic         text not null,
    callback      text not null,
    host          text not null,
    feed_kind     smallint not null,
    feed_key      text not null,
    secret        text not null,
    lease_seconds integer not null,
    due_time      timestamptz not null,
    attempts      integer not null
);
create index websub_requests_due on websub_requests (due_time);
create index websub_requests_by_host on websub_requests (host);

-- Feeds with subscribers and news. Stays after telling, so that what is edited again and again is told with pauses.
create table websub_feeds (
    feed_kind smallint not null,
    feed_key  text not null,
    due_time  timestamptz,
    told_time timestamptz,
    primary key (feed_kind, feed_key)
);
create index websub_feeds_due on websub_feeds (due_time) where due_time is not null;
