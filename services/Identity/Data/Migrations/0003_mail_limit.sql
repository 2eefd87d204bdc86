-- When a message was last asked for, by address: so that nobody's inbox is flooded by a form that anyone can send. Rows live for an hour.
create table mail_requests (
    address_hash bytea not null,
    request_time timestamptz not null
);
create index mail_requests_by_address on mail_requests (address_hash, request_time);
create index mail_requests_by_time on mail_requests (request_time);
