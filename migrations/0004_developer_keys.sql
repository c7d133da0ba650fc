-- Lineages with their statements, recoveries of lost keys, and messages to people. Times are milliseconds since 1970 (UTC).

ALTER TABLE key_lineage ADD COLUMN addition BLOB;
ALTER TABLE key_lineage ADD COLUMN store_statement BLOB;
ALTER TABLE key_lineage ADD COLUMN authorised_by TEXT;
ALTER TABLE key_lineage ADD COLUMN lost_at INTEGER;
CREATE INDEX key_lineage_key ON key_lineage (keyid);

CREATE TABLE key_recoveries (
  id TEXT PRIMARY KEY NOT NULL,
  organisation_id TEXT NOT NULL REFERENCES organisations (id),
  keyid TEXT NOT NULL REFERENCES developer_keys (keyid),
  reason TEXT NOT NULL,
  state TEXT NOT NULL,
  requested_by TEXT NOT NULL,
  requested_at INTEGER NOT NULL,
  waiting_until INTEGER NOT NULL,
  owners_told INTEGER NOT NULL,
  decided_by TEXT,
  decided_at INTEGER,
  decision_reason TEXT,
  revision INTEGER NOT NULL
) STRICT;
CREATE INDEX key_recoveries_organisation ON key_recoveries (organisation_id, id);
CREATE INDEX key_recoveries_state ON key_recoveries (state, id);

CREATE TABLE key_recovery_apps (
  recovery_id TEXT NOT NULL REFERENCES key_recoveries (id) ON DELETE CASCADE,
  app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  lineage_keys INTEGER NOT NULL,
  PRIMARY KEY (recovery_id, app_id)
) STRICT;

CREATE TABLE outbox (
  id TEXT PRIMARY KEY NOT NULL,
  kind TEXT NOT NULL,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  address TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  path TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  seen_at INTEGER,
  sent_at INTEGER
) STRICT;
CREATE INDEX outbox_account ON outbox (account_id, id);
