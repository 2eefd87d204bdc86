-- Where an imported article stood on its former site, so that old links find it.
create table former_paths (
    author_id   uuid not null,
    path        text not null, -- readable, without the last slash: /2019/05/my-post
    article_id  uuid not null,
    primary key (author_id, path)
);
create index former_paths_by_path on former_paths (path);
