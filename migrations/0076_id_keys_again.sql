-- What pairs of letters look like is asked after what single ones do: the keys are made anew.
DELETE FROM app_id_keys;
