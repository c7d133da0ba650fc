-- Once a signing certificate is about to end its owners are told, in the transaction that writes it down here.
ALTER TABLE developer_certificates ADD COLUMN end_told_at INTEGER;
CREATE INDEX developer_certificates_untold ON developer_certificates (not_after) WHERE end_told_at IS NULL;
