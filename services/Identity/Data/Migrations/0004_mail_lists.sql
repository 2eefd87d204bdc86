-- The outbox is the one every service uses; here nothing belongs to a list.
alter table mail_messages add column unsubscribe_url text, add column list_id text;
