-- What descriptions say is searched as well, apart from the rest: it is asked only where names, publishers and summaries have few
-- answers. A document is in it with all of its words, so that one of a question may be in the name and another in the description.
-- All of it is made anew with the next start.

CREATE TABLE search_descriptions (
  document INTEGER PRIMARY KEY NOT NULL,
  words TEXT NOT NULL
) STRICT;

CREATE VIRTUAL TABLE search_everything USING fts5(
  words, audience,
  content = '', contentless_delete = 1, detail = 'column', prefix = '1 2 3', tokenize = 'ascii'
);

CREATE TRIGGER search_descriptions_added AFTER INSERT ON search_descriptions BEGIN
  INSERT INTO search_everything (rowid, words, audience)
  SELECT new.document,
    mark || replace(name || ' ' || one_word || ' ' || others || ' ' || summary || ' ' || new.words, ' ', ' ' || mark),
    char(0xE002) || replace(audience, '-', '')
  FROM (
    SELECT *, CASE audience WHEN '' THEN '' WHEN 'signed-in' THEN char(0xE000) ELSE char(0xE001) END AS mark
    FROM search_documents WHERE id = new.document
  );
END;
CREATE TRIGGER search_descriptions_removed AFTER DELETE ON search_documents BEGIN
  DELETE FROM search_everything WHERE rowid = old.id AND old.id IN (SELECT document FROM search_descriptions);
  DELETE FROM search_descriptions WHERE document = old.id;
END;
