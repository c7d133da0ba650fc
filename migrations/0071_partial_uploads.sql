-- Files that come in parts over several connections, until they are a version, are discarded, or their time is over.
CREATE TABLE partial_uploads (
  id TEXT PRIMARY KEY NOT NULL,
  owner TEXT NOT NULL,
  account_id TEXT REFERENCES accounts (id) ON DELETE CASCADE,
  file_name TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX partial_uploads_owner ON partial_uploads (owner, id);
CREATE INDEX partial_uploads_account ON partial_uploads (account_id);
CREATE INDEX partial_uploads_ending ON partial_uploads (expires_at, id);
