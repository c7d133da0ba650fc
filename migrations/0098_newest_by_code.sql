-- The newest version of an app is the one with the highest code, since that is what devices compare, not the one that was uploaded
-- last. What failed or was refused counts while nothing was uploaded after it, and what was withdrawn only where there is nothing else.
ALTER TABLE apps ADD COLUMN newest_version_id TEXT;
CREATE INDEX versions_refused ON versions (app_id, id, version_code) WHERE state IN ('failed', 'rejected');

UPDATE apps SET newest_version_id = coalesce(
      (SELECT refused.id FROM versions AS refused
        WHERE refused.app_id = apps.id AND refused.state IN ('failed', 'rejected')
          AND refused.id > coalesce((SELECT live.id FROM versions AS live WHERE live.app_id = apps.id AND live.state NOT IN ('failed', 'rejected', 'withdrawn') ORDER BY live.version_code DESC LIMIT 1), '')
          AND refused.version_code > coalesce((SELECT live.version_code FROM versions AS live WHERE live.app_id = apps.id AND live.state NOT IN ('failed', 'rejected', 'withdrawn') ORDER BY live.version_code DESC LIMIT 1), 0)
        ORDER BY refused.id DESC LIMIT 1),
      (SELECT live.id FROM versions AS live WHERE live.app_id = apps.id AND live.state NOT IN ('failed', 'rejected', 'withdrawn') ORDER BY live.version_code DESC LIMIT 1),
      (SELECT last.id FROM versions AS last WHERE last.app_id = apps.id ORDER BY last.app_id DESC, last.id DESC LIMIT 1)
    );
UPDATE apps SET (newest_state, newest_state_at) =
  (SELECT state, state_changed_at FROM versions WHERE versions.id = newest_version_id);

DROP TRIGGER apps_version_added;
DROP TRIGGER apps_version_changed;
DROP TRIGGER apps_version_removed;
CREATE TRIGGER apps_version_added AFTER INSERT ON versions BEGIN
  UPDATE apps SET
    waiting = waiting + (new.state = 'in_review'),
    newest_version_id = coalesce(
      (SELECT refused.id FROM versions AS refused
        WHERE refused.app_id = new.app_id AND refused.state IN ('failed', 'rejected')
          AND refused.id > coalesce((SELECT live.id FROM versions AS live WHERE live.app_id = new.app_id AND live.state NOT IN ('failed', 'rejected', 'withdrawn') ORDER BY live.version_code DESC LIMIT 1), '')
          AND refused.version_code > coalesce((SELECT live.version_code FROM versions AS live WHERE live.app_id = new.app_id AND live.state NOT IN ('failed', 'rejected', 'withdrawn') ORDER BY live.version_code DESC LIMIT 1), 0)
        ORDER BY refused.id DESC LIMIT 1),
      (SELECT live.id FROM versions AS live WHERE live.app_id = new.app_id AND live.state NOT IN ('failed', 'rejected', 'withdrawn') ORDER BY live.version_code DESC LIMIT 1),
      (SELECT last.id FROM versions AS last WHERE last.app_id = new.app_id ORDER BY last.app_id DESC, last.id DESC LIMIT 1)
    )
  WHERE id = new.app_id;
  UPDATE apps SET (newest_state, newest_state_at) = (SELECT state, state_changed_at FROM versions WHERE versions.id = newest_version_id)
  WHERE id = new.app_id;
END;
CREATE TRIGGER apps_version_changed AFTER UPDATE OF state, state_changed_at ON versions
  WHEN new.state IS NOT old.state OR new.state_changed_at IS NOT old.state_changed_at BEGIN
  UPDATE apps SET
    waiting = waiting + (new.state = 'in_review') - (old.state = 'in_review'),
    newest_version_id = coalesce(
      (SELECT refused.id FROM versions AS refused
        WHERE refused.app_id = new.app_id AND refused.state IN ('failed', 'rejected')
          AND refused.id > coalesce((SELECT live.id FROM versions AS live WHERE live.app_id = new.app_id AND live.state NOT IN ('failed', 'rejected', 'withdrawn') ORDER BY live.version_code DESC LIMIT 1), '')
          AND refused.version_code > coalesce((SELECT live.version_code FROM versions AS live WHERE live.app_id = new.app_id AND live.state NOT IN ('failed', 'rejected', 'withdrawn') ORDER BY live.version_code DESC LIMIT 1), 0)
        ORDER BY refused.id DESC LIMIT 1),
      (SELECT live.id FROM versions AS live WHERE live.app_id = new.app_id AND live.state NOT IN ('failed', 'rejected', 'withdrawn') ORDER BY live.version_code DESC LIMIT 1),
      (SELECT last.id FROM versions AS last WHERE last.app_id = new.app_id ORDER BY last.app_id DESC, last.id DESC LIMIT 1)
    )
  WHERE id = new.app_id;
  UPDATE apps SET (newest_state, newest_state_at) = (SELECT state, state_changed_at FROM versions WHERE versions.id = newest_version_id)
  WHERE id = new.app_id;
END;
CREATE TRIGGER apps_version_removed AFTER DELETE ON versions BEGIN
  UPDATE apps SET
    waiting = waiting - (old.state = 'in_review'),
    newest_version_id = coalesce(
      (SELECT refused.id FROM versions AS refused
        WHERE refused.app_id = old.app_id AND refused.state IN ('failed', 'rejected')
          AND refused.id > coalesce((SELECT live.id FROM versions AS live WHERE live.app_id = old.app_id AND live.state NOT IN ('failed', 'rejected', 'withdrawn') ORDER BY live.version_code DESC LIMIT 1), '')
          AND refused.version_code > coalesce((SELECT live.version_code FROM versions AS live WHERE live.app_id = old.app_id AND live.state NOT IN ('failed', 'rejected', 'withdrawn') ORDER BY live.version_code DESC LIMIT 1), 0)
        ORDER BY refused.id DESC LIMIT 1),
      (SELECT live.id FROM versions AS live WHERE live.app_id = old.app_id AND live.state NOT IN ('failed', 'rejected', 'withdrawn') ORDER BY live.version_code DESC LIMIT 1),
      (SELECT last.id FROM versions AS last WHERE last.app_id = old.app_id ORDER BY last.app_id DESC, last.id DESC LIMIT 1)
    )
  WHERE id = old.app_id;
  UPDATE apps SET (newest_state, newest_state_at) = (SELECT state, state_changed_at FROM versions WHERE versions.id = newest_version_id)
  WHERE id = old.app_id;
END;
