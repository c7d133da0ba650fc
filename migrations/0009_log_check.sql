-- What the last whole computation of the log from its leaves found. Times are milliseconds since 1970 (UTC).

CREATE TABLE log_check (
  id INTEGER PRIMARY KEY NOT NULL,
  checked_at INTEGER NOT NULL,
  size INTEGER NOT NULL,
  damage TEXT
) STRICT;
