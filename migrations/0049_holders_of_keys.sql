-- Who was given the present token of an API key: whoever made it, or rotated it last. Who did before this was not kept: it counts as its maker.

ALTER TABLE api_keys ADD COLUMN token_by TEXT NOT NULL DEFAULT '';
UPDATE api_keys SET token_by = created_by;
CREATE INDEX api_keys_token_by ON api_keys (token_by) WHERE revoked_at IS NULL AND organisation_id IS NOT NULL;
