-- Magazines that people write for together. (The table `publications` is older and holds what readers have of articles.)
create table publication_profiles (
    id               uuid primary key,
    slug             text not null unique,
    name             text not null,
    description      text not null,
    picture_media_id uuid,
    create_time      timestamptz not null,
    revision         bigint not null
);

-- Every slug a publication has, or ever had: it is never given to another one, and a former one still finds it.
create table publication_slugs (
    slug           text primary key,
    publication_id uuid not null,
    taken_time     timestamptz not null
);

-- Who agreed to be in it. role: 1 owner, 2 editor, 3 writer.
create table publication_members (
    publication_id uuid not null,
    person_id      uuid not null,
    role           smallint not null,
    join_time      timestamptz not null,
    primary key (publication_id, person_id)
);
create index publication_members_of_person on publication_members (person_id, publication_id);

-- What writers offer. state: 1 waiting, 2 accepted, 3 sent back, 4 withdrawn.
create table submissions (
    id             uuid primary key,
    publication_id uuid not null,
    article_id     uuid not null,
    author_id      uuid not null,
    state          smallint not null,
    note           text not null,
    feedback       text not null default '',
    answered_by    uuid,
    submit_time    timestamptz not null,
    answer_time    timestamptz
);
create unique index submissions_once on submissions (article_id) where state = 1;
create index submissions_waiting on submissions (publication_id, submit_time) where state = 1;
create index submissions_of_author on submissions (author_id, submit_time desc);

alter table articles add column publication_id uuid;
create index articles_of_publication on articles (publication_id, author_id) where publication_id is not null;
alter table publications add column publication_id uuid;
create index publications_in_publication on publications (publication_id, publish_time desc, article_id desc) where publication_id is not null;

-- Or somebody is asked to join a publication, as role.
alter table invitations alter column article_id drop not null;
alter table invitations add column publication_id uuid;
alter table invitations add column role smallint;
create unique index invitations_to_publication_once on invitations (publication_id, invitee_id) where publication_id is not null;
