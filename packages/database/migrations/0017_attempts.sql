-- Every attempt to bring a message to its customer is a row of its own: receipts speak of attempts, and what makes
-- an attempt exclusive stands in its row.

-- new_id: A UUIDv7, which sorts by the time it was made; for what the application writes. PostgreSQL has one of its
-- own from version 18 on.
CREATE FUNCTION new_id() RETURNS UUID LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
    SELECT encode(
        set_bit(set_bit(
            overlay(uuid_send(gen_random_uuid())
                    PLACING substring(int8send((EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::bigint) FROM 3)
                    FROM 1 FOR 6),
            52, 1), 53, 1), 'hex')::uuid
$$;

-- server_processes: Which server processes live. Each says so every second or two, by the database's clock.
CREATE TABLE server_processes (
    id UUID PRIMARY KEY,
    started_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    seen_at TIMESTAMPTZ NOT NULL DEFAULT NOW()
);

-- message_attempts: One for a message that is sent, one more for each time that a person sends it again. The id goes
-- along to the channel and comes back in receipts. What a channel refuses before it takes it is tried again within
-- the same attempt.
CREATE TABLE message_attempts (
    id UUID PRIMARY KEY,
    message_id UUID NOT NULL REFERENCES messages(id) ON DELETE CASCADE,
    number INT NOT NULL CHECK (number > 0),
    conversation_id UUID NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
    message_seq BIGINT NOT NULL, -- the message's: first in, first out
    -- ambiguous: nobody knows whether the channel took it; dropped: not needed, the customer has an earlier one.
    state VARCHAR(20) NOT NULL DEFAULT 'waiting' CHECK (state IN (
        'waiting', 'sending', 'ambiguous', 'sent', 'delivered', 'read', 'failed', 'dropped')),
    tries INT NOT NULL DEFAULT 0, -- the fencing number: what a try brings counts only while this is the number it began with
    refusals INT NOT NULL DEFAULT 0, -- tries that the channel refused for the moment
    sending_by UUID, -- the server process whose try it is, or was
    sending_since TIMESTAMPTZ,
    next_try_at TIMESTAMPTZ,
    sent_to VARCHAR(255), -- the customer's address at the time
    channel_message_id VARCHAR(255),
    failed_reason TEXT,
    detail TEXT, -- what the channel said last
    created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    sent_at TIMESTAMPTZ,
    delivered_at TIMESTAMPTZ,
    read_at TIMESTAMPTZ,
    UNIQUE (message_id, number),
    CONSTRAINT message_attempts_sending_by_somebody CHECK (state <> 'sending' OR sending_by IS NOT NULL)
);
CREATE UNIQUE INDEX message_attempts_channel_id ON message_attempts(channel_message_id)
    WHERE channel_message_id IS NOT NULL;
CREATE INDEX message_attempts_to_send ON message_attempts(conversation_id, message_seq)
    WHERE state IN ('waiting', 'sending');
CREATE INDEX message_attempts_under_way ON message_attempts(sending_since) WHERE state = 'sending';

INSERT INTO message_attempts (
    id, message_id, number, conversation_id, message_seq, state, refusals, next_try_at, channel_message_id,
    failed_reason, created_at, sent_at, delivered_at, read_at)
SELECT id, id, 1, conversation_id, seq,
       CASE WHEN status <> 'pending' THEN status
            WHEN ambiguous_at IS NOT NULL OR sending_since IS NOT NULL THEN 'ambiguous'
            ELSE 'waiting' END,
       COALESCE(retry_count, 0), next_attempt_at, channel_message_id, failed_reason,
       created_at, CASE WHEN status IN ('sent', 'delivered', 'read') THEN sent_at END, delivered_at, read_at
FROM messages WHERE direction = 'outbound';

ALTER TABLE messages
    -- What a person said had become of it, while nobody knew. What the channel says later counts for more.
    ADD COLUMN settled_as VARCHAR(20) CHECK (settled_as IN ('sent', 'discarded')),
    -- Reactions, edits, system messages: they open nothing, answer nothing and start no clock.
    ADD COLUMN is_quiet BOOLEAN NOT NULL DEFAULT FALSE,
    DROP COLUMN next_attempt_at;
UPDATE messages SET ambiguous_at = COALESCE(sending_since, NOW())
WHERE status = 'pending' AND sending_since IS NOT NULL AND ambiguous_at IS NULL;
UPDATE messages SET is_quiet = TRUE
WHERE content_type IN ('reaction', 'system', 'edit', 'revoke', 'request_welcome');
UPDATE messages SET settled_as = 'discarded' WHERE discarded_at IS NOT NULL;
DROP INDEX messages_to_send;
ALTER TABLE messages DROP COLUMN sending_since;

ALTER TABLE channel_accounts
    -- The channel refuses everything (a token ended, an account is locked): its messages wait until one goes through.
    ADD COLUMN stopped_at TIMESTAMPTZ,
    ADD COLUMN stopped_reason TEXT,
    ADD COLUMN next_probe_at TIMESTAMPTZ,
    ADD CONSTRAINT channel_accounts_probed_while_stopped CHECK ((stopped_at IS NULL) = (next_probe_at IS NULL));
