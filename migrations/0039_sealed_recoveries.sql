-- What a recovery was asked for, sealed under the master key: whoever writes into this database beside the store could make
-- its waiting time shorter, or put another key into it. One that waits was not sealed, and nobody can tell whether it is as it
-- was asked for: it ends, and can be asked for again.

ALTER TABLE key_recoveries ADD COLUMN sealed BLOB;
UPDATE key_recoveries
SET state = 'fallen', decided_by = 'system', decided_at = unixepoch() * 1000, revision = revision + 1,
  decision_reason = 'The store was updated, and seals from now on what is asked for. Ask for it again.'
WHERE state = 'waiting';
