-- Which apps are for a group: before it is deleted, and to list them.
CREATE INDEX app_audiences_current ON app_audiences (audience, app_id) WHERE left_at IS NULL;
