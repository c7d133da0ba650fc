-- Whether owners and maintainers of apps may choose a group, and so read its name: an administrator says so.

ALTER TABLE groups ADD COLUMN offered INTEGER NOT NULL DEFAULT 0;
