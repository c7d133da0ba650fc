-- The store's own keys: who holds each, which key signs which role of the catalogue, and changes that wait for
-- signatures from another machine.

CREATE TABLE signing_keys_new (
  name TEXT PRIMARY KEY NOT NULL,
  keyid TEXT NOT NULL,
  algorithm TEXT NOT NULL,
  public_key BLOB NOT NULL,
  holder TEXT NOT NULL,
  command TEXT,
  sealed_private_key BLOB,
  created_at INTEGER NOT NULL,
  retired_at INTEGER
) STRICT;
INSERT INTO signing_keys_new (name, keyid, algorithm, public_key, holder, sealed_private_key, created_at)
  SELECT name, keyid, algorithm, public_key, 'here', sealed_private_key, created_at FROM signing_keys;
DROP TABLE signing_keys;
ALTER TABLE signing_keys_new RENAME TO signing_keys;
CREATE UNIQUE INDEX signing_keys_keyid ON signing_keys (keyid);

CREATE TABLE tuf_roles (
  role TEXT PRIMARY KEY NOT NULL,
  threshold INTEGER NOT NULL
) STRICT;

CREATE TABLE tuf_role_keys (
  role TEXT NOT NULL REFERENCES tuf_roles (role),
  key_name TEXT NOT NULL REFERENCES signing_keys (name),
  position INTEGER NOT NULL,
  PRIMARY KEY (role, key_name)
) STRICT;

-- A store of before had one fixed table of them.
INSERT INTO tuf_roles (role, threshold)
  SELECT column1, 1 FROM (VALUES ('root'), ('targets'), ('revocations'), ('apps'), ('bins'), ('snapshot'), ('timestamp'))
  WHERE EXISTS (SELECT 1 FROM signing_keys);
INSERT INTO tuf_role_keys (role, key_name, position)
  SELECT CASE WHEN name IN ('tuf-root-1', 'tuf-root-2') THEN 'root' ELSE substr(name, 5) END, name,
    CASE name WHEN 'tuf-root-2' THEN 1 ELSE 0 END
  FROM signing_keys WHERE name LIKE 'tuf-%';

CREATE TABLE key_changes (
  position INTEGER PRIMARY KEY NOT NULL,
  change TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE key_requests (
  id TEXT PRIMARY KEY NOT NULL,
  body BLOB NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

ALTER TABLE store_certificates ADD COLUMN distrusted_at INTEGER;
