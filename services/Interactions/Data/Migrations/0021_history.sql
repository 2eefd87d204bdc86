-- What a person read and how far: one row for each article. Personal; erased when they ask for it.
create table readings (
    person_id     uuid not null,
    article_id    uuid not null,
    visit_time    timestamptz not null,
    -- When the end was reached.
    finish_time   timestamptz,
    -- Where to continue, and when the reader was there by their own clock; null: nowhere.
    position_time timestamptz,
    anchor        text,
    block         integer,
    quote         text,
    block_offset  double precision,
    fraction      double precision not null,
    primary key (person_id, article_id)
);
create index readings_by_visit on readings (person_id, visit_time desc, article_id desc);

create table history_settings (
    person_id uuid primary key,
    paused    boolean not null
);
