-- Lists name articles by id alone.
create unique index publications_by_article on publications (article_id);
