-- A row that stands in place of another takes that away without the triggers for it (INSERT OR REPLACE): such a row is refused.
CREATE TRIGGER audit_entries_new BEFORE INSERT ON audit_entries
WHEN EXISTS (SELECT 1 FROM audit_entries WHERE position = new.position)
BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;
CREATE TRIGGER audit_head_one BEFORE INSERT ON audit_head
WHEN EXISTS (SELECT 1 FROM audit_head)
BEGIN SELECT RAISE(ABORT, 'the head of the audit log is kept'); END;
CREATE TRIGGER log_leaves_new BEFORE INSERT ON log_leaves
WHEN EXISTS (SELECT 1 FROM log_leaves WHERE position = new.position)
BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
CREATE TRIGGER log_nodes_new BEFORE INSERT ON log_nodes
WHEN EXISTS (SELECT 1 FROM log_nodes WHERE level = new.level AND position = new.position)
BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
