-- Pictures are never shown as they came: of each a few sizes are made, by a job. What came before is made by it as well.

CREATE TABLE picture_sources (
  blob_key TEXT NOT NULL REFERENCES blobs (key) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  made_at INTEGER,
  fault TEXT,
  PRIMARY KEY (blob_key, kind)
) STRICT;
CREATE INDEX picture_sources_waiting ON picture_sources (blob_key, kind) WHERE made_at IS NULL;

CREATE TABLE picture_sizes (
  source_key TEXT NOT NULL REFERENCES blobs (key) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  size TEXT NOT NULL,
  width_px INTEGER NOT NULL,
  height_px INTEGER NOT NULL,
  blob_key TEXT NOT NULL REFERENCES blobs (key),
  PRIMARY KEY (source_key, kind, size)
) STRICT;
CREATE INDEX picture_sizes_blob ON picture_sizes (blob_key);

INSERT INTO picture_sources (blob_key, kind)
SELECT DISTINCT blob_key, kind FROM version_pictures WHERE kind = 'screenshot' OR width_px = 512;
