-- The time zone in which times are told to a person; null: the store's.
ALTER TABLE accounts ADD COLUMN time_zone TEXT;
