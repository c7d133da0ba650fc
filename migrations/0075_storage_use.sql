-- What takes how much room, as a job counts it once a day.
CREATE TABLE storage_counts (
  id INTEGER PRIMARY KEY NOT NULL,
  counted_at INTEGER NOT NULL
) STRICT;

CREATE TABLE storage_kinds (
  kind TEXT PRIMARY KEY NOT NULL,
  files INTEGER NOT NULL,
  size_bytes INTEGER NOT NULL
) STRICT;

CREATE TABLE storage_apps (
  app_id TEXT PRIMARY KEY NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  versions INTEGER NOT NULL,
  packages_bytes INTEGER NOT NULL,
  deltas_bytes INTEGER NOT NULL,
  pictures_bytes INTEGER NOT NULL,
  total_bytes INTEGER NOT NULL
) STRICT;
CREATE INDEX storage_apps_total ON storage_apps (total_bytes, app_id);
