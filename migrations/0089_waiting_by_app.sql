-- What waits for somebody is looked for on each look at the dashboard: an app knows the state of its newest upload and how many of its
-- versions wait for a review, so that an index finds both among an organisation's apps.
ALTER TABLE apps ADD COLUMN newest_state TEXT;
ALTER TABLE apps ADD COLUMN newest_state_at INTEGER;
ALTER TABLE apps ADD COLUMN waiting INTEGER NOT NULL DEFAULT 0;
UPDATE apps SET
  (newest_state, newest_state_at) =
    (SELECT state, state_changed_at FROM versions WHERE app_id = apps.id ORDER BY app_id DESC, id DESC LIMIT 1),
  waiting = (SELECT count(*) FROM versions WHERE app_id = apps.id AND state = 'in_review');

CREATE TRIGGER apps_version_added AFTER INSERT ON versions BEGIN
  UPDATE apps SET
    (newest_state, newest_state_at) =
      (SELECT state, state_changed_at FROM versions WHERE app_id = new.app_id ORDER BY app_id DESC, id DESC LIMIT 1),
    waiting = waiting + (new.state = 'in_review')
  WHERE id = new.app_id;
END;
CREATE TRIGGER apps_version_changed AFTER UPDATE OF state, state_changed_at ON versions
  WHEN new.state IS NOT old.state OR new.state_changed_at IS NOT old.state_changed_at BEGIN
  UPDATE apps SET
    (newest_state, newest_state_at) =
      (SELECT state, state_changed_at FROM versions WHERE app_id = new.app_id ORDER BY app_id DESC, id DESC LIMIT 1),
    waiting = waiting + (new.state = 'in_review') - (old.state = 'in_review')
  WHERE id = new.app_id;
END;
CREATE TRIGGER apps_version_removed AFTER DELETE ON versions BEGIN
  UPDATE apps SET
    (newest_state, newest_state_at) =
      (SELECT state, state_changed_at FROM versions WHERE app_id = old.app_id ORDER BY app_id DESC, id DESC LIMIT 1),
    waiting = waiting - (old.state = 'in_review')
  WHERE id = old.app_id;
END;

CREATE INDEX apps_waiting_for_developers ON apps (organisation_id, newest_state_at, id)
  WHERE newest_state IN ('failed', 'rejected', 'draft', 'held') AND deletion_at IS NULL;
CREATE INDEX apps_waiting_for_review ON apps (organisation_id, id, waiting) WHERE waiting > 0 AND deletion_at IS NULL;
-- What they were for is asked of apps now.
DROP INDEX versions_waiting_for_developers;
DROP INDEX apps_owner;

-- Open offers, the first to end first, of whom each is made to.
CREATE INDEX app_transfers_open_to ON app_transfers (to_organisation_id, expires_at)
  WHERE state = 'open' AND to_organisation_id IS NOT NULL;
