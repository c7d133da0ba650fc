-- API keys that are narrowed to actions and apps, whose secret can be replaced, and that end with the key that made them.
-- Times are milliseconds since 1970 (UTC).

ALTER TABLE api_keys ADD COLUMN actions TEXT;
ALTER TABLE api_keys ADD COLUMN apps TEXT;
ALTER TABLE api_keys ADD COLUMN made_with TEXT REFERENCES api_keys (id) ON DELETE SET NULL;
ALTER TABLE api_keys ADD COLUMN previous_until INTEGER;
ALTER TABLE api_keys ADD COLUMN last_used_address TEXT;
ALTER TABLE api_keys ADD COLUMN leaked_at INTEGER;
ALTER TABLE api_keys ADD COLUMN end_told_at INTEGER;

CREATE TABLE api_key_past_secrets (
  hash TEXT PRIMARY KEY NOT NULL,
  key_id TEXT NOT NULL REFERENCES api_keys (id) ON DELETE CASCADE,
  until INTEGER NOT NULL,
  replaced_with TEXT REFERENCES api_keys (id) ON DELETE SET NULL
) STRICT;
CREATE INDEX api_key_past_secrets_key ON api_key_past_secrets (key_id);
CREATE INDEX api_key_past_secrets_with ON api_key_past_secrets (replaced_with) WHERE replaced_with IS NOT NULL;

CREATE INDEX api_keys_made_with ON api_keys (made_with) WHERE made_with IS NOT NULL;
CREATE INDEX api_keys_ending ON api_keys (expires_at) WHERE revoked_at IS NULL AND end_told_at IS NULL;
