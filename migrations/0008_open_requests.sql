-- What a signing request takes along of the changes that wait: those that are asked for later go on waiting when it is imported.
ALTER TABLE key_requests ADD COLUMN last_change INTEGER NOT NULL DEFAULT 0;
UPDATE key_requests SET last_change = coalesce(
  (SELECT max(position) FROM key_changes WHERE key_changes.created_at <= key_requests.created_at), 0
);
