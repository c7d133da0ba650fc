-- People are searched by how the words of their names and addresses begin. Numbers stay when the database is copied: SQLite's own may change
-- then; a later account has a higher one, so that what is found is read newest first.
CREATE TABLE account_numbers (
  number INTEGER PRIMARY KEY NOT NULL,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX account_numbers_account ON account_numbers (account_id);

-- It keeps what it is made of, and is told to leave nothing: of an account that is deleted its words have to go at once.
-- A beginning of one of these lengths is read from its own list, in order and no further than asked; of a longer one all words are put
-- together first.
CREATE VIRTUAL TABLE account_words USING fts5(
  words, prefix = '1 2 3 4 5 6 7 8', tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO account_words (account_words, rank) VALUES ('secure-delete', 1);

INSERT INTO account_numbers (account_id) SELECT id FROM accounts ORDER BY id;
INSERT INTO account_words (rowid, words)
SELECT number, name || ' ' || email FROM account_numbers JOIN accounts ON id = account_id;

CREATE TRIGGER account_words_added AFTER INSERT ON accounts BEGIN
  INSERT INTO account_numbers (account_id) VALUES (new.id);
  INSERT INTO account_words (rowid, words)
  SELECT number, new.name || ' ' || new.email FROM account_numbers WHERE account_id = new.id;
END;
CREATE TRIGGER account_words_changed AFTER UPDATE OF name, email ON accounts
  WHEN new.name IS NOT old.name OR new.email IS NOT old.email BEGIN
  UPDATE account_words SET words = new.name || ' ' || new.email
  WHERE rowid = (SELECT number FROM account_numbers WHERE account_id = new.id);
END;
CREATE TRIGGER account_words_removed AFTER DELETE ON account_numbers BEGIN
  DELETE FROM account_words WHERE rowid = old.number;
END;
