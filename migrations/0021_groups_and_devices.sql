-- Named groups of people and devices, and the devices themselves. Times are milliseconds since 1970 (UTC).

CREATE TABLE groups (
  id TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  description TEXT NOT NULL,
  revision INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX groups_name ON groups (name_key);

CREATE TABLE group_accounts (
  group_id TEXT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (group_id, account_id)
) STRICT;
CREATE INDEX group_accounts_account ON group_accounts (account_id, group_id);

CREATE TABLE devices (
  id TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  algorithm TEXT NOT NULL,
  public_key BLOB NOT NULL,
  keyid TEXT NOT NULL,
  platform TEXT NOT NULL,
  model TEXT NOT NULL,
  runtime TEXT NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  last_seen_at INTEGER,
  last_seen_address TEXT,
  revoked_at INTEGER,
  revoked_by TEXT,
  revocation_reason TEXT
) STRICT;
CREATE UNIQUE INDEX devices_key ON devices (keyid);
CREATE INDEX devices_name ON devices (name_key, id);

CREATE TABLE group_devices (
  group_id TEXT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
  device_id TEXT NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (group_id, device_id)
) STRICT;
CREATE INDEX group_devices_device ON group_devices (device_id, group_id);
