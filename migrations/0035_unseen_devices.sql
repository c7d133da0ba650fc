-- Devices that have not come for long are found, and counted up to a limit, without reading those that have.
CREATE INDEX devices_unseen ON devices (coalesce(last_seen_at, created_at), id) WHERE revoked_at IS NULL;
