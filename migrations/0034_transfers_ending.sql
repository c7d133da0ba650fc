-- Offers of apps that nobody has answered, by when they end.

CREATE INDEX app_transfers_ending ON app_transfers (expires_at) WHERE state = 'open';
