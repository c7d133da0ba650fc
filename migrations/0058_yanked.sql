-- A published version that its developers offer to nobody any more; who has it keeps it.
ALTER TABLE versions ADD COLUMN yanked_at INTEGER;
ALTER TABLE versions ADD COLUMN yanked_reason TEXT;
CREATE INDEX versions_yanked ON versions (app_id, version_code) WHERE yanked_at IS NOT NULL;
