-- What a package calls the app's own language, from its upload on: its notes are in that one, and no translation of them is.
ALTER TABLE versions ADD COLUMN own_language TEXT;
