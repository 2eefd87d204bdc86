-- What other services own, as far as this one needs it; kept by events.
create table articles (
    article_id uuid primary key,
    author_id  uuid not null,
    slug       text not null,
    title      text not null,
    revision   bigint not null,
    published  boolean not null
);

-- Who is to be told when an author publishes; read by author, in pages.
create table follows (
    author_id   uuid not null,
    follower_id uuid not null,
    primary key (author_id, follower_id)
);

create table relations (
    person_id uuid not null,
    other_id  uuid not null,
    muted     boolean not null,
    blocked   boolean not null,
    primary key (person_id, other_id)
);

-- One row per person who was ever told of anything: the numbers at the bell, and the lock under which that person's list changes.
create table bells (
    person_id     uuid primary key,
    sequence      bigint not null default 0, -- of the last change; given out in order, visible in order (the row is locked until commit)
    unread        int not null default 0,
    unseen        int not null default 0,
    seen_position bigint not null default 0,
    read_position bigint not null default 0, -- everything up to it is read
    kept          int not null default 0     -- rows of notifications
);
create index bells_over_full on bells (person_id) where kept > 1000;

-- Whoever shows this person's bell hears of each change when it is committed.
create function bell_rings() returns trigger language plpgsql as $$
begin
    perform pg_notify('bell', new.person_id::text);
    return null;
end $$;
create trigger bell_rings after insert or update on bells for each row when (new.sequence > 0) execute function bell_rings();

create table notifications (
    person_id   uuid not null,
    id          uuid not null,
    kind        smallint not null,
    subject_id  uuid not null,           -- what a group is about: article, response, or the person
    article_id  uuid,
    response_id uuid,
    actors      uuid[] not null,         -- last first, at most 3
    actor_count int not null,            -- 0: withdrawn
    excerpt     text not null,           -- personal data: words of another person
    in_app      boolean not null,        -- false: only for mail or push
    read        boolean not null,
    position    bigint not null,         -- sequence of the last activity: the order of the list
    sequence    bigint not null,         -- of the last change of any kind
    create_time timestamptz not null,
    update_time timestamptz not null,
    primary key (person_id, id)
);
create unique index notifications_in_order on notifications (person_id, position desc);
create index notifications_changed on notifications (person_id, sequence);
create index notifications_of_subject on notifications (subject_id, kind, person_id);
create index notifications_by_age on notifications (update_time);

-- Who is in a group. Kept when withdrawn, so that an act that is taken back and repeated does not tell anew.
create table acts (
    person_id       uuid not null,
    kind            smallint not null,
    subject_id      uuid not null,
    act_id          uuid not null,       -- the actor, or the highlight
    actor_id        uuid not null,
    notification_id uuid not null,
    withdrawn       boolean not null,
    time            timestamptz not null,
    primary key (person_id, kind, subject_id, act_id),
    foreign key (person_id, notification_id) references notifications (person_id, id) on delete cascade
);
create index acts_of_notification on acts (person_id, notification_id, time desc);
create index acts_of_actor on acts (person_id, actor_id);

-- What happened and is to be told. Written in the transaction of the event (nothing is locked there), worked off in order per person.
create table tellings (
    position    bigint generated always as identity primary key,
    lane        smallint not null,
    person_id   uuid not null,
    act         smallint not null,
    kind        smallint not null,
    subject_id  uuid not null,
    act_id      uuid not null,
    actor_id    uuid not null,
    article_id  uuid,
    response_id uuid,
    excerpt     text not null,
    time        timestamptz not null,
    failure     text                     -- why it was set aside
);
create index tellings_waiting on tellings (lane, position) where failure is null;
create index tellings_of_subject on tellings (subject_id);
create function tellings_wake() returns trigger language plpgsql as $$
begin
    perform pg_notify('telling', '');
    return null;
end $$;
create trigger tellings_wake after insert on tellings for each statement execute function tellings_wake();

-- An article that followers are being told of, or are being untold of; a chunk of followers at a time, resumed at the cursor.
create table announcements (
    article_id uuid primary key,
    author_id  uuid not null,
    state      smallint not null,        -- 1 telling, 2 told, 3 withdrawing, 4 withdrawn
    cursor     uuid not null,            -- the last person who was dealt with
    time       timestamptz not null
);
create index announcements_open on announcements (time) where state in (1, 3);
create trigger announcements_wake after insert or update on announcements for each statement execute function tellings_wake();

create table preferences (
    person_id     uuid primary key,
    time_zone     text not null,
    quiet_from    smallint,              -- minutes since local midnight
    quiet_to      smallint,
    email_cadence smallint not null,
    digest_hour   smallint not null,
    digest_day    smallint not null,
    revision      bigint not null
);

-- Where a person's choice differs from the default.
create table choices (
    person_id uuid not null,
    kind      smallint not null,
    channel   smallint not null,
    enabled   boolean not null,
    primary key (person_id, kind, channel)
);

create table muted_articles (
    person_id  uuid not null,
    article_id uuid not null,
    time       timestamptz not null,
    primary key (person_id, article_id)
);
create index muted_articles_in_order on muted_articles (person_id, time desc, article_id desc);

-- Channels beside mail that can reach this person at all: a push is only due to somebody who has a subscription.
create table reachable (
    person_id uuid not null,
    channel   smallint not null,
    primary key (person_id, channel)
);

-- What is to be sent outside the site, or was. The key makes it once per notification and channel, whoever joins the group later.
create table deliveries (
    person_id       uuid not null,
    notification_id uuid not null,
    channel         smallint not null,
    state           smallint not null,   -- 1 waiting, 2 sending, 3 sent, 4 failed, 5 not needed any more
    due_time        timestamptz not null,
    attempts        int not null,
    claim_id        uuid,                -- of the attempt that is under way
    lease_until     timestamptz,         -- after it the sender is taken for dead
    problem         text,
    update_time     timestamptz not null,
    primary key (person_id, notification_id, channel)
);
create index deliveries_due on deliveries (channel, due_time) where state = 1;
create index deliveries_claimed on deliveries (channel, lease_until) where state = 2;
