-- Codes with which devices enrol, and what devices have signed to get their tokens. Times are milliseconds since 1970 (UTC).

CREATE TABLE enrolment_codes (
  id TEXT PRIMARY KEY NOT NULL,
  label TEXT NOT NULL,
  code_hash TEXT NOT NULL,
  most_uses INTEGER NOT NULL,
  uses INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  revoked_at INTEGER,
  revoked_by TEXT
) STRICT;
CREATE UNIQUE INDEX enrolment_codes_hash ON enrolment_codes (code_hash);
CREATE INDEX enrolment_codes_live ON enrolment_codes (expires_at) WHERE revoked_at IS NULL;

CREATE TABLE enrolment_code_groups (
  code_id TEXT NOT NULL REFERENCES enrolment_codes (id) ON DELETE CASCADE,
  group_id TEXT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
  PRIMARY KEY (code_id, group_id)
) STRICT;
CREATE INDEX enrolment_code_groups_group ON enrolment_code_groups (group_id);

ALTER TABLE devices ADD COLUMN code_id TEXT REFERENCES enrolment_codes (id) ON DELETE SET NULL;
ALTER TABLE devices ADD COLUMN last_token_at INTEGER;
CREATE INDEX devices_code ON devices (code_id, id) WHERE code_id IS NOT NULL;

CREATE TABLE device_assertions (
  device_id TEXT NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
  jti TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (device_id, jti)
) STRICT;
