-- Stories that are read one after the other. A series stands under the address of the person it belongs to.
create table series (
    owner_id    uuid not null,
    id          uuid not null,
    slug        text not null,
    title       text not null,
    description text not null,
    create_time timestamptz not null,
    update_time timestamptz not null,
    revision    bigint not null,
    primary key (owner_id, id)
);
create unique index series_by_id on series (id);

-- Every slug a series has, or ever had: a former one still finds it. Gone with the series.
create table series_slugs (
    owner_id  uuid not null,
    slug      text not null,
    series_id uuid not null,
    primary key (owner_id, slug)
);

-- Being a column of the article, the series is at most one.
alter table articles
    add column series_id       uuid,
    add column series_position integer;
create index articles_of_series on articles (series_id, series_position) where series_id is not null;
