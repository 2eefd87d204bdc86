-- Who else wrote an imported story where it comes from: names alone, they are nobody here. Personal.
alter table articles add column co_author_names text[] not null default '{}';
alter table publications add column co_author_names text[] not null default '{}';

-- What an item of an archive is (0 a story or a remark, 1 series, 2 list, 3 responses to a story, 4 responses elsewhere), and how many entries it has.
alter table import_items
    add column kind    smallint not null default 0,
    add column entries integer not null default 0;
