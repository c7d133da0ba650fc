-- The API key with which somebody made an enrolment code: the code ends with the key.

ALTER TABLE enrolment_codes ADD COLUMN created_with TEXT;
