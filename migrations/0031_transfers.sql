-- Apps that one organisation offers to another, and the organisations that an app was of before, which its signed index names.
-- Times are milliseconds since 1970 (UTC).

CREATE TABLE app_transfers (
  id TEXT PRIMARY KEY NOT NULL,
  app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  from_organisation_id TEXT NOT NULL REFERENCES organisations (id),
  to_organisation_id TEXT REFERENCES organisations (id),
  named TEXT NOT NULL,
  reason TEXT NOT NULL,
  state TEXT NOT NULL,
  offered_by TEXT NOT NULL,
  offered_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  decided_by TEXT,
  decided_at INTEGER
) STRICT;
CREATE UNIQUE INDEX app_transfers_open ON app_transfers (app_id) WHERE state = 'open';
CREATE INDEX app_transfers_app ON app_transfers (app_id, id);
CREATE INDEX app_transfers_from ON app_transfers (from_organisation_id, id);
CREATE INDEX app_transfers_to ON app_transfers (to_organisation_id, id) WHERE to_organisation_id IS NOT NULL;

CREATE TABLE app_former_owners (
  app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  organisation_id TEXT NOT NULL REFERENCES organisations (id),
  position INTEGER NOT NULL,
  until INTEGER NOT NULL,
  PRIMARY KEY (app_id, organisation_id)
) STRICT;
CREATE UNIQUE INDEX app_former_owners_position ON app_former_owners (app_id, position);
CREATE INDEX app_former_owners_organisation ON app_former_owners (organisation_id, app_id);

CREATE INDEX organisations_name ON organisations (name);
