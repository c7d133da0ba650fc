-- Administrators look organisations up by the beginning of their names, however those are written.
CREATE INDEX organisations_by_name ON organisations (name COLLATE NOCASE, id);
