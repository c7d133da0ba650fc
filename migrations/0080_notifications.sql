-- What people are told of in the portal, and which of it they do not want by mail as well.
CREATE TABLE notifications (
  id TEXT PRIMARY KEY NOT NULL,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  organisation_id TEXT,
  app_id TEXT,
  version_id TEXT,
  path TEXT NOT NULL,
  message_id TEXT,
  created_at INTEGER NOT NULL,
  read_at INTEGER,
  letter_due_at INTEGER
) STRICT;
CREATE INDEX notifications_account ON notifications (account_id, id);
CREATE INDEX notifications_unread ON notifications (account_id, id) WHERE read_at IS NULL;
CREATE INDEX notifications_created ON notifications (created_at);
CREATE INDEX notifications_due ON notifications (letter_due_at, id) WHERE letter_due_at IS NOT NULL;
CREATE INDEX notifications_waiting ON notifications (version_id) WHERE kind = 'version.waits' AND read_at IS NULL;
CREATE INDEX accounts_staff ON accounts (store_role) WHERE store_role IS NOT NULL;

CREATE TABLE muted_letters (
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  topic TEXT NOT NULL,
  PRIMARY KEY (account_id, topic)
) STRICT, WITHOUT ROWID;
