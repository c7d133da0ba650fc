-- Links that work once: for a new password, to prove an address, and to take up an invitation. A message holds no secret:
-- its link is made in the moment in which it is sent, or handed over by an administrator.

ALTER TABLE accounts ADD COLUMN email_proven_at INTEGER;

CREATE TABLE invitations (
  id TEXT PRIMARY KEY NOT NULL,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL,
  organisation_id TEXT REFERENCES organisations (id) ON DELETE CASCADE,
  role TEXT,
  store_role TEXT,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  accepted_at INTEGER,
  account_id TEXT REFERENCES accounts (id) ON DELETE SET NULL,
  revoked_at INTEGER
) STRICT;
CREATE INDEX invitations_organisation ON invitations (organisation_id, id);
CREATE INDEX invitations_address ON invitations (email_key, id);

ALTER TABLE one_time_tokens ADD COLUMN invitation_id TEXT REFERENCES invitations (id) ON DELETE CASCADE;
ALTER TABLE one_time_tokens ADD COLUMN email TEXT;
ALTER TABLE one_time_tokens ADD COLUMN mailed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX one_time_tokens_account ON one_time_tokens (account_id, purpose);
CREATE INDEX one_time_tokens_invitation ON one_time_tokens (invitation_id);

-- A message may go to somebody who has no account yet.
CREATE TABLE outbox_wider (
  id TEXT PRIMARY KEY NOT NULL,
  kind TEXT NOT NULL,
  account_id TEXT REFERENCES accounts (id) ON DELETE CASCADE,
  invitation_id TEXT REFERENCES invitations (id) ON DELETE CASCADE,
  address TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  path TEXT NOT NULL,
  link TEXT,
  created_at INTEGER NOT NULL,
  seen_at INTEGER,
  handed_over_at INTEGER,
  sent_at INTEGER,
  failure TEXT
) STRICT;
INSERT INTO outbox_wider (id, kind, account_id, address, subject, body, path, created_at, seen_at, sent_at)
  SELECT id, kind, account_id, address, subject, body, path, created_at, seen_at, sent_at FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_wider RENAME TO outbox;
CREATE INDEX outbox_account ON outbox (account_id, id);
CREATE INDEX outbox_invitation ON outbox (invitation_id);
