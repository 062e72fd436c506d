-- What comes in from the channels, kept as it came until it has been processed, and a fortnight after.

CREATE TABLE webhook_bodies (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    channel VARCHAR(50) NOT NULL CHECK (channel IN ('whatsapp', 'chat_app')),
    body BYTEA NOT NULL, -- the raw bytes that the signature was made over
    received_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    processed_at TIMESTAMPTZ
);
CREATE INDEX webhook_bodies_unprocessed ON webhook_bodies(id) WHERE processed_at IS NULL;
CREATE INDEX webhook_bodies_received ON webhook_bodies(received_at);

-- quarantined_updates: Parts of a body that could not be processed, with the reason. Their neighbours were.
CREATE TABLE quarantined_updates (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    webhook_body_id BIGINT NOT NULL REFERENCES webhook_bodies(id) ON DELETE CASCADE,
    path TEXT NOT NULL, -- where in the body, such as entry[0].changes[0].value.messages[1]
    reason VARCHAR(50) NOT NULL,
    detail TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    UNIQUE (webhook_body_id, path)
);

-- parked_receipts: Receipts whose message we do not know (yet): they can overtake the answer to the send.
CREATE TABLE parked_receipts (
    channel_message_id VARCHAR(255) NOT NULL,
    status VARCHAR(20) NOT NULL CHECK (status IN ('sent', 'delivered', 'read', 'failed')),
    occurred_at TIMESTAMPTZ NOT NULL,
    failed_reason TEXT,
    parked_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    PRIMARY KEY (channel_message_id, status)
);
CREATE INDEX parked_receipts_parked ON parked_receipts(parked_at);
