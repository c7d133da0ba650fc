-- Build jobs that may upload versions of an app without a key of their own; the identity tokens that were used, so that none
-- counts twice; and which run a version came from. Times are milliseconds since 1970 (UTC).

CREATE TABLE trusted_publishers (
  id TEXT PRIMARY KEY NOT NULL,
  app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  organisation_id TEXT NOT NULL REFERENCES organisations (id),
  issuer_id TEXT NOT NULL,
  issuer TEXT NOT NULL,
  claims TEXT NOT NULL,
  pinned TEXT,
  epoch INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER,
  stranger_told_at INTEGER,
  removed_at INTEGER
) STRICT;
CREATE UNIQUE INDEX trusted_publishers_live ON trusted_publishers (app_id, issuer_id, claims) WHERE removed_at IS NULL;
CREATE INDEX trusted_publishers_app ON trusted_publishers (app_id, id);
CREATE INDEX trusted_publishers_organisation ON trusted_publishers (organisation_id);

CREATE TABLE used_identity_tokens (
  digest TEXT PRIMARY KEY NOT NULL,
  until INTEGER NOT NULL
) STRICT;
CREATE INDEX used_identity_tokens_until ON used_identity_tokens (until);

CREATE TABLE version_runs (
  version_id TEXT PRIMARY KEY NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
  publisher_id TEXT NOT NULL,
  run TEXT NOT NULL
) STRICT;

ALTER TABLE apps ADD COLUMN trusted_only INTEGER NOT NULL DEFAULT 0;
