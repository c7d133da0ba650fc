-- The seal of each leaf of the log under the master key: one that somebody added to this database beside the store would be in
-- the next signed head otherwise, and count as an act of the store's.

ALTER TABLE log_leaves ADD COLUMN seal BLOB;

-- Another master key seals it anew.
DROP TRIGGER log_leaves_fixed;
CREATE TRIGGER log_leaves_fixed BEFORE UPDATE OF position, type, subject, leaf, entry, salt, recorded_at ON log_leaves
BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
