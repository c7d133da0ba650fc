-- The list of all apps is had by name and by age, too, of an organisation, of a state, and of both; and by the words of names and ids.

CREATE INDEX apps_by_name ON apps (name COLLATE NOCASE, id) WHERE removed_at IS NULL;
CREATE INDEX apps_by_age ON apps (created_at, id) WHERE removed_at IS NULL;
CREATE INDEX apps_of_by_name ON apps (organisation_id, name COLLATE NOCASE, id) WHERE removed_at IS NULL;
CREATE INDEX apps_of_by_age ON apps (organisation_id, created_at, id) WHERE removed_at IS NULL;
CREATE INDEX apps_in_state ON apps (newest_state, id) WHERE removed_at IS NULL;
CREATE INDEX apps_in_state_by_name ON apps (newest_state, name COLLATE NOCASE, id) WHERE removed_at IS NULL;
CREATE INDEX apps_in_state_by_age ON apps (newest_state, created_at, id) WHERE removed_at IS NULL;
CREATE INDEX apps_of_in_state ON apps (organisation_id, newest_state, id) WHERE removed_at IS NULL;
CREATE INDEX apps_of_in_state_by_name ON apps (organisation_id, newest_state, name COLLATE NOCASE, id) WHERE removed_at IS NULL;
CREATE INDEX apps_of_in_state_by_age ON apps (organisation_id, newest_state, created_at, id) WHERE removed_at IS NULL;

-- A number for each app, which the table of words needs and which stays when the database is copied: SQLite's own may change then.
CREATE TABLE app_numbers (
  number INTEGER PRIMARY KEY NOT NULL,
  app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX app_numbers_app ON app_numbers (app_id);

-- What is of an organisation or in a state is in it as a word, too, so that a search within those reads no other apps.
CREATE VIRTUAL TABLE app_words USING fts5(
  words, organisation, state,
  content = '', contentless_delete = 1, prefix = '1 2 3', tokenize = 'unicode61 remove_diacritics 2'
);

INSERT INTO app_numbers (app_id) SELECT id FROM apps WHERE removed_at IS NULL ORDER BY created_at, id;
INSERT INTO app_words (rowid, words, organisation, state)
SELECT number, name || ' ' || id, replace(organisation_id, '-', ''), replace(coalesce(newest_state, 'none'), '_', '')
FROM app_numbers JOIN apps ON id = app_id;

CREATE TRIGGER app_words_added AFTER INSERT ON apps WHEN new.removed_at IS NULL BEGIN
  INSERT INTO app_numbers (app_id) VALUES (new.id);
  INSERT INTO app_words (rowid, words, organisation, state)
  SELECT number, new.name || ' ' || new.id, replace(new.organisation_id, '-', ''), replace(coalesce(new.newest_state, 'none'), '_', '')
  FROM app_numbers WHERE app_id = new.id;
END;
CREATE TRIGGER app_words_changed AFTER UPDATE OF name, organisation_id, newest_state ON apps
  WHEN new.removed_at IS NULL AND (
    new.name IS NOT old.name OR new.organisation_id IS NOT old.organisation_id OR new.newest_state IS NOT old.newest_state
  ) BEGIN
  DELETE FROM app_words WHERE rowid = (SELECT number FROM app_numbers WHERE app_id = new.id);
  INSERT INTO app_words (rowid, words, organisation, state)
  SELECT number, new.name || ' ' || new.id, replace(new.organisation_id, '-', ''), replace(coalesce(new.newest_state, 'none'), '_', '')
  FROM app_numbers WHERE app_id = new.id;
END;
CREATE TRIGGER app_words_deleted AFTER UPDATE OF removed_at ON apps WHEN new.removed_at IS NOT NULL BEGIN
  DELETE FROM app_numbers WHERE app_id = new.id;
END;
CREATE TRIGGER app_words_removed AFTER DELETE ON app_numbers BEGIN
  DELETE FROM app_words WHERE rowid = old.number;
END;
