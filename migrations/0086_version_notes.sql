-- What is new in versions, in other languages than the one that versions.notes is in.

CREATE TABLE version_notes (
  version_id TEXT NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
  locale TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (version_id, locale)
) STRICT;
