-- Pictures that an app's people put into its listing, in place of those of its packages.
CREATE TABLE listing_pictures (
  id TEXT PRIMARY KEY NOT NULL,
  app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  position INTEGER NOT NULL,
  blob_key TEXT NOT NULL REFERENCES blobs (key),
  locale TEXT,
  alts TEXT NOT NULL,
  width_px INTEGER NOT NULL,
  height_px INTEGER NOT NULL,
  size_bytes INTEGER NOT NULL,
  added_by TEXT NOT NULL,
  added_at INTEGER NOT NULL
) STRICT;
CREATE INDEX listing_pictures_app ON listing_pictures (app_id, kind, position);
CREATE INDEX listing_pictures_blob ON listing_pictures (blob_key);

CREATE TABLE listing_picture_sets (
  app_id TEXT PRIMARY KEY NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  revision INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
