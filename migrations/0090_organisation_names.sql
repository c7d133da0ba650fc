-- Names that look alike are found by an index, whatever there are. What SQL cannot make of a name, the program does in this
-- migration's transaction.
CREATE TABLE organisation_names (
  organisation_id TEXT PRIMARY KEY NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
  plain_key TEXT NOT NULL,
  drawn_key TEXT NOT NULL
);
CREATE INDEX organisation_names_plain ON organisation_names (plain_key);
CREATE INDEX organisation_names_drawn ON organisation_names (drawn_key);
-- How many somebody has made says the audit log.
CREATE INDEX audit_entries_founded ON audit_entries (actor) WHERE action = 'organisation.created';
