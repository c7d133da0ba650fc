-- Files that are still there, and not served any more: of apps that their audience may not see now. Times are milliseconds since 1970 (UTC).

CREATE TABLE withheld_files (
  key TEXT NOT NULL,
  app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  audience TEXT NOT NULL,
  from_timestamp INTEGER,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (key, app_id)
);
CREATE INDEX withheld_files_app ON withheld_files (app_id, audience);
