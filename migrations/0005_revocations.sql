-- What is revoked, the lowest versions that are allowed, what was done about either and when, and the lists of revoked
-- certificates. And who signed a version, so that what a revocation names can be found.

CREATE TABLE revocations (
  subject TEXT NOT NULL,
  target TEXT NOT NULL,
  action TEXT NOT NULL,
  reason TEXT NOT NULL,
  approvals_until INTEGER,
  revoked_at INTEGER NOT NULL,
  revoked_by TEXT NOT NULL,
  PRIMARY KEY (subject, target)
) STRICT;
CREATE INDEX revocations_at ON revocations (revoked_at, subject, target);

CREATE TABLE lowest_versions (
  app_id TEXT PRIMARY KEY NOT NULL,
  version_code INTEGER NOT NULL,
  reason TEXT NOT NULL,
  set_at INTEGER NOT NULL,
  set_by TEXT NOT NULL
) STRICT;

CREATE TABLE revocation_events (
  id TEXT PRIMARY KEY NOT NULL,
  act TEXT NOT NULL,
  subject TEXT NOT NULL,
  target TEXT NOT NULL,
  version_code INTEGER,
  approvals_until INTEGER,
  reason TEXT NOT NULL,
  actor TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX revocation_events_target ON revocation_events (subject, target, id);

CREATE TABLE crls (
  issuer_keyid TEXT PRIMARY KEY NOT NULL,
  number INTEGER NOT NULL,
  der BLOB NOT NULL,
  content_sha256 TEXT NOT NULL,
  this_update INTEGER NOT NULL,
  next_update INTEGER NOT NULL,
  exported_at INTEGER
) STRICT;

ALTER TABLE developer_certificates ADD COLUMN sha256 TEXT;
CREATE INDEX developer_certificates_sha256 ON developer_certificates (sha256);

ALTER TABLE versions ADD COLUMN developer_certificate TEXT;
ALTER TABLE versions ADD COLUMN release_keyid TEXT;
ALTER TABLE versions ADD COLUMN release_certificate TEXT;
CREATE INDEX versions_content ON versions (content_digest);
CREATE INDEX versions_developer_key ON versions (developer_keyid, id);
CREATE INDEX versions_developer_certificate ON versions (developer_certificate, id);
CREATE INDEX versions_release_key ON versions (release_keyid, id);
CREATE INDEX versions_release_certificate ON versions (release_certificate, id);
