-- What came last into the catalogues that somebody may see: each gives its newest by an index. What everybody sees is ordered
-- in the same way, so that the order tells nothing of when an app was there for others alone.
CREATE INDEX app_audiences_told ON app_audiences (audience, channel, told_at, app_id) WHERE told_at IS NOT NULL AND left_at IS NULL;
DROP INDEX apps_published;
