-- Names with typing errors are found by their trigrams. A trusted extension: the owner of the database may create it.
create extension if not exists pg_trgm;

-- Who muted or blocked whom: what they wrote is left out. The other follows events (Blog.ServiceDefaults/ReadModels/Relations.cs).
create table relations (
    person_id uuid    not null,
    other_id  uuid    not null,
    muted     boolean not null,
    blocked   boolean not null,
    primary key (person_id, other_id)
);
create index relations_by_other on relations (other_id) where blocked;
