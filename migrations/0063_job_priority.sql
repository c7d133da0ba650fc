-- What somebody waits for goes ahead of what can wait: 2 before 1 before 0.
ALTER TABLE jobs ADD COLUMN priority INTEGER NOT NULL DEFAULT 1;
CREATE INDEX jobs_turn ON jobs (priority, run_at, id) WHERE state = 'queued';
