-- What is revoked, why and since when, sealed under the master key: of what no signed list names, nothing else tells the reason that
-- comes into a list once its app is shown to somebody.

ALTER TABLE revocations ADD COLUMN sealed BLOB;
