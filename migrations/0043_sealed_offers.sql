-- What was offered of an app, to whom and by whom, sealed under the master key: whoever writes into this database beside the
-- store could offer themselves what is another's. An open offer was not sealed: it ends, and can be made again.

ALTER TABLE app_transfers ADD COLUMN sealed BLOB;
UPDATE app_transfers SET state = 'expired' WHERE state = 'open';
