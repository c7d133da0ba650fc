-- The linked account (identities.id) by which a session was begun, or a sign-in that waits for its second factor: unlinking it ends
-- them. null: something else began it, or it was begun before this was kept. What is unlinked stays named in the session in which
-- that was done, so it is no foreign key.
ALTER TABLE sessions ADD COLUMN identity_id TEXT;
ALTER TABLE pending_sign_ins ADD COLUMN identity_id TEXT;
CREATE INDEX sessions_identity ON sessions (identity_id) WHERE identity_id IS NOT NULL;
CREATE INDEX pending_sign_ins_identity ON pending_sign_ins (identity_id) WHERE identity_id IS NOT NULL;
