-- A signed catalogue for each audience beside the public one, whose audience is the empty text. Nothing that is signed
-- already changes.

CREATE TABLE catalogue_audiences (
  id TEXT PRIMARY KEY NOT NULL,
  created_at INTEGER NOT NULL,
  renew_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX catalogue_audiences_renew ON catalogue_audiences (renew_at);
CREATE INDEX catalogue_audiences_expiry ON catalogue_audiences (expires_at);

CREATE TABLE tuf_metadata_new (
  audience TEXT NOT NULL,
  role TEXT NOT NULL,
  version INTEGER NOT NULL,
  body BLOB NOT NULL,
  sha256 TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  exported_at INTEGER,
  PRIMARY KEY (audience, role, version)
) STRICT;
INSERT INTO tuf_metadata_new (audience, role, version, body, sha256, expires_at, created_at, exported_at)
  SELECT '', role, version, body, sha256, expires_at, created_at, exported_at FROM tuf_metadata;
DROP TABLE tuf_metadata;
ALTER TABLE tuf_metadata_new RENAME TO tuf_metadata;
CREATE INDEX tuf_metadata_exported ON tuf_metadata (exported_at);

CREATE TABLE tuf_superseded_targets_new (
  audience TEXT NOT NULL,
  path TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  superseded_at INTEGER NOT NULL,
  PRIMARY KEY (audience, path, sha256)
) STRICT;
INSERT INTO tuf_superseded_targets_new (audience, path, sha256, superseded_at)
  SELECT '', path, sha256, superseded_at FROM tuf_superseded_targets;
DROP TABLE tuf_superseded_targets;
ALTER TABLE tuf_superseded_targets_new RENAME TO tuf_superseded_targets;
CREATE INDEX tuf_superseded_targets_at ON tuf_superseded_targets (superseded_at);

CREATE TABLE tuf_targets_new (
  audience TEXT NOT NULL,
  path TEXT NOT NULL,
  role TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  body BLOB NOT NULL,
  updated_at INTEGER NOT NULL,
  exported_at INTEGER,
  PRIMARY KEY (audience, path)
) STRICT;
INSERT INTO tuf_targets_new (audience, path, role, sha256, size_bytes, body, updated_at, exported_at)
  SELECT '', path, role, sha256, size_bytes, body, updated_at, exported_at FROM tuf_targets;
DROP TABLE tuf_targets;
ALTER TABLE tuf_targets_new RENAME TO tuf_targets;
CREATE INDEX tuf_targets_role ON tuf_targets (audience, role);
CREATE INDEX tuf_targets_exported ON tuf_targets (exported_at);
