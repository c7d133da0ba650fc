-- A search in a category reads that category alone: a document has the category that its app is under as a word of its own, and names
-- that begin with something are had of one category.

ALTER TABLE search_documents ADD COLUMN category TEXT NOT NULL DEFAULT '';
UPDATE search_documents SET category = coalesce((SELECT category FROM apps WHERE id = app_id), '');
CREATE INDEX search_documents_category ON search_documents (audience, category, one_word);

DROP TRIGGER search_documents_added;
DROP TABLE search_text;

-- Beginnings of up to eight letters have lists of their own, which are read in order and no further than asked: of longer ones all words
-- are put together first. Otherwise as in migration 0066, and U+E003 begins the category. A hyphen, which would part it, is U+E004 in it.
CREATE VIRTUAL TABLE search_text USING fts5(
  name, others, summary, audience, category,
  content = '', contentless_delete = 1, detail = 'column', prefix = '1 2 3 4 5 6 7 8', tokenize = 'ascii'
);
CREATE VIEW search_texts_marked AS
SELECT id,
  mark || replace(name || ' ' || one_word, ' ', ' ' || mark) AS name,
  mark || replace(others, ' ', ' ' || mark) AS others,
  mark || replace(summary, ' ', ' ' || mark) AS summary,
  char(0xE002) || replace(audience, '-', '') AS audience,
  char(0xE003) || replace(category, '-', char(0xE004)) AS category,
  mark
FROM (
  SELECT *, CASE audience WHEN '' THEN '' WHEN 'signed-in' THEN char(0xE000) ELSE char(0xE001) END AS mark
  FROM search_documents
);
INSERT INTO search_text (rowid, name, others, summary, audience, category)
SELECT id, name, others, summary, audience, category FROM search_texts_marked;
CREATE TRIGGER search_documents_added AFTER INSERT ON search_documents BEGIN
  INSERT INTO search_text (rowid, name, others, summary, audience, category)
  SELECT id, name, others, summary, audience, category FROM search_texts_marked WHERE id = new.id;
END;

DROP TRIGGER search_descriptions_added;
DROP TABLE search_everything;

CREATE VIRTUAL TABLE search_everything USING fts5(
  words, audience, category,
  content = '', contentless_delete = 1, detail = 'column', prefix = '1 2 3 4 5 6 7 8', tokenize = 'ascii'
);
INSERT INTO search_everything (rowid, words, audience, category)
SELECT id, name || ' ' || others || ' ' || summary || ' ' || mark || replace(words, ' ', ' ' || mark), audience, category
FROM search_descriptions JOIN search_texts_marked ON id = document;
CREATE TRIGGER search_descriptions_added AFTER INSERT ON search_descriptions BEGIN
  INSERT INTO search_everything (rowid, words, audience, category)
  SELECT id, name || ' ' || others || ' ' || summary || ' ' || mark || replace(new.words, ' ', ' ' || mark), audience, category
  FROM search_texts_marked WHERE id = new.document;
END;
