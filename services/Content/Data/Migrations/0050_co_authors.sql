-- Those who wrote an article together with its first author (author_id), in the order of the byline. Each agreed to it.
alter table articles add column co_author_ids uuid[] not null default '{}';
alter table publications add column co_author_ids uuid[] not null default '{}';

-- An article is found by its id alone, since several people may edit it.
create unique index articles_by_id on articles (id);
-- Old addresses of an article whose first author left are under another author's key.
create index slugs_by_article on slugs (article_id);

-- The same from the other side: what a person wrote with others. publish_time as in publications; null while readers do not have it.
create table co_authorships (
    person_id    uuid not null,
    article_id   uuid not null,
    publish_time timestamptz,
    primary key (person_id, article_id)
);
create index co_authorships_newest on co_authorships (person_id, publish_time desc, article_id desc) where publish_time is not null;
create index co_authorships_by_article on co_authorships (article_id);

-- Somebody is asked to write an article with others. Keyed by who is asked; gone when answered, but for a refusal: nobody is asked the same twice.
create table invitations (
    invitee_id  uuid not null,
    id          uuid not null,
    inviter_id  uuid not null,
    article_id  uuid not null,
    declined    boolean not null default false,
    create_time timestamptz not null,
    primary key (invitee_id, id)
);
create unique index invitations_once on invitations (article_id, invitee_id);
