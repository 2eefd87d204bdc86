-- Browsers and phones that asked to be told. Personal data: address, label. address is a capability: whoever knows it can try to send there.
create table push_targets (
    person_id    uuid not null,
    id           uuid not null,
    transport    smallint not null,       -- blog.notifications.v1.PushTransport
    address      text not null,           -- endpoint, or device token
    address_hash bytea not null unique,
    p256dh       bytea,                   -- of a browser: its public key
    auth         bytea,                   -- and its secret (RFC 8291)
    label        text not null,
    create_time  timestamptz not null,
    primary key (person_id, id)
);
