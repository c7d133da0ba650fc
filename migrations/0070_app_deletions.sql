-- Published apps that are being deleted, and what stays of those that were: the id, and which packages were theirs.
ALTER TABLE apps ADD COLUMN deletion_at INTEGER;
ALTER TABLE apps ADD COLUMN removed_at INTEGER;
CREATE INDEX apps_deletion ON apps (organisation_id, id) WHERE deletion_at IS NOT NULL AND removed_at IS NULL;
CREATE INDEX apps_deletions ON apps (id) WHERE deletion_at IS NOT NULL AND removed_at IS NULL;

CREATE TABLE app_deletions (
  app_id TEXT PRIMARY KEY NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  asked_by TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  reason TEXT NOT NULL,
  ends_at INTEGER NOT NULL,
  public_at INTEGER,
  sealed BLOB NOT NULL
) STRICT;
CREATE INDEX app_deletions_ending ON app_deletions (ends_at, app_id);

CREATE TABLE app_deletion_audiences (
  app_id TEXT NOT NULL REFERENCES app_deletions (app_id) ON DELETE CASCADE,
  audience TEXT NOT NULL,
  PRIMARY KEY (app_id, audience)
) STRICT;
CREATE INDEX app_deletion_audiences_audience ON app_deletion_audiences (audience);

CREATE TABLE removed_versions (
  content_digest TEXT NOT NULL,
  app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  version_code INTEGER NOT NULL,
  version TEXT NOT NULL,
  published_at INTEGER NOT NULL,
  PRIMARY KEY (content_digest, app_id)
) STRICT;
