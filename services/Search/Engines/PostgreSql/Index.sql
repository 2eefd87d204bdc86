-- The tables of one index, in a schema of its own ({schema}), so that another can be built beside it and take its place by being renamed. Not a migration: the engine makes it.

create schema {schema};

-- What a published article is found and ranked by. Lexemes are made by the service (Words/, ArticleWords.cs): folded words, their stems in the article's language, pairs of signs of scripts
-- without spaces, and such as `#slug`, `@handle`, `by:id`, `lang:de` for filters.
create table {schema}.articles (
    id           uuid primary key,
    revision     bigint      not null,
    author_id    uuid        not null,
    language     text        not null,
    publish_time timestamptz not null,
    -- 0 to 1 from claps and responses; standing: quality and freshness in one number that does not change as time goes by (Scoring.cs).
    quality      real        not null,
    standing     double precision not null,
    members_only boolean     not null,
    topics       text[]      not null,
    title        text        not null,
    description  text        not null,
    -- Beginning of the text and the rest, for passages: most are in the beginning, which is quicker to read.
    lead         text compression lz4 not null,
    body         text compression lz4 not null,
    -- What the article is about, with weights (A title, B description and topics, C and D words that are frequent in the text): small, ranks. Words of the title once more as `^word`: those come first.
    key          tsvector    not null,
    -- Every word with its places: finds.
    words        tsvector compression lz4 not null
);
alter table {schema}.articles alter column key set storage main;

-- Words as they are written (folded), in how many articles; `^word`: in how many titles. Corrects typing errors, weighs words, finds compounds. `lang:de` and the like count too.
create table {schema}.vocabulary (
    word     text collate "C" primary key,
    docs     integer not null,
    -- Of a language that writes compounds as one word, and long enough to be one.
    compound boolean not null default false
) with (fillfactor = 70);

-- Rows of one to four words in titles: what one may be about to type.
create table {schema}.phrases (
    phrase text collate "C" primary key,
    docs   integer not null
) with (fillfactor = 70);

-- People, publications, topics. Lexemes of key begin with the kind: `2:ada`.
create table {schema}.names (
    kind     smallint not null,
    id       text     not null,
    revision bigint   not null,
    name     text     not null,
    folded   text     not null,
    articles integer  not null,
    -- Orders those that fit alike.
    weight   real     not null,
    key      tsvector not null,
    primary key (kind, id)
);

create table {schema}.drafts (
    owner_id    uuid        not null,
    id          uuid        not null unique,
    revision    bigint      not null,
    language    text        not null,
    update_time timestamptz not null,
    title       text        not null,
    description text        not null,
    body        text compression lz4 not null,
    words       tsvector compression lz4 not null,
    primary key (owner_id, id)
);

-- What was taken out: an older document that comes late stays out.
create table {schema}.removals (
    kind     smallint not null,
    id       text     not null,
    revision bigint   not null,
    primary key (kind, id)
);
--
-- From here on: made after an index was filled, which is much quicker.
create index articles_words on {schema}.articles using gin (words) with (fastupdate = off);
create index articles_key on {schema}.articles using gin (key) with (fastupdate = off);
create index articles_standing on {schema}.articles (standing desc, id desc);
create index articles_publish_time on {schema}.articles (publish_time desc, id desc);
create index drafts_words on {schema}.drafts using gin (words);
create index vocabulary_trigrams on {schema}.vocabulary using gin (word gin_trgm_ops) where length(word) >= 4 and left(word, 1) <> '^';
create index vocabulary_compounds on {schema}.vocabulary using gin (word gin_trgm_ops) where compound;
create index phrases_1 on {schema}.phrases (left(phrase, 1), docs desc);
create index phrases_2 on {schema}.phrases (left(phrase, 2), docs desc);
create index phrases_3 on {schema}.phrases (left(phrase, 3), docs desc);
create index phrases_5 on {schema}.phrases (left(phrase, 5), docs desc);
create index single_1 on {schema}.phrases (left(phrase, 1), docs desc) where phrase not like '% %';
create index single_2 on {schema}.phrases (left(phrase, 2), docs desc) where phrase not like '% %';
create index single_3 on {schema}.phrases (left(phrase, 3), docs desc) where phrase not like '% %';
create index names_key on {schema}.names using gin (key) with (fastupdate = off);
create index names_folded on {schema}.names using gin (folded gin_trgm_ops);
