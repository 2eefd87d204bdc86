-- An article that is published at a chosen time, and who chose it. Null again when it is published or the schedule is cancelled, and when it could not be published then:
-- schedule_problem says why.
alter table articles
    add column schedule_time    timestamptz,
    add column scheduled_by     uuid,
    add column schedule_problem text not null default '';
create index articles_scheduled on articles (schedule_time) where schedule_time is not null;
