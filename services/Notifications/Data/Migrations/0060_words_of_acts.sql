-- What each act of a group said, so that one that is taken back takes its words along. Personal; empty once it is taken back.
alter table acts add column excerpt text not null default '';
