-- Who may see an app: in which catalogues it is, was, or will be. The empty audience is everybody.

CREATE TABLE app_audiences (
  app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  channel TEXT NOT NULL,
  audience TEXT NOT NULL,
  shard INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  told_at INTEGER,
  left_at INTEGER,
  PRIMARY KEY (app_id, channel, audience)
) STRICT;
CREATE INDEX app_audiences_shard ON app_audiences (audience, channel, shard, app_id) WHERE told_at IS NOT NULL AND left_at IS NULL;
CREATE INDEX app_audiences_app ON app_audiences (audience, channel, app_id) WHERE told_at IS NOT NULL AND left_at IS NULL;

-- Until now everybody could see what was published.
INSERT INTO app_audiences (app_id, channel, audience, shard, created_at, told_at, left_at)
  SELECT id, 'stable', '', catalogue_shard, created_at, published_at, NULL FROM apps;

ALTER TABLE apps ADD COLUMN public_at INTEGER;
UPDATE apps SET public_at = published_at;
DROP INDEX apps_published;
CREATE INDEX apps_published ON apps (published_at) WHERE public_at IS NOT NULL;
DROP INDEX apps_public;
CREATE INDEX apps_public ON apps (organisation_id) WHERE public_at IS NOT NULL;
