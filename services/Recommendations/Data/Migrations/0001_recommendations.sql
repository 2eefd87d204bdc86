-- A read model of what is published, followed, read and liked, rebuilt from events; and what people turned down, which is only here.
-- Rows that belong to a person carry the person's key first. All that is keyed by a person is personal.

-- Articles have a small number here, so that lists of them are small. A row without author_id is an article of which only a reader told so far.
create table articles (
    article_id     uuid        primary key,
    number         int         generated always as identity unique,
    author_id      uuid,
    publication_id uuid,
    revision       bigint      not null default 0,
    published      boolean     not null default false,
    publish_time   timestamptz,
    topics         text[]      not null default '{}',
    -- How often it was shown to somebody "for you".
    shown          int         not null default 0
);

-- What a person did with an article, one row for each pair: states, not counts of events, so that an event that is told again changes nothing.
create table signals (
    person_id  uuid        not null,
    number     int         not null,
    read_at    timestamptz,
    fraction   real        not null default 0,
    finished   boolean     not null default false,
    claps      smallint    not null default 0,
    saved      boolean     not null default false,
    responses  uuid[]      not null default '{}',
    highlights uuid[]      not null default '{}',
    last_at    timestamptz not null,
    -- How much it says of the person's taste. Opened 0.1, read to the end 1, one clap 0.6, fifty 1, saved 0.5, answered 0.7, highlighted 0.5.
    strength   real        not null generated always as (
        case when finished then 1 when read_at is null then 0 else 0.1 + 0.7 * fraction end
        + case when claps > 0 then 0.6 + 0.4 * ln(claps::float8) / ln(50::float8) else 0 end
        + case when saved then 0.5 else 0 end
        + case when cardinality(responses) > 0 then 0.7 else 0 end
        + case when cardinality(highlights) > 0 then 0.5 else 0 end) stored,
    primary key (person_id, number)
);
create index signals_of_person on signals (person_id, last_at desc) include (number, strength);
create index signals_of_article on signals (number, last_at desc);

-- kind 1 person, 2 publication, 3 topic; target: id or slug.
create table follows (
    person_id uuid     not null,
    kind      smallint not null,
    target    text     not null,
    primary key (person_id, kind, target)
);

-- Whom a person muted or blocked.
create table relations (
    person_id uuid    not null,
    other_id  uuid    not null,
    muted     boolean not null,
    blocked   boolean not null,
    primary key (person_id, other_id)
);
create index relations_of_other on relations (other_id) where blocked;

-- kind 1 "less like this article", 2 "not this author", 3 "not this topic"; subject: id or slug; number: the article's.
create table turned_down (
    person_id uuid        not null,
    kind      smallint    not null,
    subject   text        not null,
    number    int,
    time      timestamptz not null,
    -- For pages of them.
    id        uuid        not null,
    primary key (person_id, kind, subject)
);

-- What a person was shown and how often, without what is shown in the present half hour (recent, of the half hour `session`).
create table shown (
    person_id uuid        primary key,
    numbers   int[]       not null,
    times     smallint[]  not null,
    session   bigint      not null,
    recent    int[]       not null,
    at        timestamptz not null
);

-- What its readers say of an article, measured from signals. popular and trend: the logarithm (base 2) of a decayed sum of people, counted so that it need
-- not be touched as time passes: see Similarity/Audience.cs. co_read: articles read by the same people, best first.
create table audiences (
    number    int              primary key,
    readers   int              not null,
    finished  real             not null,
    popular   double precision not null,
    trend     double precision not null,
    co_read   int[]            not null,
    co_score  real[]           not null
);
create table audience_jobs (
    number int         primary key,
    due    timestamptz not null
);
create index audience_jobs_by_due on audience_jobs (due);

-- Similarity of words. vectors: the words of an article (hashes) and how often each occurs; corpus: how many articles there were when the weights in
-- postings were made of them. similar: best first.
create table text_jobs (
    article_id uuid        primary key,
    due        timestamptz not null,
    attempts   int         not null default 0,
    -- Counts changes, so that one that comes while the job is done is not lost.
    change     bigint      not null default 0
);
create index text_jobs_by_due on text_jobs (due);
create table vectors (
    number int    primary key,
    terms  int[]  not null,
    counts real[] not null,
    corpus int    not null
);
create index vectors_by_corpus on vectors (corpus);
create table terms (
    term     int primary key,
    articles int not null
);
create table postings (
    term   int  not null,
    number int  not null,
    weight real not null,
    primary key (term, number) include (weight)
);
create index postings_of_article on postings (number);
create table similar_texts (
    number  int    primary key,
    numbers int[]  not null,
    scores  real[] not null
);
