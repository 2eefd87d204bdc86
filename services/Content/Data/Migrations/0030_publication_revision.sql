-- Whoever points into a text (highlights) must know which of two texts is the newer one.
alter table publications add column revision bigint not null default 0;
update publications p set revision = a.revision from articles a where a.author_id = p.author_id and a.id = p.article_id;
