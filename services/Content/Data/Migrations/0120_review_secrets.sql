-- SHA-256 of what a guest takes their comment back with; null: a person said it, or it is older than this.
alter table review_comments add column secret_hash bytea;
