-- What addresses lead to that are paragraphs of their own in articles.
create table links (
    address     text primary key, -- absolute, ASCII, up to 2,000 characters
    state       smallint not null, -- 1 wanted, 2 known, 3 nothing to show
    card        jsonb, -- when known
    problem     text not null default '', -- why there is nothing to show, for authors
    ask_time    timestamptz, -- when it was last asked
    due_time    timestamptz, -- when it is asked by itself
    attempts    smallint not null default 0 -- since it was last wanted
);
create index links_due on links (due_time) where due_time is not null;

-- Addresses in what readers have that wait for their card.
create table waiting_links (
    article_id  uuid not null,
    address     text not null,
    primary key (article_id, address)
);
create index waiting_links_by_address on waiting_links (address);
