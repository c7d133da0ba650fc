-- Programs that wait for a person to sign them in (RFC 8628). Times are milliseconds since 1970 (UTC).

CREATE TABLE device_authorizations (
  device_code_hash TEXT PRIMARY KEY NOT NULL,
  user_code_hash TEXT NOT NULL UNIQUE,
  client_name TEXT NOT NULL,
  address TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  decision TEXT CHECK (decision IN ('approved', 'denied')),
  account_id TEXT REFERENCES accounts (id) ON DELETE CASCADE,
  session_id TEXT,
  days INTEGER,
  CHECK ((decision IS 'approved') = (account_id IS NOT NULL AND session_id IS NOT NULL AND days IS NOT NULL))
) STRICT;
CREATE INDEX device_authorizations_account ON device_authorizations (account_id) WHERE account_id IS NOT NULL;
CREATE INDEX device_authorizations_place ON device_authorizations (address, expires_at);
CREATE INDEX device_authorizations_expiry ON device_authorizations (expires_at);
