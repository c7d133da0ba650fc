-- Of ratings that are taken back: what was hidden stays so, and reports keep what was said. Times are milliseconds since 1970 (UTC).
ALTER TABLE app_ratings ADD COLUMN withdrawn_at INTEGER;
-- An answer is of the organisation whose the app was then.
ALTER TABLE app_ratings ADD COLUMN answered_as TEXT;
UPDATE app_ratings SET answered_as = (
  SELECT organisations.name FROM apps JOIN organisations ON organisations.id = apps.organisation_id WHERE apps.id = app_ratings.app_id
) WHERE answer IS NOT NULL;

ALTER TABLE reports ADD COLUMN said_stars INTEGER;
ALTER TABLE reports ADD COLUMN said_text TEXT;
-- Whoever said it: with their account it goes from here too.
ALTER TABLE reports ADD COLUMN said_by TEXT REFERENCES accounts (id) ON DELETE CASCADE;
UPDATE reports SET (said_stars, said_text, said_by) = (
  SELECT stars, body, account_id FROM app_ratings WHERE app_ratings.id = reports.rating_id
) WHERE rating_id IS NOT NULL;
CREATE INDEX reports_said_by ON reports (said_by) WHERE said_by IS NOT NULL;
