-- Who changed what: one row for each change, chained by hashes. Rows are only added; what is known of a person may be
-- taken out of one, which its hash survives.

CREATE TABLE audit_entries (
  position INTEGER PRIMARY KEY NOT NULL,
  recorded_at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  via TEXT,
  action TEXT NOT NULL,
  subject_type TEXT NOT NULL,
  subject TEXT NOT NULL,
  organisation_id TEXT,
  request_id TEXT,
  before TEXT,
  after TEXT,
  person TEXT,
  salt BLOB,
  person_sha256 TEXT,
  hash TEXT NOT NULL
) STRICT;
CREATE INDEX audit_entries_actor ON audit_entries (actor, position);
CREATE INDEX audit_entries_action ON audit_entries (action, position);
CREATE INDEX audit_entries_subject ON audit_entries (subject, position);
CREATE INDEX audit_entries_organisation ON audit_entries (organisation_id, position) WHERE organisation_id IS NOT NULL;
CREATE INDEX audit_entries_recorded ON audit_entries (recorded_at, position);

CREATE TRIGGER audit_entries_kept BEFORE DELETE ON audit_entries
BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;
CREATE TRIGGER audit_entries_fixed BEFORE UPDATE ON audit_entries
WHEN new.person IS NOT NULL OR new.salt IS NOT NULL
  OR new.position IS NOT old.position OR new.recorded_at IS NOT old.recorded_at OR new.actor IS NOT old.actor
  OR new.via IS NOT old.via OR new.action IS NOT old.action OR new.subject_type IS NOT old.subject_type
  OR new.subject IS NOT old.subject OR new.organisation_id IS NOT old.organisation_id
  OR new.request_id IS NOT old.request_id OR new.before IS NOT old.before OR new.after IS NOT old.after
  OR new.person_sha256 IS NOT old.person_sha256 OR new.hash IS NOT old.hash
BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;
