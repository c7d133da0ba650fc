-- Whether somebody has a role in any organisation is asked with each request, and must not be read from all of them.

DROP INDEX memberships_account;
CREATE INDEX memberships_account ON memberships (account_id, role);
