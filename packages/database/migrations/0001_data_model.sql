-- The data model of the user's specification, under its own names, with what was settled on top of it
-- (docs: the data model and its decisions). Nothing here is ever edited again: a change is a new file.

-- Exclusion constraints over (uuid, int, range) need it. A trusted extension of PostgreSQL's own contrib.
CREATE EXTENSION IF NOT EXISTS btree_gist;

-- users: Agent and admin accounts.
CREATE TABLE users (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    email VARCHAR(255) UNIQUE NOT NULL,
    password_hash VARCHAR(255) NOT NULL,
    full_name VARCHAR(255) NOT NULL,
    role VARCHAR(50) NOT NULL CHECK (role IN ('admin', 'supervisor', 'team_lead', 'agent')),
    is_active BOOLEAN DEFAULT TRUE,
    created_at TIMESTAMPTZ DEFAULT NOW(),
    updated_at TIMESTAMPTZ DEFAULT NOW()
);

CREATE INDEX idx_users_email ON users(email);
CREATE INDEX idx_users_role ON users(role);
CREATE INDEX idx_users_active ON users(is_active) WHERE is_active = TRUE;

-- teams: Sales, Support, Customer Service.
CREATE TABLE teams (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    name VARCHAR(100) UNIQUE NOT NULL,
    slug VARCHAR(50) UNIQUE NOT NULL,
    description TEXT,
    is_active BOOLEAN DEFAULT TRUE,
    created_at TIMESTAMPTZ DEFAULT NOW()
);

CREATE INDEX idx_teams_slug ON teams(slug);

INSERT INTO teams (name, slug) VALUES
    ('Sales', 'sales'),
    ('Support', 'support'),
    ('Customer Service', 'customer_service');

-- agent_presence: What an agent's workstations last said, one row per agent.
CREATE TABLE agent_presence (
    user_id UUID PRIMARY KEY REFERENCES users(id) ON DELETE CASCADE,
    status VARCHAR(20) NOT NULL DEFAULT 'offline' CHECK (status IN ('online', 'busy', 'away', 'offline')),
    reason VARCHAR(100),
    capacity INT NOT NULL DEFAULT 5 CHECK (capacity >= 0), -- conversations, weighted, at the same time
    since TIMESTAMPTZ NOT NULL DEFAULT NOW(), -- when status last changed
    last_seen_at TIMESTAMPTZ,
    wrap_up_until TIMESTAMPTZ -- the slot of a closed conversation is held until then
);

CREATE INDEX idx_agent_presence_status ON agent_presence(status) WHERE status <> 'offline';

-- team_memberships: Many-to-many: users ↔ teams.
CREATE TABLE team_memberships (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id UUID NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    team_id UUID NOT NULL REFERENCES teams(id) ON DELETE CASCADE,
    joined_at TIMESTAMPTZ DEFAULT NOW(),
    UNIQUE(user_id, team_id)
);

CREATE INDEX idx_team_memberships_user ON team_memberships(user_id);
CREATE INDEX idx_team_memberships_team ON team_memberships(team_id);

-- customers: End-users from WhatsApp or Chat App.
CREATE TABLE customers (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    external_id VARCHAR(255) UNIQUE NOT NULL, -- phone number or customer_id
    channel VARCHAR(50) NOT NULL CHECK (channel IN ('whatsapp', 'chat_app')),
    name VARCHAR(255),
    metadata JSONB DEFAULT '{}',
    created_at TIMESTAMPTZ DEFAULT NOW(),
    updated_at TIMESTAMPTZ DEFAULT NOW()
);

CREATE INDEX idx_customers_external_id ON customers(external_id);
CREATE INDEX idx_customers_channel ON customers(channel);
CREATE INDEX idx_customers_metadata ON customers USING GIN(metadata);

-- conversations: Core conversation entity.
CREATE TABLE conversations (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    customer_id UUID NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
    channel VARCHAR(50) NOT NULL CHECK (channel IN ('whatsapp', 'chat_app')),
    team_id UUID REFERENCES teams(id) ON DELETE SET NULL,
    assigned_to UUID REFERENCES users(id) ON DELETE SET NULL,
    status VARCHAR(50) NOT NULL DEFAULT 'new' CHECK (status IN (
        'new', 'triage', 'queued', 'assigned',
        'pending_customer', 'pending_agent', 'closed'
    )),
    priority VARCHAR(20) DEFAULT 'normal' CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
    first_message_at TIMESTAMPTZ,
    first_response_at TIMESTAMPTZ,
    assigned_at TIMESTAMPTZ,
    closed_at TIMESTAMPTZ,
    closed_by UUID REFERENCES users(id) ON DELETE SET NULL,
    close_reason VARCHAR(100),
    metadata JSONB DEFAULT '{}',
    created_at TIMESTAMPTZ DEFAULT NOW(),
    updated_at TIMESTAMPTZ DEFAULT NOW()
);

CREATE INDEX idx_conversations_customer ON conversations(customer_id);
CREATE INDEX idx_conversations_status ON conversations(status);
CREATE INDEX idx_conversations_team ON conversations(team_id);
CREATE INDEX idx_conversations_assigned ON conversations(assigned_to);
CREATE INDEX idx_conversations_created ON conversations(created_at DESC);
CREATE INDEX idx_conversations_queue ON conversations(team_id, status)
    WHERE status IN ('queued', 'triage');

-- messages: All messages (customer ↔ agent).
CREATE TABLE messages (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    conversation_id UUID NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
    channel_message_id VARCHAR(255), -- External ID from WhatsApp/Chat App
    direction VARCHAR(20) NOT NULL CHECK (direction IN ('inbound', 'outbound')),
    sender_type VARCHAR(20) NOT NULL CHECK (sender_type IN ('customer', 'agent', 'system')),
    sender_id UUID, -- user_id if agent, customer_id if customer
    content_type VARCHAR(50) NOT NULL DEFAULT 'text',
    content_text TEXT,
    content_media_url TEXT,
    content_metadata JSONB DEFAULT '{}',
    status VARCHAR(50) DEFAULT 'sent' CHECK (status IN ('pending', 'sent', 'delivered', 'read', 'failed')),
    sent_at TIMESTAMPTZ DEFAULT NOW(),
    delivered_at TIMESTAMPTZ,
    read_at TIMESTAMPTZ,
    failed_reason TEXT,
    retry_count INT DEFAULT 0,
    metadata JSONB DEFAULT '{}',
    created_at TIMESTAMPTZ DEFAULT NOW()
);

CREATE UNIQUE INDEX idx_messages_channel_id ON messages(channel_message_id)
    WHERE channel_message_id IS NOT NULL;
CREATE INDEX idx_messages_conversation ON messages(conversation_id, created_at DESC);
CREATE INDEX idx_messages_status ON messages(status) WHERE status IN ('pending', 'failed');

-- conversation_events: Audit trail for state changes.
CREATE TABLE conversation_events (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    conversation_id UUID NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
    event_type VARCHAR(100) NOT NULL,
    actor_type VARCHAR(20) CHECK (actor_type IN ('user', 'system', 'ai')),
    actor_id UUID, -- user_id or null for system
    old_value JSONB,
    new_value JSONB,
    metadata JSONB DEFAULT '{}',
    created_at TIMESTAMPTZ DEFAULT NOW()
);

CREATE INDEX idx_events_conversation ON conversation_events(conversation_id, created_at DESC);
CREATE INDEX idx_events_type ON conversation_events(event_type);
CREATE INDEX idx_events_actor ON conversation_events(actor_id) WHERE actor_id IS NOT NULL;

-- conversation_assignments: One row per ownership of a conversation.
CREATE TABLE conversation_assignments (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    conversation_id UUID NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
    user_id UUID NOT NULL REFERENCES users(id) ON DELETE RESTRICT,
    team_id UUID REFERENCES teams(id) ON DELETE SET NULL,
    method VARCHAR(20) NOT NULL CHECK (method IN (
        'auto', 'offer', 'claim', 'manual', 'transfer', 'reopen', 'takeover'
    )),
    assigned_by UUID REFERENCES users(id) ON DELETE SET NULL, -- null: the system
    explanation JSONB NOT NULL DEFAULT '{}', -- who was eligible, who was not and why, the score
    -- No check that ended_at >= assigned_at: NOW() is the transaction's start, and the transaction
    -- that ends an ownership may have started before the one that began it.
    assigned_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    ended_at TIMESTAMPTZ,
    end_reason VARCHAR(100),
    CONSTRAINT conversation_assignments_reason_when_ended CHECK (end_reason IS NULL OR ended_at IS NOT NULL)
);

-- Never two owners, whatever the concurrency.
CREATE UNIQUE INDEX idx_conversation_assignments_open ON conversation_assignments(conversation_id)
    WHERE ended_at IS NULL;
CREATE INDEX idx_conversation_assignments_conversation
    ON conversation_assignments(conversation_id, assigned_at DESC);
CREATE INDEX idx_conversation_assignments_user ON conversation_assignments(user_id, assigned_at DESC);
CREATE INDEX idx_conversation_assignments_user_open ON conversation_assignments(user_id) WHERE ended_at IS NULL;

-- tags: Reusable labels.
CREATE TABLE tags (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    name VARCHAR(100) UNIQUE NOT NULL,
    color VARCHAR(7) DEFAULT '#3B82F6',
    team_id UUID REFERENCES teams(id) ON DELETE CASCADE, -- null = global
    created_at TIMESTAMPTZ DEFAULT NOW()
);

CREATE INDEX idx_tags_team ON tags(team_id);

-- conversation_tags: Many-to-many: conversations ↔ tags.
CREATE TABLE conversation_tags (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    conversation_id UUID NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
    tag_id UUID NOT NULL REFERENCES tags(id) ON DELETE CASCADE,
    added_by UUID REFERENCES users(id) ON DELETE SET NULL,
    created_at TIMESTAMPTZ DEFAULT NOW(),
    UNIQUE(conversation_id, tag_id)
);

CREATE INDEX idx_conversation_tags_conv ON conversation_tags(conversation_id);
CREATE INDEX idx_conversation_tags_tag ON conversation_tags(tag_id);

-- conversation_notes: Internal agent notes.
CREATE TABLE conversation_notes (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    conversation_id UUID NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
    -- A user is never deleted (is_active = false; erasure anonymises the row).
    author_id UUID NOT NULL REFERENCES users(id) ON DELETE RESTRICT,
    content TEXT NOT NULL,
    is_pinned BOOLEAN DEFAULT FALSE,
    created_at TIMESTAMPTZ DEFAULT NOW(),
    updated_at TIMESTAMPTZ DEFAULT NOW()
);

CREATE INDEX idx_notes_conversation ON conversation_notes(conversation_id, created_at DESC);
CREATE INDEX idx_notes_pinned ON conversation_notes(conversation_id) WHERE is_pinned = TRUE;

-- internal_threads: Agent-to-agent chat threads.
CREATE TABLE internal_threads (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    title VARCHAR(255),
    created_by UUID NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    is_archived BOOLEAN DEFAULT FALSE,
    created_at TIMESTAMPTZ DEFAULT NOW(),
    updated_at TIMESTAMPTZ DEFAULT NOW()
);

CREATE INDEX idx_internal_threads_created ON internal_threads(created_at DESC);
CREATE INDEX idx_internal_threads_active ON internal_threads(is_archived) WHERE is_archived = FALSE;

-- internal_thread_members: Thread participants.
CREATE TABLE internal_thread_members (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    thread_id UUID NOT NULL REFERENCES internal_threads(id) ON DELETE CASCADE,
    user_id UUID NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    joined_at TIMESTAMPTZ DEFAULT NOW(),
    last_read_at TIMESTAMPTZ,
    UNIQUE(thread_id, user_id)
);

CREATE INDEX idx_thread_members_user ON internal_thread_members(user_id);
CREATE INDEX idx_thread_members_thread ON internal_thread_members(thread_id);

-- internal_messages: Messages within threads.
CREATE TABLE internal_messages (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    thread_id UUID NOT NULL REFERENCES internal_threads(id) ON DELETE CASCADE,
    -- A user is never deleted (is_active = false; erasure anonymises the row).
    sender_id UUID NOT NULL REFERENCES users(id) ON DELETE RESTRICT,
    content TEXT NOT NULL,
    created_at TIMESTAMPTZ DEFAULT NOW()
);

CREATE INDEX idx_internal_messages_thread ON internal_messages(thread_id, created_at DESC);

-- integration_configs: External system credentials (encrypted).
CREATE TABLE integration_configs (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    name VARCHAR(100) UNIQUE NOT NULL, -- 'ticketing', 'transaction_status', 'transaction_create'
    type VARCHAR(50) NOT NULL, -- 'api_key', 'oauth2'
    credentials_encrypted BYTEA NOT NULL, -- AES-256-GCM by the application: nonce || ciphertext || tag
    is_active BOOLEAN DEFAULT TRUE,
    created_at TIMESTAMPTZ DEFAULT NOW(),
    updated_at TIMESTAMPTZ DEFAULT NOW(),
    key_id VARCHAR(64) NOT NULL -- which application key encrypted it, so that keys can be rotated
);

-- integration_logs: Audit trail for external API calls.
CREATE TABLE integration_logs (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    integration_name VARCHAR(100) NOT NULL,
    operation VARCHAR(100) NOT NULL,
    request_payload JSONB,
    response_payload JSONB,
    status_code INT,
    duration_ms INT,
    error TEXT,
    created_at TIMESTAMPTZ DEFAULT NOW()
);

CREATE INDEX idx_integration_logs_name ON integration_logs(integration_name, created_at DESC);
CREATE INDEX idx_integration_logs_error ON integration_logs(integration_name) WHERE error IS NOT NULL;

-- ai_tool_audit_logs: AI agent tool invocations.
CREATE TABLE ai_tool_audit_logs (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    conversation_id UUID NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
    tool_name VARCHAR(100) NOT NULL,
    input_params JSONB NOT NULL,
    output_result JSONB,
    status VARCHAR(50) NOT NULL CHECK (status IN ('success', 'failed', 'denied')),
    denial_reason TEXT,
    executed_by VARCHAR(50) DEFAULT 'ai_agent',
    created_at TIMESTAMPTZ DEFAULT NOW()
);

CREATE INDEX idx_ai_tool_logs_conversation ON ai_tool_audit_logs(conversation_id, created_at DESC);
CREATE INDEX idx_ai_tool_logs_tool ON ai_tool_audit_logs(tool_name);
CREATE INDEX idx_ai_tool_logs_denied ON ai_tool_audit_logs(status) WHERE status = 'denied';

-- agent_stats: Daily agent performance.
CREATE TABLE agent_stats (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id UUID NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    date DATE NOT NULL,
    conversations_handled INT DEFAULT 0,
    messages_sent INT DEFAULT 0,
    avg_frt_seconds INT,
    avg_resolution_seconds INT,
    created_at TIMESTAMPTZ DEFAULT NOW(),
    UNIQUE(user_id, date)
);

CREATE INDEX idx_agent_stats_user_date ON agent_stats(user_id, date DESC);

-- team_stats: Daily team performance.
CREATE TABLE team_stats (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    team_id UUID NOT NULL REFERENCES teams(id) ON DELETE CASCADE,
    date DATE NOT NULL,
    conversations_created INT DEFAULT 0,
    conversations_closed INT DEFAULT 0,
    avg_frt_seconds INT,
    avg_resolution_seconds INT,
    created_at TIMESTAMPTZ DEFAULT NOW(),
    UNIQUE(team_id, date)
);

CREATE INDEX idx_team_stats_team_date ON team_stats(team_id, date DESC);

-- queue_summary: Real-time queue counts.
CREATE MATERIALIZED VIEW queue_summary AS
SELECT
    team_id,
    status,
    COUNT(*) as count,
    MIN(created_at) as oldest_conversation
FROM conversations
WHERE status IN ('queued', 'triage')
GROUP BY team_id, status;

CREATE UNIQUE INDEX idx_queue_summary ON queue_summary(team_id, status);

-- media_files: Store media files from WhatsApp/Chat App.
CREATE TABLE media_files (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    message_id UUID NOT NULL REFERENCES messages(id) ON DELETE CASCADE,
    channel_media_id VARCHAR(255), -- WhatsApp media ID
    media_type VARCHAR(50) NOT NULL CHECK (media_type IN ('image', 'video', 'audio', 'document')),
    mime_type VARCHAR(100),
    file_size_bytes BIGINT,
    original_filename VARCHAR(255),
    storage_url TEXT NOT NULL, -- S3/CloudFlare R2 URL
    storage_key VARCHAR(500), -- S3 key for deletion
    thumbnail_url TEXT,
    expires_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ DEFAULT NOW()
);

CREATE INDEX idx_media_files_message ON media_files(message_id);
CREATE INDEX idx_media_files_expires ON media_files(expires_at) WHERE expires_at IS NOT NULL;

-- customer_identities: Link multiple identities to same customer.
CREATE TABLE customer_identities (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    customer_id UUID NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
    channel VARCHAR(50) NOT NULL CHECK (channel IN ('whatsapp', 'chat_app', 'email', 'sms')),
    external_id VARCHAR(255) NOT NULL,
    is_primary BOOLEAN DEFAULT FALSE,
    verified_at TIMESTAMPTZ,
    linked_by UUID REFERENCES users(id) ON DELETE SET NULL,
    created_at TIMESTAMPTZ DEFAULT NOW(),
    UNIQUE(channel, external_id)
);

CREATE INDEX idx_customer_identities_customer ON customer_identities(customer_id);
CREATE INDEX idx_customer_identities_external ON customer_identities(channel, external_id);
CREATE INDEX idx_customer_identities_primary ON customer_identities(customer_id) WHERE is_primary = TRUE;

-- canned_responses: Pre-defined quick replies for agents.
CREATE TABLE canned_responses (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    team_id UUID REFERENCES teams(id) ON DELETE CASCADE,
    shortcut VARCHAR(50) NOT NULL,
    title VARCHAR(255) NOT NULL,
    content TEXT NOT NULL,
    language VARCHAR(10) DEFAULT 'es',
    category VARCHAR(100),
    usage_count INT DEFAULT 0,
    -- A user is never deleted (is_active = false; erasure anonymises the row).
    created_by UUID NOT NULL REFERENCES users(id) ON DELETE RESTRICT,
    created_at TIMESTAMPTZ DEFAULT NOW(),
    updated_at TIMESTAMPTZ DEFAULT NOW(),
    owner_id UUID REFERENCES users(id) ON DELETE RESTRICT, -- set: personal; team_id set: a team's; neither: global
    CONSTRAINT canned_responses_team_or_owner CHECK (team_id IS NULL OR owner_id IS NULL),
    UNIQUE(team_id, shortcut)
);

-- UNIQUE(team_id, shortcut) does not see rows without a team: null differs from null.
CREATE UNIQUE INDEX idx_canned_responses_global_shortcut ON canned_responses(shortcut)
    WHERE team_id IS NULL AND owner_id IS NULL;
CREATE UNIQUE INDEX idx_canned_responses_personal_shortcut ON canned_responses(owner_id, shortcut)
    WHERE owner_id IS NOT NULL;

CREATE INDEX idx_canned_responses_team ON canned_responses(team_id);
CREATE INDEX idx_canned_responses_shortcut ON canned_responses(shortcut);
CREATE INDEX idx_canned_responses_category ON canned_responses(category);

-- sla_policies: Service Level Agreement definitions.
CREATE TABLE sla_policies (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    team_id UUID NOT NULL REFERENCES teams(id) ON DELETE CASCADE,
    priority VARCHAR(20) NOT NULL CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
    frt_target_seconds INT NOT NULL,
    resolution_target_seconds INT NOT NULL,
    escalation_after_seconds INT,
    is_active BOOLEAN DEFAULT TRUE,
    created_at TIMESTAMPTZ DEFAULT NOW(),
    UNIQUE(team_id, priority)
);

CREATE INDEX idx_sla_policies_team ON sla_policies(team_id);

-- sla_violations: Track SLA breaches.
CREATE TABLE sla_violations (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    conversation_id UUID NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
    sla_policy_id UUID NOT NULL REFERENCES sla_policies(id) ON DELETE CASCADE,
    violation_type VARCHAR(50) NOT NULL CHECK (violation_type IN ('frt', 'resolution')),
    target_seconds INT NOT NULL,
    actual_seconds INT NOT NULL,
    escalated_to UUID REFERENCES users(id) ON DELETE SET NULL,
    escalated_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ DEFAULT NOW()
);

CREATE INDEX idx_sla_violations_conversation ON sla_violations(conversation_id);
CREATE INDEX idx_sla_violations_created ON sla_violations(created_at DESC);

-- business_hours: Team operating hours.
CREATE TABLE business_hours (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    team_id UUID NOT NULL REFERENCES teams(id) ON DELETE CASCADE,
    day_of_week INT NOT NULL CHECK (day_of_week BETWEEN 0 AND 6), -- 0=Monday, 6=Sunday
    open_time TIME NOT NULL,
    close_time TIME NOT NULL, -- '24:00' closes at the day's end; a night shift is two rows
    timezone VARCHAR(50) DEFAULT 'America/Mexico_City',
    is_active BOOLEAN DEFAULT TRUE,
    CONSTRAINT business_hours_open_before_close CHECK (open_time < close_time),
    UNIQUE(team_id, day_of_week, open_time), -- split shifts: several windows a day
    -- Windows that count do not overlap; touching ones (13:00 closes, 13:00 opens) do not overlap.
    CONSTRAINT business_hours_no_overlap EXCLUDE USING gist (
        team_id WITH =,
        day_of_week WITH =,
        numrange(EXTRACT(EPOCH FROM open_time), EXTRACT(EPOCH FROM close_time)) WITH &&
    ) WHERE (is_active IS NOT FALSE)
);

CREATE INDEX idx_business_hours_team ON business_hours(team_id);

-- team_holidays: days on which a team is closed whatever its business hours say.
CREATE TABLE team_holidays (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    team_id UUID NOT NULL REFERENCES teams(id) ON DELETE CASCADE,
    date DATE NOT NULL, -- in the team's time zone
    name VARCHAR(255) NOT NULL,
    created_at TIMESTAMPTZ DEFAULT NOW(),
    UNIQUE(team_id, date)
);

-- whatsapp_templates: WhatsApp message templates.
CREATE TABLE whatsapp_templates (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    name VARCHAR(100) NOT NULL,
    language VARCHAR(10) NOT NULL,
    category VARCHAR(50) NOT NULL CHECK (category IN ('MARKETING', 'UTILITY', 'AUTHENTICATION')),
    status VARCHAR(50) NOT NULL CHECK (status IN (
        'PENDING', 'APPROVED', 'REJECTED', 'PAUSED', 'DISABLED', 'FLAGGED', 'IN_APPEAL',
        'LOCKED', 'REINSTATED', 'LIMIT_EXCEEDED', 'ARCHIVED', 'DELETED', 'PENDING_DELETION'
    )),
    components JSONB NOT NULL,
    whatsapp_template_id VARCHAR(255),
    rejection_reason TEXT,
    created_by UUID REFERENCES users(id) ON DELETE SET NULL,
    created_at TIMESTAMPTZ DEFAULT NOW(),
    updated_at TIMESTAMPTZ DEFAULT NOW(),
    UNIQUE(name, language)
);

CREATE INDEX idx_whatsapp_templates_status ON whatsapp_templates(status);
CREATE INDEX idx_whatsapp_templates_name ON whatsapp_templates(name);

-- agent_skills: Agent skills for routing.
CREATE TABLE agent_skills (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id UUID NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    skill_name VARCHAR(100) NOT NULL,
    proficiency_level INT NOT NULL CHECK (proficiency_level BETWEEN 1 AND 5),
    verified_by UUID REFERENCES users(id) ON DELETE SET NULL,
    created_at TIMESTAMPTZ DEFAULT NOW(),
    UNIQUE(user_id, skill_name)
);

CREATE INDEX idx_agent_skills_user ON agent_skills(user_id);
CREATE INDEX idx_agent_skills_skill ON agent_skills(skill_name);

-- webhook_subscriptions: Outbound webhooks for external systems.
CREATE TABLE webhook_subscriptions (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    url TEXT NOT NULL,
    events TEXT[] NOT NULL,
    -- base64 of nonce (12 bytes) || ciphertext || tag (16 bytes), AES-256-GCM by the application.
    -- The check refuses what cannot be that, so a plain secret does not get here by mistake.
    -- 255 characters hold a secret of at most 163 bytes.
    secret VARCHAR(255) NOT NULL
        CONSTRAINT webhook_subscriptions_secret_is_ciphertext
        CHECK (length(secret) >= 40 AND secret ~ '^[A-Za-z0-9+/]+={0,2}$'),
    is_active BOOLEAN DEFAULT TRUE,
    retry_count INT DEFAULT 3,
    timeout_seconds INT DEFAULT 10,
    created_by UUID REFERENCES users(id) ON DELETE SET NULL,
    created_at TIMESTAMPTZ DEFAULT NOW(),
    updated_at TIMESTAMPTZ DEFAULT NOW(),
    key_id VARCHAR(64) NOT NULL -- which application key encrypted the secret
);

CREATE INDEX idx_webhook_subscriptions_active ON webhook_subscriptions(is_active) WHERE is_active = TRUE;

-- webhook_deliveries: Track webhook delivery attempts.
CREATE TABLE webhook_deliveries (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    subscription_id UUID NOT NULL REFERENCES webhook_subscriptions(id) ON DELETE CASCADE,
    event_type VARCHAR(100) NOT NULL,
    payload JSONB NOT NULL,
    status_code INT,
    response_body TEXT,
    error TEXT,
    attempt_number INT DEFAULT 1,
    created_at TIMESTAMPTZ DEFAULT NOW()
);

CREATE INDEX idx_webhook_deliveries_subscription ON webhook_deliveries(subscription_id, created_at DESC);
CREATE INDEX idx_webhook_deliveries_failed ON webhook_deliveries(subscription_id) WHERE error IS NOT NULL;

-- rate_limit_buckets: Customer-side rate limiting.
CREATE TABLE rate_limit_buckets (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    customer_id UUID NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
    bucket_type VARCHAR(50) NOT NULL CHECK (bucket_type IN ('message', 'conversation')),
    count INT DEFAULT 0,
    window_start TIMESTAMPTZ NOT NULL,
    window_end TIMESTAMPTZ NOT NULL,
    is_blocked BOOLEAN DEFAULT FALSE,
    created_at TIMESTAMPTZ DEFAULT NOW(),
    UNIQUE(customer_id, bucket_type, window_start)
);

CREATE INDEX idx_rate_limit_buckets_customer ON rate_limit_buckets(customer_id);
CREATE INDEX idx_rate_limit_buckets_window ON rate_limit_buckets(window_end) WHERE is_blocked = FALSE;
