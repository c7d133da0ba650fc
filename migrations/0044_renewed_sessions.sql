-- From which secret a session's present one was made, and when: a browser whose answer was lost asks again with the one before.

ALTER TABLE sessions ADD COLUMN before TEXT;
ALTER TABLE sessions ADD COLUMN renewal TEXT;
ALTER TABLE sessions ADD COLUMN renewed_at INTEGER;
CREATE INDEX sessions_before ON sessions (before) WHERE before IS NOT NULL;
