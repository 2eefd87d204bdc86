-- Answers say for themselves how long they are known.
drop index stored_saves_by_age;
