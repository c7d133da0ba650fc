-- What became of sending a message by mail: since when it fails, and why it is not tried any more. Times are milliseconds
-- since 1970 (UTC).

ALTER TABLE outbox ADD COLUMN failing_since INTEGER;
ALTER TABLE outbox ADD COLUMN ended TEXT;
CREATE INDEX outbox_unsent ON outbox (created_at, id) WHERE sent_at IS NULL AND ended IS NULL;
CREATE INDEX outbox_failing ON outbox (failing_since) WHERE failing_since IS NOT NULL;
