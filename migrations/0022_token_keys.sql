-- The keys that access tokens are signed with: each for a month, known to others before it signs and until its last token has
-- ended. Times are milliseconds since 1970 (UTC).

CREATE TABLE token_keys (
  kid TEXT PRIMARY KEY NOT NULL,
  public_key TEXT NOT NULL,
  sealed_private_key BLOB,
  created_at INTEGER NOT NULL,
  signs_from INTEGER NOT NULL,
  signed_until INTEGER,
  ended_at INTEGER
) STRICT;
