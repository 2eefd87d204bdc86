-- Newest first, and answers in the order they were given, with the page token that every list has.
drop index response_order;
create index response_by_time on response (article_id, under_id, created_at desc, id desc);
