-- On which days the store was seen running, in days since 1970 (UTC): a waiting time is over when it ran through it, and not
-- when its clock says so. What has happened lately tells of the days before.

CREATE TABLE running_days (
  day INTEGER PRIMARY KEY NOT NULL
) STRICT;

INSERT OR IGNORE INTO running_days (day)
SELECT DISTINCT finished_at / 86400000 FROM jobs WHERE finished_at IS NOT NULL;

INSERT OR IGNORE INTO running_days (day)
SELECT DISTINCT recorded_at / 86400000 FROM log_leaves;
