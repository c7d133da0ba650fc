-- The language that a person reads pages in; null: as their browser asks for.
ALTER TABLE accounts ADD COLUMN language TEXT;
