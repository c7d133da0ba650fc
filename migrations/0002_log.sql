-- The store's log: leaves, the tree over them, and the heads that were signed. Nothing of it is ever changed.

CREATE TABLE log_leaves (
  position INTEGER PRIMARY KEY NOT NULL,
  type TEXT NOT NULL,
  subject TEXT NOT NULL,
  leaf BLOB NOT NULL,
  entry TEXT NOT NULL,
  salt BLOB,
  recorded_at INTEGER NOT NULL
) STRICT;
CREATE INDEX log_leaves_subject ON log_leaves (subject, type, position);

CREATE TABLE log_nodes (
  level INTEGER NOT NULL,
  position INTEGER NOT NULL,
  hash BLOB NOT NULL,
  PRIMARY KEY (level, position)
) STRICT;

CREATE TABLE log_heads (
  size INTEGER PRIMARY KEY NOT NULL,
  root_hash TEXT NOT NULL,
  signed_at INTEGER NOT NULL,
  exported_at INTEGER,
  pruned_at INTEGER
) STRICT;
CREATE INDEX log_heads_exported ON log_heads (exported_at);
CREATE INDEX log_heads_pruned ON log_heads (pruned_at, size);

CREATE TRIGGER log_leaves_kept BEFORE DELETE ON log_leaves BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
CREATE TRIGGER log_leaves_fixed BEFORE UPDATE ON log_leaves BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
CREATE TRIGGER log_nodes_kept BEFORE DELETE ON log_nodes BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
CREATE TRIGGER log_nodes_fixed BEFORE UPDATE ON log_nodes BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;

-- Whether an organisation has anything public, which its keys' leaves depend on.
CREATE INDEX apps_public ON apps (organisation_id) WHERE published_at IS NOT NULL;
