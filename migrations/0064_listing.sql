-- An app that stands in no list of the store, and one that its developers advise against.
ALTER TABLE apps ADD COLUMN unlisted_at INTEGER;
ALTER TABLE apps ADD COLUMN deprecated_at INTEGER;
ALTER TABLE apps ADD COLUMN deprecated_text TEXT;
ALTER TABLE apps ADD COLUMN deprecated_instead TEXT;
CREATE INDEX apps_instead ON apps (deprecated_instead, id) WHERE deprecated_instead IS NOT NULL;
