-- What people and devices say of apps that they have. Times are milliseconds since 1970 (UTC).

-- Who fetched an app in a way that shows who it was: one row for each, of the version that was fetched last.
CREATE TABLE app_holders (
  app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  account_id TEXT REFERENCES accounts (id) ON DELETE CASCADE,
  device_id TEXT REFERENCES devices (id) ON DELETE CASCADE,
  version_code INTEGER NOT NULL,
  version TEXT NOT NULL,
  fetched_at INTEGER NOT NULL,
  CHECK ((account_id IS NULL) <> (device_id IS NULL))
) STRICT;
CREATE UNIQUE INDEX app_holders_account ON app_holders (account_id, app_id) WHERE account_id IS NOT NULL;
CREATE UNIQUE INDEX app_holders_device ON app_holders (device_id, app_id) WHERE device_id IS NOT NULL;
CREATE INDEX app_holders_app ON app_holders (app_id);

CREATE TABLE app_ratings (
  id TEXT PRIMARY KEY NOT NULL,
  app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  account_id TEXT REFERENCES accounts (id) ON DELETE CASCADE,
  device_id TEXT REFERENCES devices (id) ON DELETE CASCADE,
  stars INTEGER NOT NULL CHECK (stars BETWEEN 1 AND 5),
  body TEXT NOT NULL,
  language TEXT NOT NULL,
  version_code INTEGER NOT NULL,
  version TEXT NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  answer TEXT,
  answered_by TEXT,
  answered_at INTEGER,
  hidden_at INTEGER,
  hidden_by TEXT,
  hidden_reason TEXT,
  CHECK ((account_id IS NULL) <> (device_id IS NULL))
) STRICT;
CREATE UNIQUE INDEX app_ratings_account ON app_ratings (account_id, app_id) WHERE account_id IS NOT NULL;
CREATE UNIQUE INDEX app_ratings_device ON app_ratings (device_id, app_id) WHERE device_id IS NOT NULL;
CREATE INDEX app_ratings_app ON app_ratings (app_id, id);
CREATE INDEX app_ratings_said ON app_ratings (app_id, id) WHERE hidden_at IS NULL AND body <> '';
CREATE INDEX app_ratings_language ON app_ratings (app_id, language, id) WHERE hidden_at IS NULL AND body <> '';

-- How many gave an app how many stars, without what is hidden. Kept by the triggers below, so that whatever removes a rating, such as
-- the end of an account, takes it out of the sums.
CREATE TABLE app_rating_sums (
  app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  stars INTEGER NOT NULL,
  ratings INTEGER NOT NULL,
  PRIMARY KEY (app_id, stars)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER app_ratings_added AFTER INSERT ON app_ratings WHEN new.hidden_at IS NULL BEGIN
  INSERT INTO app_rating_sums VALUES (new.app_id, new.stars, 1)
    ON CONFLICT (app_id, stars) DO UPDATE SET ratings = ratings + 1;
END;
CREATE TRIGGER app_ratings_removed AFTER DELETE ON app_ratings WHEN old.hidden_at IS NULL BEGIN
  UPDATE app_rating_sums SET ratings = ratings - 1 WHERE app_id = old.app_id AND stars = old.stars;
END;
CREATE TRIGGER app_ratings_changed AFTER UPDATE OF stars, hidden_at ON app_ratings BEGIN
  UPDATE app_rating_sums SET ratings = ratings - 1
    WHERE app_id = old.app_id AND stars = old.stars AND old.hidden_at IS NULL;
  INSERT INTO app_rating_sums SELECT new.app_id, new.stars, 1 WHERE new.hidden_at IS NULL
    ON CONFLICT (app_id, stars) DO UPDATE SET ratings = ratings + 1;
END;
