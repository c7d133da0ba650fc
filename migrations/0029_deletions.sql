-- Accounts that are to be deleted: when, and who asked. Times are milliseconds since 1970 (UTC).

ALTER TABLE accounts ADD COLUMN deletion_at INTEGER;
ALTER TABLE accounts ADD COLUMN deletion_asked_by TEXT;
CREATE INDEX accounts_deletion ON accounts (deletion_at) WHERE deletion_at IS NOT NULL;
CREATE INDEX invitations_account ON invitations (account_id) WHERE account_id IS NOT NULL;
