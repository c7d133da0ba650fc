-- Browsers that somebody was signed in with: their sign-ins wait for nobody else's guesses.

CREATE TABLE known_browsers (
  id TEXT PRIMARY KEY NOT NULL,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  secret_hash TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  address TEXT NOT NULL,
  user_agent TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX known_browsers_secret ON known_browsers (secret_hash, account_id);
CREATE INDEX known_browsers_account ON known_browsers (account_id, seen_at);
CREATE INDEX known_browsers_expiry ON known_browsers (expires_at);
