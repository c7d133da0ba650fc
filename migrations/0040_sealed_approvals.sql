-- What was approved, sealed under the master key: the store signs that, whatever somebody changed in this database since.

ALTER TABLE reviews ADD COLUMN sealed BLOB;
