-- What the store shows of apps, in place of what their packages say; and what lists call each app in each language.

CREATE TABLE store_listings (
  app_id TEXT PRIMARY KEY NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  document TEXT NOT NULL,
  revision INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE store_listing_revisions (
  app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  revision INTEGER NOT NULL,
  document TEXT NOT NULL,
  changed_by TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (app_id, revision)
) STRICT;

CREATE TABLE shown_texts (
  app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  locale TEXT NOT NULL,
  is_default INTEGER NOT NULL,
  name TEXT NOT NULL,
  summary TEXT NOT NULL,
  PRIMARY KEY (app_id, locale)
) STRICT;
