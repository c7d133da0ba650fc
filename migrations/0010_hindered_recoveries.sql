-- Recoveries that wait and cannot be approved any more, since the new key or the organisation was revoked meanwhile: they
-- fall, as they do from now on with the revocation itself, so that another one can be asked for.

UPDATE key_recoveries SET
  state = 'fallen',
  decided_by = 'system',
  decided_at = (
    SELECT max(r.revoked_at, key_recoveries.requested_at) FROM revocations r
    WHERE (r.subject = 'key' AND r.target = key_recoveries.keyid)
      OR (r.subject = 'developer' AND r.target = key_recoveries.organisation_id)
    LIMIT 1
  ),
  decision_reason = 'The new key, or the organisation itself, was revoked.',
  revision = revision + 1
WHERE state = 'waiting' AND EXISTS (
  SELECT 1 FROM revocations r
  WHERE (r.subject = 'key' AND r.target = key_recoveries.keyid)
    OR (r.subject = 'developer' AND r.target = key_recoveries.organisation_id)
);
