-- A person sees all that they began, with whichever of their keys: found by whose they are, in order.
DROP INDEX partial_uploads_account;
CREATE INDEX partial_uploads_account ON partial_uploads (account_id, id);
