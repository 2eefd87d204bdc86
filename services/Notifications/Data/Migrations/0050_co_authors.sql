-- Followers of each author are told once.
alter table announcements add column co_author_ids uuid[] not null default '{}';
