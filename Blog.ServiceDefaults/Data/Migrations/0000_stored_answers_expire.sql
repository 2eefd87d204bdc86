-- Until when the answer of a command is known (StoredAnswersWorker).
alter table stored_answer add column expires_at timestamptz;
update stored_answer set expires_at = created_at + interval '30 days';
alter table stored_answer alter column expires_at set not null;
create index stored_answer_expires_at on stored_answer (expires_at);
