-- Which apps of an organisation have a lineage is asked on the pages of its keys: an index has those alone.
ALTER TABLE apps ADD COLUMN lineage_keys INTEGER NOT NULL DEFAULT 0;
UPDATE apps SET lineage_keys = (SELECT count(*) FROM key_lineage WHERE app_id = apps.id);
CREATE TRIGGER apps_lineage_added AFTER INSERT ON key_lineage BEGIN
  UPDATE apps SET lineage_keys = lineage_keys + 1 WHERE id = new.app_id;
END;
CREATE TRIGGER apps_lineage_removed AFTER DELETE ON key_lineage BEGIN
  UPDATE apps SET lineage_keys = lineage_keys - 1 WHERE id = old.app_id;
END;
CREATE INDEX apps_with_lineage ON apps (organisation_id, id) WHERE lineage_keys > 0;
