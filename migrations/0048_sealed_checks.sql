-- What the checks found of an upload, sealed under the master key: whoever writes into this database beside the store could have
-- another package approved than the one that was judged, or hide from its reviewer what was found.

ALTER TABLE versions ADD COLUMN sealed_check BLOB;
