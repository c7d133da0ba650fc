-- Roles that people had, since who has worked for an organisation does not decide about its lost keys; and recoveries that
-- could not be approved any more, since a key was used that was said to be lost. Times are milliseconds since 1970 (UTC).

CREATE TABLE past_memberships (
  organisation_id TEXT NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  role TEXT NOT NULL,
  until INTEGER NOT NULL
) STRICT;
CREATE INDEX past_memberships_account ON past_memberships (account_id, organisation_id, until);

UPDATE key_recoveries SET
  state = 'fallen',
  decided_by = 'system',
  decided_at = (
    SELECT max(l.added_at) FROM key_recovery_apps a JOIN key_lineage l ON l.app_id = a.app_id
    WHERE a.recovery_id = key_recoveries.id AND l.position >= a.lineage_keys
  ),
  decision_reason = 'A key was added to a lineage by one that was said to be lost.',
  revision = revision + 1
WHERE state = 'waiting' AND EXISTS (
  SELECT 1 FROM key_recovery_apps a JOIN key_lineage l ON l.app_id = a.app_id
  WHERE a.recovery_id = key_recoveries.id AND l.position >= a.lineage_keys
);
