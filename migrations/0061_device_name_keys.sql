-- Devices are looked for by their names as names are kept now: composed, and each white space as one space. Those that enrolled
-- before that have other keys. What SQL cannot do of it, the program does in this migration's transaction.

UPDATE devices SET name_key = trim(name_key) WHERE name_key <> trim(name_key);
