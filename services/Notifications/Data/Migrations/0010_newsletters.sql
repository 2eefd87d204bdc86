-- Mail that waits for the mail server. Personal data: recipient, subject, text_body, html_body; a row goes when the server has taken it.
create table mail_messages (
    id                uuid primary key,
    recipient         text not null,
    subject           text not null,
    text_body         text not null,
    html_body         text not null,
    create_time       timestamptz not null,
    unsubscribe_url   text,
    list_id           text,
    attempts          integer not null default 0,
    next_attempt_time timestamptz not null
);
create index mail_messages_due on mail_messages (next_attempt_time);

-- When an address was last asked to confirm, so that a form that anyone can send floods nobody's inbox. Rows live for an hour.
create table mail_requests (
    address_hash bytea not null,
    request_time timestamptz not null
);
create index mail_requests_by_address on mail_requests (address_hash, request_time);
create index mail_requests_by_time on mail_requests (request_time);

-- Addresses that bounced: nothing is sent there until their owner proves that they work again. A hash, so that the list tells nobody who is on it.
create table dead_addresses (
    address_hash bytea primary key,
    status       text not null,           -- RFC 3463 code, or the reply code
    time         timestamptz not null
);

-- Who follows an author or publication by mail. Personal data: address, address_key.
create table newsletter_subscriptions (
    target_kind  smallint not null,       -- blog.events.v1.FollowTarget
    target_id    uuid not null,
    id           uuid not null,
    address      text not null,
    address_key  text not null,           -- in upper case: by which two are the same
    state        smallint not null,       -- 1 pending, 2 active, 3 ended
    create_time  timestamptz not null,
    confirm_time timestamptz,
    end_time     timestamptz,
    primary key (target_kind, target_id, id),
    unique (target_kind, target_id, address_key)
);
create unique index newsletter_subscriptions_by_id on newsletter_subscriptions (id);
create index newsletter_subscriptions_by_address on newsletter_subscriptions (address_key);
create index newsletter_subscriptions_active on newsletter_subscriptions (target_kind, target_id, id) where state = 2;
create index newsletter_subscriptions_confirmed on newsletter_subscriptions (target_kind, target_id, confirm_time, id) where state = 2;
create index newsletter_subscriptions_left on newsletter_subscriptions (coalesce(end_time, create_time)) where state in (1, 3);

-- An article that goes out by mail; one row per article, so that it goes out once.
create table newsletter_issues (
    article_id  uuid primary key,
    target_kind smallint not null,
    target_id   uuid not null,
    author_id   uuid not null,
    slug        text not null,
    state       smallint not null,        -- 1 to be written, 2 recipients are being listed, 3 being sent, 4 done, 5 called off
    cursor      uuid not null,            -- the last subscription that was listed
    mark        uuid not null,            -- stands in the bodies where each recipient's own link goes
    sender_name text not null default '',
    subject     text not null default '',
    text_body   text not null default '',
    html_body   text not null default '',
    attempts    integer not null default 0,
    due_time    timestamptz not null,     -- of the next step
    create_time timestamptz not null
);
create index newsletter_issues_open on newsletter_issues (due_time) where state in (1, 2, 3);
create index newsletter_issues_of_target on newsletter_issues (target_kind, target_id, create_time);

create table newsletter_deliveries (
    article_id      uuid not null references newsletter_issues on delete cascade,
    subscription_id uuid not null,
    state           smallint not null,    -- 1 waiting, 2 sending, 3 sent, 4 refused, 5 not wanted any more
    due_time        timestamptz not null, -- waiting: not before; sending: when the sender is taken for dead
    attempts        integer not null,
    status          text,
    primary key (article_id, subscription_id)
);
create index newsletter_deliveries_due on newsletter_deliveries (due_time) where state in (1, 2);
