-- What the lifecycle, the channels and the inbox need of a conversation beyond the data model's columns.

-- channel_accounts: The business's own ends of its channels: a WhatsApp number, a chat app.
CREATE TABLE channel_accounts (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    channel VARCHAR(50) NOT NULL CHECK (channel IN ('whatsapp', 'chat_app')),
    external_id VARCHAR(255) NOT NULL, -- WhatsApp: phone_number_id
    display_name VARCHAR(255) NOT NULL,
    is_active BOOLEAN NOT NULL DEFAULT TRUE,
    created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    UNIQUE (channel, external_id)
);

-- team_settings: How a team works; a team without a row works by these defaults.
CREATE TABLE team_settings (
    team_id UUID PRIMARY KEY REFERENCES teams(id) ON DELETE CASCADE,
    reopen_window_seconds INT NOT NULL DEFAULT 86400 CHECK (reopen_window_seconds >= 0),
    pending_customer_fraction NUMERIC(3, 2) NOT NULL DEFAULT 0.25
        CHECK (pending_customer_fraction BETWEEN 0 AND 1),
    return_unanswered_seconds INT NOT NULL DEFAULT 600 CHECK (return_unanswered_seconds >= 0),
    wrap_up_seconds INT NOT NULL DEFAULT 0 CHECK (wrap_up_seconds >= 0)
);

ALTER TABLE conversations
    ADD COLUMN channel_account_id UUID NOT NULL REFERENCES channel_accounts(id),
    ADD COLUMN version BIGINT NOT NULL DEFAULT 1,
    ADD COLUMN language VARCHAR(10),
    ADD COLUMN required_skills JSONB NOT NULL DEFAULT '{}',
    ADD COLUMN queued_at TIMESTAMPTZ,
    ADD COLUMN waiting_since TIMESTAMPTZ,   -- the customer's oldest unanswered message, by the channel's clock
    ADD COLUMN last_inbound_at TIMESTAMPTZ, -- WhatsApp's 24 hours count from here
    ADD COLUMN last_message_at TIMESTAMPTZ,
    ADD COLUMN last_agent_id UUID REFERENCES users(id), -- who answered last, for stickiness and reopening
    ADD COLUMN next_due_at TIMESTAMPTZ,
    ADD COLUMN snoozed_until TIMESTAMPTZ,
    ADD CONSTRAINT conversations_owner_matches_status CHECK (
        status = 'closed' OR (status IN ('assigned', 'pending_customer', 'pending_agent')) = (assigned_to IS NOT NULL)
    ),
    ADD CONSTRAINT conversations_queue_has_team CHECK (
        status <> 'queued' OR (team_id IS NOT NULL AND queued_at IS NOT NULL)
    ),
    ADD CONSTRAINT conversations_closed_at_matches_status CHECK ((status = 'closed') = (closed_at IS NOT NULL));

-- An album of ten pictures is one conversation, whatever arrives at the same time.
CREATE UNIQUE INDEX conversations_one_open ON conversations(customer_id, channel_account_id)
    WHERE status <> 'closed';

-- The newest conversation of a customer, to reopen or to hang a reaction on.
CREATE INDEX conversations_of_customer ON conversations(customer_id, channel_account_id, created_at DESC);

-- The order in which routing hands out.
CREATE INDEX conversations_waiting ON conversations(
    team_id,
    (CASE priority WHEN 'urgent' THEN 0 WHEN 'high' THEN 1 WHEN 'normal' THEN 2 ELSE 3 END),
    (COALESCE(next_due_at, 'infinity'::timestamptz)),
    queued_at,
    id
) WHERE status = 'queued';

-- What a person has open: routing's load, and the inbox.
CREATE INDEX conversations_owned ON conversations(assigned_to, status)
    WHERE status IN ('assigned', 'pending_customer', 'pending_agent');

-- Triage that was cut short is found again.
CREATE INDEX conversations_untriaged ON conversations(created_at) WHERE status IN ('new', 'triage');

ALTER TABLE messages
    ADD COLUMN seq BIGINT GENERATED ALWAYS AS IDENTITY, -- the server's own order
    ADD COLUMN version BIGINT NOT NULL DEFAULT 1,
    ADD COLUMN ambiguous_at TIMESTAMPTZ,     -- since when it is unknown whether the channel took it
    ADD COLUMN reply_to_id UUID REFERENCES messages(id) ON DELETE SET NULL,
    ADD COLUMN next_attempt_at TIMESTAMPTZ,  -- a refused send waits until then
    ADD COLUMN sending_since TIMESTAMPTZ;    -- a request to the channel is under way: a crash leaves it ambiguous

CREATE INDEX messages_by_sequence ON messages(conversation_id, seq);

-- What is to be sent, first in first out for each conversation.
CREATE INDEX messages_to_send ON messages(conversation_id, seq)
    WHERE direction = 'outbound' AND status = 'pending';

ALTER TABLE conversation_events
    ADD COLUMN seq BIGINT GENERATED ALWAYS AS IDENTITY;

ALTER TABLE customers ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE users ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE teams ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE canned_responses ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
