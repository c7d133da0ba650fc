-- Jobs of a state are listed in the order of their ids, a page at a time, however many there are.
CREATE INDEX jobs_state ON jobs (state, id);
