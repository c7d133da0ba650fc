-- The days on which the store was seen running, sealed under the master key: whoever writes into this database beside the store
-- could otherwise have waited through a recovery's time in a moment. With it come the seals of what was said of a version, and of
-- whose it is, in those of its checks and its approval.

ALTER TABLE running_days ADD COLUMN sealed BLOB;
