-- What of the store needs an administrator, as long as it does: of each they are told once.
CREATE TABLE store_troubles (
  code TEXT NOT NULL,
  what TEXT NOT NULL,
  found_at INTEGER NOT NULL,
  told_at INTEGER,
  over_at INTEGER,
  PRIMARY KEY (code, what)
) STRICT, WITHOUT ROWID;
