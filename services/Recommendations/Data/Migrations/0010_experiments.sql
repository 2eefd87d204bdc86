-- Flags that somebody touched; what is not here is as in code (Blog.ServiceDefaults/FeatureFlags/Flag.cs).
create table flags (
    name       text        primary key,
    enabled    boolean     not null,
    share      smallint    not null check (share between 0 and 100),
    people     uuid[]      not null,
    revision   bigint      not null,
    changed_at timestamptz not null
);

-- variants: [{"name": …, "weights": {feature: weight}}], the first is "default". Never changed but for its end.
create table experiments (
    id         uuid        primary key,
    name       text        not null unique,
    variants   jsonb       not null,
    people     smallint    not null check (people between 1 and 100),
    time_frame interval    not null,
    started_at timestamptz not null,
    stopped_at timestamptz
);
create index experiments_by_start on experiments (started_at desc, id desc);

-- Who was shown a page by which variant: first, and on which day last. Personal.
create table exposures (
    person_id     uuid        not null,
    experiment_id uuid        not null references experiments,
    variant       text        not null,
    first_at      timestamptz not null,
    last_day      date        not null,
    primary key (person_id, experiment_id)
);
create index exposures_of_experiment on exposures (experiment_id, first_at) include (variant);

-- What they did within the time frame after the first page: one row whether once or often. kind: as blog.recommendations.v1.Outcome.Kind. Personal.
create table outcomes (
    person_id     uuid     not null,
    experiment_id uuid     not null,
    kind          smallint not null,
    primary key (person_id, experiment_id, kind),
    foreign key (person_id, experiment_id) references exposures on delete cascade
);
