-- Lists of the store in other orders than that of ids: what came last, what was updated last, what was fetched most; of all apps that an
-- audience may see, of a category, and of a publisher. Each goes by an index of its own, so that a page reads its own rows alone.

-- When the version that is offered first was published; null: none is, or the app stands in no list. The next start makes it exact.
ALTER TABLE app_audiences ADD COLUMN updated_at INTEGER;
UPDATE app_audiences SET updated_at = (
  SELECT v.published_at FROM versions AS v WHERE v.app_id = app_audiences.app_id AND v.state = 'published' ORDER BY v.version_code DESC LIMIT 1
) WHERE listed_of IS NOT NULL;

CREATE INDEX app_audiences_updated ON app_audiences (audience, channel, updated_at, app_id)
WHERE told_at IS NOT NULL AND left_at IS NULL AND updated_at IS NOT NULL;
-- Also what was never fetched has a place: at the end.
DROP INDEX app_audiences_installs;
CREATE INDEX app_audiences_installs ON app_audiences (audience, channel, installs, app_id)
WHERE told_at IS NOT NULL AND left_at IS NULL;

CREATE INDEX app_audiences_category_told ON app_audiences (audience, channel, category, told_at, app_id)
WHERE told_at IS NOT NULL AND left_at IS NULL AND category IS NOT NULL;
CREATE INDEX app_audiences_category_updated ON app_audiences (audience, channel, category, updated_at, app_id)
WHERE told_at IS NOT NULL AND left_at IS NULL AND category IS NOT NULL AND updated_at IS NOT NULL;
CREATE INDEX app_audiences_category_installs ON app_audiences (audience, channel, category, installs, app_id)
WHERE told_at IS NOT NULL AND left_at IS NULL AND category IS NOT NULL;

CREATE INDEX app_audiences_publisher_told ON app_audiences (audience, channel, listed_of, told_at, app_id)
WHERE told_at IS NOT NULL AND left_at IS NULL AND listed_of IS NOT NULL;
CREATE INDEX app_audiences_publisher_updated ON app_audiences (audience, channel, listed_of, updated_at, app_id)
WHERE told_at IS NOT NULL AND left_at IS NULL AND listed_of IS NOT NULL AND updated_at IS NOT NULL;
CREATE INDEX app_audiences_publisher_installs ON app_audiences (audience, channel, listed_of, installs, app_id)
WHERE told_at IS NOT NULL AND left_at IS NULL AND listed_of IS NOT NULL;
