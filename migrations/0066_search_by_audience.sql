-- What is searched is kept for each audience by itself: a search reads the rows of those that who asks belongs to and no others, so
-- that nothing that they may not see has a part in what they find. All of it is made anew from manifests with the next start.

DROP TABLE search_documents;
DROP TABLE search_vocabulary;
DROP TABLE search_text;
DROP TABLE search_name_keys;
DROP TABLE search_word_keys;
DROP TABLE search_words;

CREATE TABLE search_documents (
  id INTEGER PRIMARY KEY NOT NULL,
  app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  locale TEXT NOT NULL,
  one_word TEXT NOT NULL,
  name TEXT NOT NULL,
  others TEXT NOT NULL,
  summary TEXT NOT NULL,
  audience TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX search_documents_app ON search_documents (app_id, audience, locale);
CREATE INDEX search_documents_one_word ON search_documents (audience, one_word);

-- The texts come taken apart into words, with a space between them: only ASCII is looked at to find them again. Each word begins with
-- a mark of who may read it: none is for everybody, U+E000 for who is signed in, U+E001 for groups; U+E002 begins the group itself.
-- No word that is asked for has one of these characters, and words with another mark lie elsewhere in the index.
CREATE VIRTUAL TABLE search_text USING fts5(
  name, others, summary, audience,
  content = '', contentless_delete = 1, detail = 'column', prefix = '1 2 3', tokenize = 'ascii'
);

CREATE TRIGGER search_documents_added AFTER INSERT ON search_documents BEGIN
  INSERT INTO search_text (rowid, name, others, summary, audience)
  SELECT new.id,
    mark || replace(new.name || ' ' || new.one_word, ' ', ' ' || mark),
    mark || replace(new.others, ' ', ' ' || mark),
    mark || replace(new.summary, ' ', ' ' || mark),
    char(0xE002) || replace(new.audience, '-', '')
  FROM (SELECT CASE new.audience WHEN '' THEN '' WHEN 'signed-in' THEN char(0xE000) ELSE char(0xE001) END AS mark);
END;

CREATE TABLE search_name_keys (
  key TEXT NOT NULL,
  document INTEGER NOT NULL,
  PRIMARY KEY (key, document)
) STRICT, WITHOUT ROWID;
CREATE INDEX search_name_keys_document ON search_name_keys (document);

CREATE TABLE search_words (
  id INTEGER PRIMARY KEY NOT NULL,
  audience TEXT NOT NULL,
  word TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX search_words_word ON search_words (audience, word);

CREATE TABLE search_word_keys (
  key TEXT NOT NULL,
  word INTEGER NOT NULL,
  PRIMARY KEY (key, word)
) STRICT, WITHOUT ROWID;
CREATE INDEX search_word_keys_word ON search_word_keys (word);

CREATE TABLE search_word_uses (
  word INTEGER NOT NULL,
  document INTEGER NOT NULL,
  PRIMARY KEY (word, document)
) STRICT, WITHOUT ROWID;
CREATE INDEX search_word_uses_document ON search_word_uses (document);

-- Whatever takes a document away takes away with it what it alone made to be found.
CREATE TRIGGER search_documents_removed AFTER DELETE ON search_documents BEGIN
  DELETE FROM search_text WHERE rowid = old.id;
  DELETE FROM search_name_keys WHERE document = old.id;
  DELETE FROM search_word_uses WHERE document = old.id;
END;
CREATE TRIGGER search_word_uses_removed AFTER DELETE ON search_word_uses
WHEN NOT EXISTS (SELECT 1 FROM search_word_uses WHERE word = old.word) BEGIN
  DELETE FROM search_word_keys WHERE word = old.word;
  DELETE FROM search_words WHERE id = old.word;
END;

-- The same for an app that leaves a catalogue.
CREATE TRIGGER search_documents_left AFTER UPDATE ON app_audiences
WHEN old.channel = 'stable' AND (new.told_at IS NULL OR new.left_at IS NOT NULL
  OR (new.app_id, new.channel, new.audience) <> (old.app_id, old.channel, old.audience))
BEGIN
  DELETE FROM search_documents WHERE app_id = old.app_id AND audience = old.audience;
END;
CREATE TRIGGER search_documents_gone AFTER DELETE ON app_audiences WHEN old.channel = 'stable' BEGIN
  DELETE FROM search_documents WHERE app_id = old.app_id AND audience = old.audience;
END;
