-- Delta and compact full containers of published versions: those that are offered, and what was made and not worth it.

CREATE TABLE deltas (
  version_id TEXT NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
  base TEXT NOT NULL,
  sha256 TEXT,
  size_bytes INTEGER NOT NULL,
  made_at INTEGER NOT NULL,
  PRIMARY KEY (version_id, base)
) STRICT;
CREATE INDEX deltas_sha256 ON deltas (sha256);
