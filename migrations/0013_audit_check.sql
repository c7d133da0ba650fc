-- What is held against the audit log: its newest entry, kept beside it, and what the last whole computation of its hashes
-- found. Times are milliseconds since 1970 (UTC).

CREATE INDEX audit_entries_request ON audit_entries (request_id, recorded_at, position) WHERE request_id IS NOT NULL;

CREATE TABLE audit_head (
  id INTEGER PRIMARY KEY NOT NULL,
  size INTEGER NOT NULL,
  hash TEXT NOT NULL
) STRICT;
INSERT INTO audit_head (id, size, hash) VALUES (
  1,
  coalesce((SELECT max(position) + 1 FROM audit_entries), 0),
  coalesce((SELECT hash FROM audit_entries ORDER BY position DESC LIMIT 1), printf('%064d', 0))
);

-- An entry that does not go on from the newest one, since entries were lost, leaves the head where it was: from then on
-- every check finds that.
CREATE TRIGGER audit_entries_followed AFTER INSERT ON audit_entries
WHEN new.position = 0 OR EXISTS (
  SELECT 1 FROM audit_head, audit_entries AS before
  WHERE before.position = new.position - 1 AND before.hash = audit_head.hash
)
BEGIN
  UPDATE audit_head SET size = new.position + 1, hash = new.hash WHERE size = new.position;
END;
CREATE TRIGGER audit_head_kept BEFORE DELETE ON audit_head
BEGIN SELECT RAISE(ABORT, 'the head of the audit log is kept'); END;
CREATE TRIGGER audit_head_grows BEFORE UPDATE ON audit_head
WHEN new.id IS NOT old.id OR new.size IS NOT old.size + 1
BEGIN SELECT RAISE(ABORT, 'the head of the audit log only grows'); END;

CREATE TABLE audit_check (
  id INTEGER PRIMARY KEY NOT NULL,
  checked_at INTEGER NOT NULL,
  size INTEGER NOT NULL,
  hash TEXT NOT NULL,
  fault_position INTEGER,
  damage TEXT
) STRICT;
