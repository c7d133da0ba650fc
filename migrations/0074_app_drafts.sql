-- What somebody has filled in of an app that they have not created yet, and by what ids are found that look like another.
CREATE TABLE app_drafts (
  account_id TEXT PRIMARY KEY NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  fields TEXT NOT NULL,
  step TEXT NOT NULL,
  saved_at INTEGER NOT NULL
) STRICT;
CREATE INDEX app_drafts_saved ON app_drafts (saved_at, account_id);

CREATE TABLE app_id_keys (
  key TEXT NOT NULL,
  app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  PRIMARY KEY (key, app_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX app_id_keys_app ON app_id_keys (app_id);
