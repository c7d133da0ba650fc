-- The tables of the first full run. Times are milliseconds since 1970 (UTC).

CREATE TABLE accounts (
  id TEXT PRIMARY KEY NOT NULL,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL,
  name TEXT NOT NULL,
  password_hash TEXT,
  store_role TEXT,
  created_at INTEGER NOT NULL,
  disabled_at INTEGER
) STRICT;
CREATE UNIQUE INDEX accounts_email_key ON accounts (email_key);

CREATE TABLE api_keys (
  id TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  secret_hash TEXT NOT NULL,
  organisation_id TEXT REFERENCES organisations (id) ON DELETE CASCADE,
  account_id TEXT REFERENCES accounts (id) ON DELETE CASCADE,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  last_used_at INTEGER,
  revoked_at INTEGER
) STRICT;
CREATE INDEX api_keys_organisation ON api_keys (organisation_id);
CREATE INDEX api_keys_account ON api_keys (account_id);

CREATE TABLE apps (
  id TEXT PRIMARY KEY NOT NULL,
  organisation_id TEXT NOT NULL REFERENCES organisations (id),
  name TEXT NOT NULL,
  summary TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  published_at INTEGER,
  catalogue_shard INTEGER NOT NULL,
  revision INTEGER NOT NULL
) STRICT;
CREATE INDEX apps_shard ON apps (catalogue_shard);
CREATE INDEX apps_organisation ON apps (organisation_id, id);
CREATE INDEX apps_published ON apps (published_at);

CREATE TABLE blobs (
  key TEXT PRIMARY KEY NOT NULL,
  sha256 TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE check_results (
  version_id TEXT NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  check_version TEXT NOT NULL,
  verdict TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (version_id, name)
) STRICT;

CREATE TABLE cron_entries (
  kind TEXT PRIMARY KEY NOT NULL,
  schedule TEXT NOT NULL,
  next_run_at INTEGER NOT NULL,
  last_run_at INTEGER
) STRICT;

CREATE TABLE developer_certificates (
  serial TEXT PRIMARY KEY NOT NULL,
  keyid TEXT NOT NULL REFERENCES developer_keys (keyid),
  der BLOB NOT NULL,
  not_before INTEGER NOT NULL,
  not_after INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX developer_certificates_key ON developer_certificates (keyid);

CREATE TABLE developer_keys (
  keyid TEXT PRIMARY KEY NOT NULL,
  organisation_id TEXT NOT NULL REFERENCES organisations (id),
  algorithm TEXT NOT NULL,
  enrolled_by TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX developer_keys_organisation ON developer_keys (organisation_id);

CREATE TABLE findings (
  version_id TEXT NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  check_name TEXT NOT NULL,
  code TEXT NOT NULL,
  severity TEXT NOT NULL,
  message TEXT NOT NULL,
  entry TEXT,
  byte_offset INTEGER,
  pointer TEXT,
  found TEXT,
  expected TEXT,
  PRIMARY KEY (version_id, position)
) STRICT;

CREATE TABLE idempotency_keys (
  actor TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  resource_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (actor, key)
) STRICT;
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);

CREATE TABLE jobs (
  id TEXT PRIMARY KEY NOT NULL,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  payload TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  interruptions INTEGER NOT NULL,
  max_attempts INTEGER NOT NULL,
  run_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  finished_at INTEGER,
  last_error TEXT
) STRICT;
CREATE INDEX jobs_ready ON jobs (state, run_at);
CREATE INDEX jobs_key ON jobs (kind, key, state);
CREATE UNIQUE INDEX jobs_running_key ON jobs (kind, key) WHERE state = 'running';

CREATE TABLE key_lineage (
  app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  keyid TEXT NOT NULL REFERENCES developer_keys (keyid),
  position INTEGER NOT NULL,
  added_at INTEGER NOT NULL,
  PRIMARY KEY (app_id, keyid)
) STRICT;

CREATE TABLE memberships (
  organisation_id TEXT NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  role TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (organisation_id, account_id)
) STRICT;
CREATE INDEX memberships_account ON memberships (account_id);

CREATE TABLE one_time_tokens (
  hash TEXT PRIMARY KEY NOT NULL,
  purpose TEXT NOT NULL,
  account_id TEXT REFERENCES accounts (id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT;

CREATE TABLE organisations (
  id TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE reviews (
  id TEXT PRIMARY KEY NOT NULL,
  version_id TEXT NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
  decision TEXT NOT NULL,
  reason TEXT NOT NULL,
  reviewer TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX reviews_version ON reviews (version_id);

CREATE TABLE sessions (
  id TEXT PRIMARY KEY NOT NULL,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  expires_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  address TEXT NOT NULL,
  user_agent TEXT NOT NULL
) STRICT;
CREATE INDEX sessions_account ON sessions (account_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE settings (
  name TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE signing_keys (
  name TEXT PRIMARY KEY NOT NULL,
  keyid TEXT NOT NULL,
  algorithm TEXT NOT NULL,
  public_key BLOB NOT NULL,
  sealed_private_key BLOB NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE store_certificates (
  serial TEXT PRIMARY KEY NOT NULL,
  kind TEXT NOT NULL,
  key_name TEXT NOT NULL REFERENCES signing_keys (name),
  der BLOB NOT NULL,
  not_before INTEGER NOT NULL,
  not_after INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE tuf_metadata (
  role TEXT NOT NULL,
  version INTEGER NOT NULL,
  body BLOB NOT NULL,
  sha256 TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  exported_at INTEGER,
  PRIMARY KEY (role, version)
) STRICT;
CREATE INDEX tuf_metadata_exported ON tuf_metadata (exported_at);

CREATE TABLE tuf_superseded_targets (
  path TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  superseded_at INTEGER NOT NULL,
  PRIMARY KEY (path, sha256)
) STRICT;
CREATE INDEX tuf_superseded_targets_at ON tuf_superseded_targets (superseded_at);

CREATE TABLE tuf_targets (
  path TEXT PRIMARY KEY NOT NULL,
  role TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  body BLOB NOT NULL,
  updated_at INTEGER NOT NULL,
  exported_at INTEGER
) STRICT;
CREATE INDEX tuf_targets_role ON tuf_targets (role);
CREATE INDEX tuf_targets_exported ON tuf_targets (exported_at);

CREATE TABLE version_events (
  id TEXT PRIMARY KEY NOT NULL,
  version_id TEXT NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
  from_state TEXT,
  to_state TEXT NOT NULL,
  actor TEXT NOT NULL,
  note TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX version_events_version ON version_events (version_id, id);

CREATE TABLE version_pictures (
  version_id TEXT NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  position INTEGER NOT NULL,
  width_px INTEGER NOT NULL,
  height_px INTEGER NOT NULL,
  blob_key TEXT NOT NULL REFERENCES blobs (key),
  PRIMARY KEY (version_id, kind, position)
) STRICT;
CREATE INDEX version_pictures_blob ON version_pictures (blob_key);

CREATE TABLE versions (
  id TEXT PRIMARY KEY NOT NULL,
  app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  version_code INTEGER NOT NULL,
  version TEXT NOT NULL,
  state TEXT NOT NULL,
  state_changed_at INTEGER NOT NULL,
  manifest TEXT,
  content_digest TEXT,
  upload_sha256 TEXT NOT NULL,
  upload_size_bytes INTEGER NOT NULL,
  developer_keyid TEXT,
  notes TEXT NOT NULL,
  hold INTEGER NOT NULL,
  uploaded_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  submitted_at INTEGER,
  approved_at INTEGER,
  published_at INTEGER,
  released_sha256 TEXT,
  released_size_bytes INTEGER,
  revision INTEGER NOT NULL
) STRICT;
CREATE INDEX versions_app ON versions (app_id, id);
CREATE INDEX versions_state ON versions (state, submitted_at);
CREATE INDEX versions_upload ON versions (upload_sha256);
CREATE INDEX versions_released ON versions (released_sha256);
CREATE INDEX versions_published ON versions (app_id, version_code) WHERE published_at IS NOT NULL;
CREATE UNIQUE INDEX versions_live_code ON versions (app_id, version_code) WHERE state NOT IN ('failed', 'rejected', 'withdrawn');
