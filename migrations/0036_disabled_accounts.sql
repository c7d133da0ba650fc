-- Whether an account is disabled for nothing but the deletion that its person asked for: then it works again when they take
-- that back. One that somebody disabled stays disabled.

ALTER TABLE accounts ADD COLUMN disabled_for_deletion INTEGER NOT NULL DEFAULT 0;
UPDATE accounts SET disabled_for_deletion = 1
WHERE deletion_at IS NOT NULL AND deletion_asked_by = 'account:' || id;
