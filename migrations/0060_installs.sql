-- How often devices fetched an app: by day, and in all. Nothing in it tells of a device or a person. Days are those since 1970 (UTC).

CREATE TABLE app_fetches (
  app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  day INTEGER NOT NULL,
  whole INTEGER NOT NULL,
  updates INTEGER NOT NULL,
  PRIMARY KEY (app_id, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX app_fetches_day ON app_fetches (day);

ALTER TABLE apps ADD COLUMN installs INTEGER NOT NULL DEFAULT 0;
ALTER TABLE app_audiences ADD COLUMN installs INTEGER NOT NULL DEFAULT 0;
CREATE INDEX app_audiences_installs ON app_audiences (audience, channel, installs, app_id)
WHERE told_at IS NOT NULL AND left_at IS NULL AND installs > 0;
