-- A publisher's page lists those of its apps that a visitor may see: each catalogue's apps by the organisation that lists them. One that
-- stands in no list of the store is of none here. The database keeps it, whatever changes an app's owner or takes it out of the lists.
ALTER TABLE app_audiences ADD COLUMN listed_of TEXT;
UPDATE app_audiences SET listed_of = (SELECT organisation_id FROM apps WHERE id = app_id AND unlisted_at IS NULL);
CREATE INDEX app_audiences_publisher ON app_audiences (audience, channel, listed_of, app_id)
WHERE told_at IS NOT NULL AND left_at IS NULL AND listed_of IS NOT NULL;

CREATE TRIGGER app_audiences_listed AFTER INSERT ON app_audiences BEGIN
  UPDATE app_audiences SET listed_of = (SELECT organisation_id FROM apps WHERE id = new.app_id AND unlisted_at IS NULL)
  WHERE app_id = new.app_id AND channel = new.channel AND audience = new.audience;
END;
CREATE TRIGGER apps_listed_of AFTER UPDATE OF organisation_id, unlisted_at ON apps
  WHEN new.organisation_id IS NOT old.organisation_id OR (new.unlisted_at IS NULL) IS NOT (old.unlisted_at IS NULL) BEGIN
  UPDATE app_audiences SET listed_of = iif(new.unlisted_at IS NULL, new.organisation_id, NULL) WHERE app_id = new.id;
END;
