-- When each check began, beside when it ended: pages and the API show how long it took.

ALTER TABLE check_results ADD COLUMN started_at INTEGER;
