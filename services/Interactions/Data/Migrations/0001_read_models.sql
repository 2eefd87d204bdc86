-- What other services own, as far as this one needs it; kept by events.
create table articles (
    article_id uuid primary key,
    author_id  uuid not null,
    revision   bigint not null,
    published  boolean not null
);

create table relations (
    person_id uuid not null,
    other_id  uuid not null,
    muted     boolean not null,
    blocked   boolean not null,
    primary key (person_id, other_id)
);
create index relations_of_other on relations (other_id) where blocked;
