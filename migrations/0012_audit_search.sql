-- The audit log is gone through by time: what somebody asks for is a stretch of it, of one person, thing or kind.

DROP INDEX audit_entries_actor;
DROP INDEX audit_entries_action;
DROP INDEX audit_entries_subject;
DROP INDEX audit_entries_organisation;
CREATE INDEX audit_entries_actor ON audit_entries (actor, recorded_at, position);
CREATE INDEX audit_entries_action ON audit_entries (action, recorded_at, position);
CREATE INDEX audit_entries_subject ON audit_entries (subject, recorded_at, position);
CREATE INDEX audit_entries_organisation ON audit_entries (organisation_id, recorded_at, position)
WHERE organisation_id IS NOT NULL;
