-- Who is to see an app with its first publication, sealed under the master key: until then rows are all that says it, and whoever
-- writes into this database beside the store could show everybody what is for a group.

ALTER TABLE apps ADD COLUMN sealed_audiences BLOB;
