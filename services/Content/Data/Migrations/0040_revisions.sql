-- Who made the last change (null: the author, before this was kept), and the newest revision that was kept of it.
alter table articles
    add column edited_by      uuid,
    add column kept_revision  bigint not null default 0,
    add column kept_time      timestamptz,
    -- When some of its revisions are next old enough to be thinned out; null: there are none.
    add column thin_time      timestamptz;
create index articles_to_thin on articles (thin_time) where thin_time is not null;

-- An autosave replaces the whole text. What it replaced is made room of early, or the table grows by every version of every text.
alter table articles set (toast.autovacuum_vacuum_threshold = 500, toast.autovacuum_vacuum_scale_factor = 0.05);

-- What an article was. The content is a zstd frame of a blog.content.v1.ArticleContent; unless the row is a keyframe, the frame was made
-- with the content of the revision before it as dictionary, so a small change costs some bytes.
create table revisions (
    author_id        uuid not null,
    article_id       uuid not null,
    number           bigint not null, -- articles.revision when it was kept
    person_id        uuid not null,
    create_time      timestamptz not null,
    restored_number  bigint,
    word_count       integer not null,
    reason           smallint not null, -- blog.content.v1.RevisionReason
    is_keyframe      boolean not null,
    title            text not null,
    name             text not null,
    content          bytea not null,
    primary key (author_id, article_id, number),
    foreign key (author_id, article_id) references articles on update cascade on delete cascade
);
-- The frames are compressed already.
alter table revisions alter column content set storage external;

-- Which saves were carried out is known for two days (ThinningWorker).
create index stored_saves_by_age on stored_answer (created_at) where method = '/blog.content.v1.Articles/UpdateArticle';
