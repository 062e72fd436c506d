-- What is still to be done stands in a small table of its own: finishing a body then deletes a row of a few
-- bytes instead of writing the whole body anew.
CREATE TABLE unprocessed_bodies (
    id BIGINT PRIMARY KEY, -- a row of webhook_bodies
    received_at TIMESTAMPTZ NOT NULL DEFAULT NOW()
);
INSERT INTO unprocessed_bodies (id, received_at)
SELECT id, received_at FROM webhook_bodies WHERE processed_at IS NULL;

DROP INDEX webhook_bodies_unprocessed;
DROP INDEX webhook_bodies_received; -- pruned in the order of their ids
ALTER TABLE webhook_bodies DROP COLUMN processed_at;
