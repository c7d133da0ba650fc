-- What the dashboard counts and looks for is read from an index alone, in the order in which it lies there.
CREATE INDEX apps_kept_of ON apps (organisation_id, id) WHERE removed_at IS NULL;
CREATE INDEX apps_published_of ON apps (organisation_id, id)
  WHERE published_at IS NOT NULL AND deletion_at IS NULL AND removed_at IS NULL;
CREATE INDEX versions_waiting_for_developers ON versions (app_id, id) WHERE state IN ('failed', 'rejected', 'draft', 'held');
CREATE INDEX versions_waiting ON versions (submitted_at, id, app_id) WHERE state = 'in_review';
CREATE INDEX apps_owner ON apps (id, organisation_id) WHERE deletion_at IS NULL;
