-- Collections of apps that an administrator makes, and which apps are in them, in which order. Times are milliseconds since 1970 (UTC).

CREATE TABLE collections (
  id TEXT PRIMARY KEY NOT NULL,
  names TEXT NOT NULL,
  descriptions TEXT NOT NULL,
  position INTEGER NOT NULL,
  published INTEGER NOT NULL,
  shown_from INTEGER,
  shown_until INTEGER,
  revision INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE collection_apps (
  collection_id TEXT NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
  app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  PRIMARY KEY (collection_id, app_id)
) STRICT;
CREATE INDEX collection_apps_place ON collection_apps (collection_id, position, app_id);
CREATE INDEX collection_apps_app ON collection_apps (app_id);

-- The apps that stand first of all are one that every store has.
INSERT INTO collections (id, names, descriptions, position, published, revision, created_by, created_at)
VALUES ('featured', '{"ar":"تطبيقات مختارة","de":"Empfohlen","en":"Featured"}', '{}', 0, 1, 1, 'system', 0);
