-- Whether a message was taken since a time is asked at each look at the store's readiness while mail fails.

CREATE INDEX outbox_sent ON outbox (sent_at) WHERE sent_at IS NOT NULL;
