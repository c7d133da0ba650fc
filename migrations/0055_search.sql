-- What of published apps is searched. All of it is made from the manifests of published versions and can be made anew.

CREATE TABLE search_documents (
  id INTEGER PRIMARY KEY NOT NULL,
  app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  locale TEXT NOT NULL,
  one_word TEXT NOT NULL,
  name TEXT NOT NULL,
  others TEXT NOT NULL,
  summary TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX search_documents_app ON search_documents (app_id, locale);
CREATE INDEX search_documents_one_word ON search_documents (one_word);

-- The texts come taken apart into words, with a space between them: only ASCII is looked at to find them again.
CREATE VIRTUAL TABLE search_text USING fts5(
  name, others, summary,
  content = '', contentless_delete = 1, detail = 'column', prefix = '1 2 3', tokenize = 'ascii'
);
CREATE VIRTUAL TABLE search_vocabulary USING fts5vocab(search_text, 'row');

CREATE TRIGGER search_documents_added AFTER INSERT ON search_documents BEGIN
  INSERT INTO search_text (rowid, name, others, summary) VALUES (new.id, new.name || ' ' || new.one_word, new.others, new.summary);
END;
CREATE TRIGGER search_documents_removed AFTER DELETE ON search_documents BEGIN
  DELETE FROM search_text WHERE rowid = old.id;
  DELETE FROM search_name_keys WHERE document = old.id;
END;

CREATE TABLE search_name_keys (
  key TEXT NOT NULL,
  document INTEGER NOT NULL,
  PRIMARY KEY (key, document)
) STRICT, WITHOUT ROWID;
CREATE INDEX search_name_keys_document ON search_name_keys (document);

CREATE TABLE search_words (
  id INTEGER PRIMARY KEY NOT NULL,
  word TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX search_words_word ON search_words (word);

CREATE TABLE search_word_keys (
  key TEXT NOT NULL,
  word INTEGER NOT NULL,
  PRIMARY KEY (key, word)
) STRICT, WITHOUT ROWID;
CREATE INDEX search_word_keys_word ON search_word_keys (word);
