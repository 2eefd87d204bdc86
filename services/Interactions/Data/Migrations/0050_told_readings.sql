-- What others were told of a reading: 0 opened, 1 to 3 that many quarters, 4 finished; -1 nothing (rows from before there was anything to tell).
alter table readings add column told smallint not null default -1;

-- What was sent of a person's history, to forget it with the history.
create index outbox_reads on outbox (key) where topic = 'interactions.reads.v1';
