-- With which API key an app was offered or somebody was invited: what was begun with a key ends when the key is revoked. And what
-- somebody began and nobody has answered, to be found when they may no longer do it.

ALTER TABLE app_transfers ADD COLUMN offered_with TEXT;
ALTER TABLE invitations ADD COLUMN created_with TEXT;
CREATE INDEX app_transfers_open_by ON app_transfers (offered_by) WHERE state = 'open';
CREATE INDEX invitations_open_by ON invitations (created_by) WHERE accepted_at IS NULL AND revoked_at IS NULL;
