-- When the first of the apps that are being deleted is gone: of all, and of an organisation's.
CREATE INDEX apps_deletion_ending ON apps (deletion_at) WHERE deletion_at IS NOT NULL AND removed_at IS NULL;
CREATE INDEX apps_deletion_ending_of ON apps (organisation_id, deletion_at)
WHERE deletion_at IS NOT NULL AND removed_at IS NULL;
