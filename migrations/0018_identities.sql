-- Who people are at outside providers: one row for each account there that signs in to an account here.

CREATE TABLE identities (
  id TEXT PRIMARY KEY NOT NULL,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  provider TEXT NOT NULL,
  subject TEXT NOT NULL,
  email TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX identities_subject ON identities (provider, subject);
CREATE UNIQUE INDEX identities_account ON identities (account_id, provider);
