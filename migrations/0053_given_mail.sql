-- How often a mail server was given a message and did not say whether it took it: it may have, so that is not done for ever.

ALTER TABLE outbox ADD COLUMN given INTEGER NOT NULL DEFAULT 0;
