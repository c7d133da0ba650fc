-- Of which server an identity is: another one that is configured under the same id may call somebody else so. null: it was linked
-- before this was kept, and says it with the next sign-in.
ALTER TABLE identities ADD COLUMN issuer TEXT;
