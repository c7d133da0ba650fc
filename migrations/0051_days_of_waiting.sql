-- Finished jobs are kept for two weeks, and a recovery may wait for longer: one that waited when days began to be counted is not
-- held to those of before, of which nothing tells any more.

WITH RECURSIVE
  newest (day) AS (SELECT max(day) FROM running_days),
  waited (day) AS (
    SELECT min(requested_at) / 86400000 FROM key_recoveries WHERE state = 'waiting'
    UNION ALL
    SELECT day + 1 FROM waited WHERE day < (SELECT min(day) FROM running_days)
  )
INSERT OR IGNORE INTO running_days (day)
SELECT day FROM waited WHERE day IS NOT NULL AND day <= (SELECT day FROM newest);
