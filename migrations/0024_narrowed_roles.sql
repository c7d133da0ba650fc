-- Roles in an organisation that are narrowed to some of its apps: ids as a JSON list, NULL for the whole organisation. Whether
-- somebody has a role anywhere is asked with each request, of either kind, and must not be read from all of them.

ALTER TABLE memberships ADD COLUMN apps TEXT;
ALTER TABLE invitations ADD COLUMN apps TEXT;
CREATE INDEX memberships_whole ON memberships (account_id, role) WHERE apps IS NULL;
CREATE INDEX memberships_narrowed ON memberships (account_id, role) WHERE apps IS NOT NULL;
CREATE INDEX memberships_narrowed_in ON memberships (organisation_id) WHERE apps IS NOT NULL;
