-- Roles that rest on groups at a provider: which provider said so, and when it last did. Times are milliseconds since 1970 (UTC).

ALTER TABLE identities ADD COLUMN confirmed_at INTEGER;
ALTER TABLE identities ADD COLUMN asked_at INTEGER;
ALTER TABLE identities ADD COLUMN sealed_token BLOB;
CREATE INDEX identities_asked ON identities (asked_at) WHERE sealed_token IS NOT NULL;

ALTER TABLE accounts ADD COLUMN store_role_provider TEXT;
ALTER TABLE accounts ADD COLUMN store_role_confirmed_at INTEGER;

ALTER TABLE memberships ADD COLUMN provider TEXT;
ALTER TABLE memberships ADD COLUMN confirmed_at INTEGER;
CREATE INDEX memberships_groups ON memberships (account_id, provider) WHERE provider IS NOT NULL;
