-- Second factors: authenticator apps, passkeys and recovery codes; the step of signing in between the password and them;
-- and when a session last showed that it is the person. Times are milliseconds since 1970 (UTC).

CREATE TABLE factors (
  id TEXT PRIMARY KEY NOT NULL,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER,
  sealed_secret BLOB,
  last_step INTEGER,
  credential_id TEXT,
  public_key BLOB,
  sign_count INTEGER,
  transports TEXT,
  rp_id TEXT
) STRICT;
CREATE INDEX factors_account ON factors (account_id, id);
CREATE UNIQUE INDEX factors_credential ON factors (credential_id);

CREATE TABLE recovery_codes (
  hash TEXT PRIMARY KEY NOT NULL,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT;
CREATE INDEX recovery_codes_account ON recovery_codes (account_id);

CREATE TABLE pending_sign_ins (
  hash TEXT PRIMARY KEY NOT NULL,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  first_factor TEXT NOT NULL,
  next TEXT,
  flash TEXT,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX pending_sign_ins_account ON pending_sign_ins (account_id);
CREATE INDEX pending_sign_ins_expiry ON pending_sign_ins (expires_at);

ALTER TABLE sessions ADD COLUMN proved_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN renew INTEGER NOT NULL DEFAULT 0;
UPDATE sessions SET proved_at = created_at;
