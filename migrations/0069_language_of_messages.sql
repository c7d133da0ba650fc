-- Messages are written in their reader's language, which a mail program and a page have to know. Those of before are in English.

ALTER TABLE outbox ADD COLUMN language TEXT NOT NULL DEFAULT 'en';
