-- The organisations that people ask administrators for. Times are milliseconds since 1970 (UTC).
CREATE TABLE organisation_requests (
  id TEXT PRIMARY KEY NOT NULL,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  reason TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'refused', 'withdrawn')),
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  closed_at INTEGER,
  closed_by TEXT,
  answer TEXT,
  organisation_id TEXT REFERENCES organisations (id) ON DELETE SET NULL,
  CHECK ((state = 'open') = (closed_at IS NULL))
) STRICT;
CREATE UNIQUE INDEX organisation_requests_own ON organisation_requests (account_id) WHERE closed_at IS NULL;
CREATE INDEX organisation_requests_account ON organisation_requests (account_id, id);
CREATE INDEX organisation_requests_open ON organisation_requests (id) WHERE closed_at IS NULL;
CREATE INDEX organisation_requests_closed ON organisation_requests (id) WHERE closed_at IS NOT NULL;
CREATE INDEX organisation_requests_organisation ON organisation_requests (organisation_id) WHERE organisation_id IS NOT NULL;
