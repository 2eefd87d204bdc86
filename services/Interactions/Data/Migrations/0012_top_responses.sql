-- Responses to the article itself. An index that begins with "under_id is null" finds them, but PostgreSQL does not take them from it in order
-- (null is no value that others could equal), so each order has an index of its own.
drop index response_best;
create index response_best on response (article_id, score desc, id desc) where under_id is null;
create index response_newest on response (article_id, created_at desc, id desc) where under_id is null;
