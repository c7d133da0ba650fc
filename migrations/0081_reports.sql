-- What people report of apps and of what others said of them. Times are milliseconds since 1970 (UTC).
CREATE TABLE reports (
  id TEXT PRIMARY KEY NOT NULL,
  app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  rating_id TEXT REFERENCES app_ratings (id) ON DELETE CASCADE,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  reason TEXT NOT NULL,
  body TEXT NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  closed_at INTEGER,
  closed_by TEXT,
  outcome TEXT
) STRICT;
CREATE UNIQUE INDEX reports_own ON reports (account_id, app_id, coalesce(rating_id, '')) WHERE closed_at IS NULL;
CREATE INDEX reports_account ON reports (account_id, id);
CREATE INDEX reports_open ON reports (id) WHERE closed_at IS NULL;
CREATE INDEX reports_closed ON reports (id) WHERE closed_at IS NOT NULL;
CREATE INDEX reports_rating ON reports (rating_id) WHERE rating_id IS NOT NULL;
CREATE INDEX reports_app ON reports (app_id);
