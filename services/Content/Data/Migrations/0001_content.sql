-- The author's view. Keyed by author first, so that the table can be distributed by author.
create table articles (
    author_id           uuid not null,
    id                  uuid not null,
    status              smallint not null, -- 1 draft, 2 published, 3 unpublished
    revision            bigint not null,
    title               text not null,
    description         text not null,
    markdown            text not null,
    topics              text[] not null,
    cover_media_id      uuid,
    cover_alt           text not null,
    wished_slug         text not null,
    canonical_url       text not null,
    language            text not null,
    content_hash        bytea not null,
    word_count          integer not null,
    create_time         timestamptz not null,
    update_time         timestamptz not null,
    -- What readers have, or last had.
    slug                text,
    published_hash      bytea,
    first_publish_time  timestamptz,
    edit_time           timestamptz,
    -- Where an imported article comes from, and what it was there.
    source              text,
    source_hash         bytea,
    primary key (author_id, id)
);
create index articles_by_change on articles (author_id, update_time desc, id desc);
create unique index articles_by_source on articles (author_id, source) where source is not null;

-- What readers see: exactly one row for each article that is published now, rendered once.
create table publications (
    author_id       uuid not null,
    article_id      uuid not null,
    slug            text not null,
    title           text not null,
    description     text not null,
    html            text not null,
    headings        jsonb not null,
    topic_slugs     text[] not null,
    topic_names     text[] not null,
    cover_media_id  uuid,
    cover_width     integer not null,
    cover_height    integer not null,
    cover_alt       text not null,
    canonical_url   text not null,
    language        text not null,
    word_count      integer not null,
    reading_minutes integer not null,
    publish_time    timestamptz not null,
    edit_time       timestamptz,
    primary key (author_id, article_id)
);
create index publications_newest on publications (publish_time desc, article_id desc);
create index publications_of_author on publications (author_id, publish_time desc, article_id desc);

-- Every slug an author has used. The primary key is the rule that a slug leads to one article; an old one still finds it.
-- Without an article: that article was deleted, and the slug may be used again.
create table slugs (
    author_id   uuid not null,
    slug        text not null,
    article_id  uuid,
    taken_time  timestamptz not null,
    primary key (author_id, slug)
);

-- A topic is named as its first article named it.
create table topics (
    slug          text primary key,
    name          text not null,
    article_count integer not null
);
create index topics_by_use on topics (article_count desc, slug) where article_count > 0;

-- Published articles of a topic, newest first by key.
create table topic_articles (
    topic_slug   text not null,
    article_id   uuid not null,
    topic_name   text not null,
    author_id    uuid not null,
    publish_time timestamptz not null,
    primary key (topic_slug, article_id)
);
create index topic_articles_newest on topic_articles (topic_slug, publish_time desc, article_id desc);

create function topic_articles_counted() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        insert into topics values (new.topic_slug, new.topic_name, 1)
            on conflict (slug) do update set article_count = topics.article_count + 1;
    else
        update topics set article_count = article_count - 1 where slug = old.topic_slug;
    end if;
    return null;
end $$;
create trigger topic_articles_counted after insert or delete on topic_articles for each row execute function topic_articles_counted();
