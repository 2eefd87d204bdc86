-- Articles that say the same in several languages: all of a group have its id here. A group bears the id of the article it began with, or of another one when that left.
alter table articles add column translation_group uuid;
create index articles_of_translations on articles (translation_group) where translation_group is not null;
