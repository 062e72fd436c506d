/**
 * What data-model.md and the decisions on top of it demand of the database, a block for each table. Written from
 * the specification, never from a database; catalogue.pg.test.ts compares it with the live catalogue, where more
 * may exist. Expressions are SQL; PostgreSQL itself brings both sides into one form.
 */
export type TableFacts = {
  table: string
  /** Name to `TYPE [NOT NULL] [DEFAULT …]`. */
  columns: Record<string, string>
  primaryKey: string
  /** Columns of each UNIQUE constraint. */
  unique?: string[]
  /** The condition of each CHECK constraint. */
  checks?: string[]
  /** Column to `table(column) ON DELETE …`. */
  foreignKeys?: Record<string, string>
  /** EXCLUDE constraints, without the word. */
  exclusions?: string[]
  /** Name to `[UNIQUE ][USING …](columns)[ WHERE …]`. */
  indexes?: Record<string, string>
}

export const TABLES: TableFacts[] = [
  {
    table: 'users',
    columns: {
      id: 'UUID NOT NULL DEFAULT gen_random_uuid()',
      email: 'VARCHAR(255) NOT NULL',
      password_hash: 'VARCHAR(255) NOT NULL',
      full_name: 'VARCHAR(255) NOT NULL',
      role: 'VARCHAR(50) NOT NULL',
      is_active: 'BOOLEAN DEFAULT TRUE',
      created_at: 'TIMESTAMPTZ DEFAULT NOW()',
      updated_at: 'TIMESTAMPTZ DEFAULT NOW()',
    },
    primaryKey: 'id',
    unique: ['email'],
    checks: ["role IN ('admin', 'supervisor', 'team_lead', 'agent')"],
    indexes: {
      idx_users_email: '(email)',
      idx_users_role: '(role)',
      idx_users_active: '(is_active) WHERE is_active = TRUE',
    },
  },
  {
    table: 'teams',
    columns: {
      id: 'UUID NOT NULL DEFAULT gen_random_uuid()',
      name: 'VARCHAR(100) NOT NULL',
      slug: 'VARCHAR(50) NOT NULL',
      description: 'TEXT',
      is_active: 'BOOLEAN DEFAULT TRUE',
      created_at: 'TIMESTAMPTZ DEFAULT NOW()',
    },
    primaryKey: 'id',
    unique: ['name', 'slug'],
    indexes: {
      idx_teams_slug: '(slug)',
    },
  },
  {
    // Drawn in the overview; settled.
    table: 'agent_presence',
    columns: {
      user_id: 'UUID NOT NULL',
      status: "VARCHAR(20) NOT NULL DEFAULT 'offline'",
      reason: 'VARCHAR(100)',
      capacity: 'INT NOT NULL DEFAULT 5',
      since: 'TIMESTAMPTZ NOT NULL DEFAULT NOW()',
      last_seen_at: 'TIMESTAMPTZ',
      wrap_up_until: 'TIMESTAMPTZ',
    },
    primaryKey: 'user_id',
    checks: ["status IN ('online', 'busy', 'away', 'offline')", 'capacity >= 0'],
    foreignKeys: { user_id: 'users(id) ON DELETE CASCADE' },
    indexes: { idx_agent_presence_status: "(status) WHERE status <> 'offline'" },
  },
  {
    table: 'team_memberships',
    columns: {
      id: 'UUID NOT NULL DEFAULT gen_random_uuid()',
      user_id: 'UUID NOT NULL',
      team_id: 'UUID NOT NULL',
      joined_at: 'TIMESTAMPTZ DEFAULT NOW()',
    },
    primaryKey: 'id',
    unique: ['user_id, team_id'],
    foreignKeys: {
      user_id: 'users(id) ON DELETE CASCADE',
      team_id: 'teams(id) ON DELETE CASCADE',
    },
    indexes: {
      idx_team_memberships_user: '(user_id)',
      idx_team_memberships_team: '(team_id)',
    },
  },
  {
    table: 'customers',
    columns: {
      id: 'UUID NOT NULL DEFAULT gen_random_uuid()',
      external_id: 'VARCHAR(255) NOT NULL',
      channel: 'VARCHAR(50) NOT NULL',
      name: 'VARCHAR(255)',
      metadata: "JSONB DEFAULT '{}'",
      created_at: 'TIMESTAMPTZ DEFAULT NOW()',
      updated_at: 'TIMESTAMPTZ DEFAULT NOW()',
    },
    primaryKey: 'id',
    unique: ['external_id'],
    checks: ["channel IN ('whatsapp', 'chat_app')"],
    indexes: {
      idx_customers_external_id: '(external_id)',
      idx_customers_channel: '(channel)',
      idx_customers_metadata: 'USING GIN(metadata)',
    },
  },
  {
    table: 'conversations',
    columns: {
      id: 'UUID NOT NULL DEFAULT gen_random_uuid()',
      customer_id: 'UUID NOT NULL',
      channel: 'VARCHAR(50) NOT NULL',
      team_id: 'UUID',
      assigned_to: 'UUID',
      status: "VARCHAR(50) NOT NULL DEFAULT 'new'",
      priority: "VARCHAR(20) DEFAULT 'normal'",
      first_message_at: 'TIMESTAMPTZ',
      first_response_at: 'TIMESTAMPTZ',
      assigned_at: 'TIMESTAMPTZ',
      closed_at: 'TIMESTAMPTZ',
      closed_by: 'UUID',
      close_reason: 'VARCHAR(100)',
      metadata: "JSONB DEFAULT '{}'",
      created_at: 'TIMESTAMPTZ DEFAULT NOW()',
      updated_at: 'TIMESTAMPTZ DEFAULT NOW()',
    },
    primaryKey: 'id',
    checks: [
      "channel IN ('whatsapp', 'chat_app')",
      "status IN ('new', 'triage', 'queued', 'assigned', 'pending_customer', 'pending_agent', 'closed')",
      "priority IN ('low', 'normal', 'high', 'urgent')",
    ],
    foreignKeys: {
      customer_id: 'customers(id) ON DELETE CASCADE',
      team_id: 'teams(id) ON DELETE SET NULL',
      assigned_to: 'users(id) ON DELETE SET NULL',
      closed_by: 'users(id) ON DELETE SET NULL',
    },
    indexes: {
      idx_conversations_customer: '(customer_id)',
      idx_conversations_status: '(status)',
      idx_conversations_team: '(team_id)',
      idx_conversations_assigned: '(assigned_to)',
      idx_conversations_created: '(created_at DESC)',
      idx_conversations_queue: "(team_id, status) WHERE status IN ('queued', 'triage')",
    },
  },
  {
    table: 'messages',
    columns: {
      id: 'UUID NOT NULL DEFAULT gen_random_uuid()',
      conversation_id: 'UUID NOT NULL',
      channel_message_id: 'VARCHAR(255)',
      direction: 'VARCHAR(20) NOT NULL',
      sender_type: 'VARCHAR(20) NOT NULL',
      sender_id: 'UUID',
      content_type: "VARCHAR(50) NOT NULL DEFAULT 'text'",
      content_text: 'TEXT',
      content_media_url: 'TEXT',
      content_metadata: "JSONB DEFAULT '{}'",
      status: "VARCHAR(50) DEFAULT 'sent'",
      sent_at: 'TIMESTAMPTZ DEFAULT NOW()',
      delivered_at: 'TIMESTAMPTZ',
      read_at: 'TIMESTAMPTZ',
      failed_reason: 'TEXT',
      retry_count: 'INT DEFAULT 0',
      metadata: "JSONB DEFAULT '{}'",
      created_at: 'TIMESTAMPTZ DEFAULT NOW()',
    },
    primaryKey: 'id',
    checks: [
      "direction IN ('inbound', 'outbound')",
      "sender_type IN ('customer', 'agent', 'system')",
      "status IN ('pending', 'sent', 'delivered', 'read', 'failed')",
    ],
    foreignKeys: {
      conversation_id: 'conversations(id) ON DELETE CASCADE',
    },
    indexes: {
      idx_messages_channel_id: 'UNIQUE (channel_message_id) WHERE channel_message_id IS NOT NULL',
      idx_messages_conversation: '(conversation_id, created_at DESC)',
      idx_messages_status: "(status) WHERE status IN ('pending', 'failed')",
    },
  },
  {
    table: 'conversation_events',
    columns: {
      id: 'UUID NOT NULL DEFAULT gen_random_uuid()',
      conversation_id: 'UUID NOT NULL',
      event_type: 'VARCHAR(100) NOT NULL',
      actor_type: 'VARCHAR(20)',
      actor_id: 'UUID',
      old_value: 'JSONB',
      new_value: 'JSONB',
      metadata: "JSONB DEFAULT '{}'",
      created_at: 'TIMESTAMPTZ DEFAULT NOW()',
    },
    primaryKey: 'id',
    checks: ["actor_type IN ('user', 'system', 'ai')"],
    foreignKeys: {
      conversation_id: 'conversations(id) ON DELETE CASCADE',
    },
    indexes: {
      idx_events_conversation: '(conversation_id, created_at DESC)',
      idx_events_type: '(event_type)',
      idx_events_actor: '(actor_id) WHERE actor_id IS NOT NULL',
    },
  },
  {
    // Drawn in the overview; settled.
    table: 'conversation_assignments',
    columns: {
      id: 'UUID NOT NULL DEFAULT gen_random_uuid()',
      conversation_id: 'UUID NOT NULL',
      user_id: 'UUID NOT NULL',
      team_id: 'UUID',
      method: 'VARCHAR(20) NOT NULL',
      assigned_by: 'UUID',
      explanation: "JSONB NOT NULL DEFAULT '{}'",
      assigned_at: 'TIMESTAMPTZ NOT NULL DEFAULT NOW()',
      ended_at: 'TIMESTAMPTZ',
      end_reason: 'VARCHAR(100)',
    },
    primaryKey: 'id',
    checks: [
      "method IN ('auto', 'offer', 'claim', 'manual', 'transfer', 'reopen', 'takeover')",
      'end_reason IS NULL OR ended_at IS NOT NULL',
    ],
    foreignKeys: {
      conversation_id: 'conversations(id) ON DELETE CASCADE',
      user_id: 'users(id) ON DELETE RESTRICT',
      team_id: 'teams(id) ON DELETE SET NULL',
      assigned_by: 'users(id) ON DELETE SET NULL',
    },
    indexes: {
      idx_conversation_assignments_open: 'UNIQUE (conversation_id) WHERE ended_at IS NULL',
      idx_conversation_assignments_conversation: '(conversation_id, assigned_at DESC)',
      idx_conversation_assignments_user: '(user_id, assigned_at DESC)',
      idx_conversation_assignments_user_open: '(user_id) WHERE ended_at IS NULL',
    },
  },
  {
    table: 'tags',
    columns: {
      id: 'UUID NOT NULL DEFAULT gen_random_uuid()',
      name: 'VARCHAR(100) NOT NULL',
      color: "VARCHAR(7) DEFAULT '#3B82F6'",
      team_id: 'UUID',
      created_at: 'TIMESTAMPTZ DEFAULT NOW()',
    },
    primaryKey: 'id',
    unique: ['name'],
    foreignKeys: {
      team_id: 'teams(id) ON DELETE CASCADE',
    },
    indexes: {
      idx_tags_team: '(team_id)',
    },
  },
  {
    table: 'conversation_tags',
    columns: {
      id: 'UUID NOT NULL DEFAULT gen_random_uuid()',
      conversation_id: 'UUID NOT NULL',
      tag_id: 'UUID NOT NULL',
      added_by: 'UUID',
      created_at: 'TIMESTAMPTZ DEFAULT NOW()',
    },
    primaryKey: 'id',
    unique: ['conversation_id, tag_id'],
    foreignKeys: {
      conversation_id: 'conversations(id) ON DELETE CASCADE',
      tag_id: 'tags(id) ON DELETE CASCADE',
      added_by: 'users(id) ON DELETE SET NULL',
    },
    indexes: {
      idx_conversation_tags_conv: '(conversation_id)',
      idx_conversation_tags_tag: '(tag_id)',
    },
  },
  {
    table: 'conversation_notes',
    columns: {
      id: 'UUID NOT NULL DEFAULT gen_random_uuid()',
      conversation_id: 'UUID NOT NULL',
      author_id: 'UUID NOT NULL',
      content: 'TEXT NOT NULL',
      is_pinned: 'BOOLEAN DEFAULT FALSE',
      created_at: 'TIMESTAMPTZ DEFAULT NOW()',
      updated_at: 'TIMESTAMPTZ DEFAULT NOW()',
    },
    primaryKey: 'id',
    foreignKeys: {
      conversation_id: 'conversations(id) ON DELETE CASCADE',
      // Settled: NOT NULL contradicts SET NULL, and a user row is never deleted.
      author_id: 'users(id) ON DELETE RESTRICT',
    },
    indexes: {
      idx_notes_conversation: '(conversation_id, created_at DESC)',
      idx_notes_pinned: '(conversation_id) WHERE is_pinned = TRUE',
    },
  },
  {
    table: 'internal_threads',
    columns: {
      id: 'UUID NOT NULL DEFAULT gen_random_uuid()',
      title: 'VARCHAR(255)',
      created_by: 'UUID NOT NULL',
      is_archived: 'BOOLEAN DEFAULT FALSE',
      created_at: 'TIMESTAMPTZ DEFAULT NOW()',
      updated_at: 'TIMESTAMPTZ DEFAULT NOW()',
    },
    primaryKey: 'id',
    foreignKeys: {
      created_by: 'users(id) ON DELETE CASCADE',
    },
    indexes: {
      idx_internal_threads_created: '(created_at DESC)',
      idx_internal_threads_active: '(is_archived) WHERE is_archived = FALSE',
    },
  },
  {
    table: 'internal_thread_members',
    columns: {
      id: 'UUID NOT NULL DEFAULT gen_random_uuid()',
      thread_id: 'UUID NOT NULL',
      user_id: 'UUID NOT NULL',
      joined_at: 'TIMESTAMPTZ DEFAULT NOW()',
      last_read_at: 'TIMESTAMPTZ',
    },
    primaryKey: 'id',
    unique: ['thread_id, user_id'],
    foreignKeys: {
      thread_id: 'internal_threads(id) ON DELETE CASCADE',
      user_id: 'users(id) ON DELETE CASCADE',
    },
    indexes: {
      idx_thread_members_user: '(user_id)',
      idx_thread_members_thread: '(thread_id)',
    },
  },
  {
    table: 'internal_messages',
    columns: {
      id: 'UUID NOT NULL DEFAULT gen_random_uuid()',
      thread_id: 'UUID NOT NULL',
      sender_id: 'UUID NOT NULL',
      content: 'TEXT NOT NULL',
      created_at: 'TIMESTAMPTZ DEFAULT NOW()',
    },
    primaryKey: 'id',
    foreignKeys: {
      thread_id: 'internal_threads(id) ON DELETE CASCADE',
      // Settled: NOT NULL contradicts SET NULL, and a user row is never deleted.
      sender_id: 'users(id) ON DELETE RESTRICT',
    },
    indexes: {
      idx_internal_messages_thread: '(thread_id, created_at DESC)',
    },
  },
  {
    table: 'integration_configs',
    columns: {
      id: 'UUID NOT NULL DEFAULT gen_random_uuid()',
      name: 'VARCHAR(100) NOT NULL',
      type: 'VARCHAR(50) NOT NULL',
      credentials_encrypted: 'BYTEA NOT NULL',
      is_active: 'BOOLEAN DEFAULT TRUE',
      created_at: 'TIMESTAMPTZ DEFAULT NOW()',
      updated_at: 'TIMESTAMPTZ DEFAULT NOW()',
      key_id: 'VARCHAR(64) NOT NULL', // settled: keys can be rotated
    },
    primaryKey: 'id',
    unique: ['name'],
  },
  {
    table: 'integration_logs',
    columns: {
      id: 'UUID NOT NULL DEFAULT gen_random_uuid()',
      integration_name: 'VARCHAR(100) NOT NULL',
      operation: 'VARCHAR(100) NOT NULL',
      request_payload: 'JSONB',
      response_payload: 'JSONB',
      status_code: 'INT',
      duration_ms: 'INT',
      error: 'TEXT',
      created_at: 'TIMESTAMPTZ DEFAULT NOW()',
    },
    primaryKey: 'id',
    indexes: {
      idx_integration_logs_name: '(integration_name, created_at DESC)',
      idx_integration_logs_error: '(integration_name) WHERE error IS NOT NULL',
    },
  },
  {
    table: 'ai_tool_audit_logs',
    columns: {
      id: 'UUID NOT NULL DEFAULT gen_random_uuid()',
      conversation_id: 'UUID NOT NULL',
      tool_name: 'VARCHAR(100) NOT NULL',
      input_params: 'JSONB NOT NULL',
      output_result: 'JSONB',
      status: 'VARCHAR(50) NOT NULL',
      denial_reason: 'TEXT',
      executed_by: "VARCHAR(50) DEFAULT 'ai_agent'",
      created_at: 'TIMESTAMPTZ DEFAULT NOW()',
    },
    primaryKey: 'id',
    checks: ["status IN ('success', 'failed', 'denied')"],
    foreignKeys: {
      conversation_id: 'conversations(id) ON DELETE CASCADE',
    },
    indexes: {
      idx_ai_tool_logs_conversation: '(conversation_id, created_at DESC)',
      idx_ai_tool_logs_tool: '(tool_name)',
      idx_ai_tool_logs_denied: "(status) WHERE status = 'denied'",
    },
  },
  {
    table: 'agent_stats',
    columns: {
      id: 'UUID NOT NULL DEFAULT gen_random_uuid()',
      user_id: 'UUID NOT NULL',
      date: 'DATE NOT NULL',
      conversations_handled: 'INT DEFAULT 0',
      messages_sent: 'INT DEFAULT 0',
      avg_frt_seconds: 'INT',
      avg_resolution_seconds: 'INT',
      created_at: 'TIMESTAMPTZ DEFAULT NOW()',
    },
    primaryKey: 'id',
    unique: ['user_id, date'],
    foreignKeys: {
      user_id: 'users(id) ON DELETE CASCADE',
    },
    indexes: {
      idx_agent_stats_user_date: '(user_id, date DESC)',
    },
  },
  {
    table: 'team_stats',
    columns: {
      id: 'UUID NOT NULL DEFAULT gen_random_uuid()',
      team_id: 'UUID NOT NULL',
      date: 'DATE NOT NULL',
      conversations_created: 'INT DEFAULT 0',
      conversations_closed: 'INT DEFAULT 0',
      avg_frt_seconds: 'INT',
      avg_resolution_seconds: 'INT',
      created_at: 'TIMESTAMPTZ DEFAULT NOW()',
    },
    primaryKey: 'id',
    unique: ['team_id, date'],
    foreignKeys: {
      team_id: 'teams(id) ON DELETE CASCADE',
    },
    indexes: {
      idx_team_stats_team_date: '(team_id, date DESC)',
    },
  },
  {
    table: 'media_files',
    columns: {
      id: 'UUID NOT NULL DEFAULT gen_random_uuid()',
      message_id: 'UUID NOT NULL',
      channel_media_id: 'VARCHAR(255)',
      media_type: 'VARCHAR(50) NOT NULL',
      mime_type: 'VARCHAR(100)',
      file_size_bytes: 'BIGINT',
      original_filename: 'VARCHAR(255)',
      storage_url: 'TEXT NOT NULL',
      storage_key: 'VARCHAR(500)',
      thumbnail_url: 'TEXT',
      expires_at: 'TIMESTAMPTZ',
      created_at: 'TIMESTAMPTZ DEFAULT NOW()',
    },
    primaryKey: 'id',
    checks: ["media_type IN ('image', 'video', 'audio', 'document')"],
    foreignKeys: {
      message_id: 'messages(id) ON DELETE CASCADE',
    },
    indexes: {
      idx_media_files_message: '(message_id)',
      idx_media_files_expires: '(expires_at) WHERE expires_at IS NOT NULL',
    },
  },
  {
    table: 'customer_identities',
    columns: {
      id: 'UUID NOT NULL DEFAULT gen_random_uuid()',
      customer_id: 'UUID NOT NULL',
      channel: 'VARCHAR(50) NOT NULL',
      external_id: 'VARCHAR(255) NOT NULL',
      is_primary: 'BOOLEAN DEFAULT FALSE',
      verified_at: 'TIMESTAMPTZ',
      linked_by: 'UUID',
      created_at: 'TIMESTAMPTZ DEFAULT NOW()',
    },
    primaryKey: 'id',
    unique: ['channel, external_id'],
    checks: ["channel IN ('whatsapp', 'chat_app', 'email', 'sms')"],
    foreignKeys: {
      customer_id: 'customers(id) ON DELETE CASCADE',
      linked_by: 'users(id) ON DELETE SET NULL',
    },
    indexes: {
      idx_customer_identities_customer: '(customer_id)',
      idx_customer_identities_external: '(channel, external_id)',
      idx_customer_identities_primary: '(customer_id) WHERE is_primary = TRUE',
    },
  },
  {
    table: 'canned_responses',
    columns: {
      id: 'UUID NOT NULL DEFAULT gen_random_uuid()',
      team_id: 'UUID',
      shortcut: 'VARCHAR(50) NOT NULL',
      title: 'VARCHAR(255) NOT NULL',
      content: 'TEXT NOT NULL',
      language: "VARCHAR(10) DEFAULT 'es'",
      category: 'VARCHAR(100)',
      usage_count: 'INT DEFAULT 0',
      created_by: 'UUID NOT NULL',
      created_at: 'TIMESTAMPTZ DEFAULT NOW()',
      updated_at: 'TIMESTAMPTZ DEFAULT NOW()',
      owner_id: 'UUID', // settled: personal responses
    },
    primaryKey: 'id',
    unique: ['team_id, shortcut'],
    checks: ['team_id IS NULL OR owner_id IS NULL'],
    foreignKeys: {
      owner_id: 'users(id) ON DELETE RESTRICT',
      team_id: 'teams(id) ON DELETE CASCADE',
      // Settled: NOT NULL contradicts SET NULL, and a user row is never deleted.
      created_by: 'users(id) ON DELETE RESTRICT',
    },
    indexes: {
      idx_canned_responses_global_shortcut:
        'UNIQUE (shortcut) WHERE team_id IS NULL AND owner_id IS NULL',
      idx_canned_responses_personal_shortcut:
        'UNIQUE (owner_id, shortcut) WHERE owner_id IS NOT NULL',
      idx_canned_responses_team: '(team_id)',
      idx_canned_responses_shortcut: '(shortcut)',
      idx_canned_responses_category: '(category)',
    },
  },
  {
    table: 'sla_policies',
    columns: {
      id: 'UUID NOT NULL DEFAULT gen_random_uuid()',
      team_id: 'UUID NOT NULL',
      priority: 'VARCHAR(20) NOT NULL',
      frt_target_seconds: 'INT NOT NULL',
      resolution_target_seconds: 'INT NOT NULL',
      escalation_after_seconds: 'INT',
      is_active: 'BOOLEAN DEFAULT TRUE',
      created_at: 'TIMESTAMPTZ DEFAULT NOW()',
    },
    primaryKey: 'id',
    unique: ['team_id, priority'],
    checks: ["priority IN ('low', 'normal', 'high', 'urgent')"],
    foreignKeys: {
      team_id: 'teams(id) ON DELETE CASCADE',
    },
    indexes: {
      idx_sla_policies_team: '(team_id)',
    },
  },
  {
    table: 'sla_violations',
    columns: {
      id: 'UUID NOT NULL DEFAULT gen_random_uuid()',
      conversation_id: 'UUID NOT NULL',
      sla_policy_id: 'UUID NOT NULL',
      violation_type: 'VARCHAR(50) NOT NULL',
      target_seconds: 'INT NOT NULL',
      actual_seconds: 'INT NOT NULL',
      escalated_to: 'UUID',
      escalated_at: 'TIMESTAMPTZ',
      created_at: 'TIMESTAMPTZ DEFAULT NOW()',
    },
    primaryKey: 'id',
    checks: ["violation_type IN ('frt', 'resolution')"],
    foreignKeys: {
      conversation_id: 'conversations(id) ON DELETE CASCADE',
      sla_policy_id: 'sla_policies(id) ON DELETE CASCADE',
      escalated_to: 'users(id) ON DELETE SET NULL',
    },
    indexes: {
      idx_sla_violations_conversation: '(conversation_id)',
      idx_sla_violations_created: '(created_at DESC)',
    },
  },
  {
    table: 'business_hours',
    columns: {
      id: 'UUID NOT NULL DEFAULT gen_random_uuid()',
      team_id: 'UUID NOT NULL',
      day_of_week: 'INT NOT NULL',
      open_time: 'TIME NOT NULL',
      close_time: 'TIME NOT NULL',
      timezone: "VARCHAR(50) DEFAULT 'America/Mexico_City'",
      is_active: 'BOOLEAN DEFAULT TRUE',
    },
    primaryKey: 'id',
    unique: [
      'team_id, day_of_week, open_time', // settled: split shifts
    ],
    checks: [
      'day_of_week BETWEEN 0 AND 6', // 0 is Monday
      'open_time < close_time',
    ],
    exclusions: [
      'USING gist (team_id WITH =, day_of_week WITH =, numrange(EXTRACT(EPOCH FROM open_time), EXTRACT(EPOCH FROM close_time)) WITH &&) WHERE (is_active IS NOT FALSE)',
    ],
    foreignKeys: {
      team_id: 'teams(id) ON DELETE CASCADE',
    },
    indexes: {
      idx_business_hours_team: '(team_id)',
    },
  },
  {
    // Settled.
    table: 'team_holidays',
    columns: {
      id: 'UUID NOT NULL DEFAULT gen_random_uuid()',
      team_id: 'UUID NOT NULL',
      date: 'DATE NOT NULL',
      name: 'VARCHAR(255) NOT NULL',
      created_at: 'TIMESTAMPTZ DEFAULT NOW()',
    },
    primaryKey: 'id',
    unique: ['team_id, date'],
    foreignKeys: { team_id: 'teams(id) ON DELETE CASCADE' },
  },
  {
    table: 'whatsapp_templates',
    columns: {
      id: 'UUID NOT NULL DEFAULT gen_random_uuid()',
      name: 'VARCHAR(100) NOT NULL',
      language: 'VARCHAR(10) NOT NULL',
      category: 'VARCHAR(50) NOT NULL',
      status: 'VARCHAR(50) NOT NULL',
      components: 'JSONB NOT NULL',
      whatsapp_template_id: 'VARCHAR(255)',
      rejection_reason: 'TEXT',
      created_by: 'UUID',
      created_at: 'TIMESTAMPTZ DEFAULT NOW()',
      updated_at: 'TIMESTAMPTZ DEFAULT NOW()',
    },
    primaryKey: 'id',
    unique: ['name, language'],
    checks: [
      "category IN ('MARKETING', 'UTILITY', 'AUTHENTICATION')",
      // Settled: all of Meta's.
      "status IN ('PENDING', 'APPROVED', 'REJECTED', 'PAUSED', 'DISABLED', 'FLAGGED', 'IN_APPEAL', 'LOCKED', 'REINSTATED', 'LIMIT_EXCEEDED', 'ARCHIVED', 'DELETED', 'PENDING_DELETION')",
    ],
    foreignKeys: {
      created_by: 'users(id) ON DELETE SET NULL',
    },
    indexes: {
      idx_whatsapp_templates_status: '(status)',
      idx_whatsapp_templates_name: '(name)',
    },
  },
  {
    table: 'agent_skills',
    columns: {
      id: 'UUID NOT NULL DEFAULT gen_random_uuid()',
      user_id: 'UUID NOT NULL',
      skill_name: 'VARCHAR(100) NOT NULL',
      proficiency_level: 'INT NOT NULL',
      verified_by: 'UUID',
      created_at: 'TIMESTAMPTZ DEFAULT NOW()',
    },
    primaryKey: 'id',
    unique: ['user_id, skill_name'],
    checks: ['proficiency_level BETWEEN 1 AND 5'],
    foreignKeys: {
      user_id: 'users(id) ON DELETE CASCADE',
      verified_by: 'users(id) ON DELETE SET NULL',
    },
    indexes: {
      idx_agent_skills_user: '(user_id)',
      idx_agent_skills_skill: '(skill_name)',
    },
  },
  {
    table: 'webhook_subscriptions',
    columns: {
      id: 'UUID NOT NULL DEFAULT gen_random_uuid()',
      url: 'TEXT NOT NULL',
      events: 'TEXT[] NOT NULL',
      secret: 'VARCHAR(255) NOT NULL',
      is_active: 'BOOLEAN DEFAULT TRUE',
      retry_count: 'INT DEFAULT 3',
      timeout_seconds: 'INT DEFAULT 10',
      created_by: 'UUID',
      created_at: 'TIMESTAMPTZ DEFAULT NOW()',
      updated_at: 'TIMESTAMPTZ DEFAULT NOW()',
      key_id: 'VARCHAR(64) NOT NULL', // settled: keys can be rotated
    },
    primaryKey: 'id',
    // Settled: ciphertext only.
    checks: ["length(secret) >= 40 AND secret ~ '^[A-Za-z0-9+/]+={0,2}$'"],
    foreignKeys: {
      created_by: 'users(id) ON DELETE SET NULL',
    },
    indexes: {
      idx_webhook_subscriptions_active: '(is_active) WHERE is_active = TRUE',
    },
  },
  {
    table: 'webhook_deliveries',
    columns: {
      id: 'UUID NOT NULL DEFAULT gen_random_uuid()',
      subscription_id: 'UUID NOT NULL',
      event_type: 'VARCHAR(100) NOT NULL',
      payload: 'JSONB NOT NULL',
      status_code: 'INT',
      response_body: 'TEXT',
      error: 'TEXT',
      attempt_number: 'INT DEFAULT 1',
      created_at: 'TIMESTAMPTZ DEFAULT NOW()',
    },
    primaryKey: 'id',
    foreignKeys: {
      subscription_id: 'webhook_subscriptions(id) ON DELETE CASCADE',
    },
    indexes: {
      idx_webhook_deliveries_subscription: '(subscription_id, created_at DESC)',
      idx_webhook_deliveries_failed: '(subscription_id) WHERE error IS NOT NULL',
    },
  },
  {
    table: 'rate_limit_buckets',
    columns: {
      id: 'UUID NOT NULL DEFAULT gen_random_uuid()',
      customer_id: 'UUID NOT NULL',
      bucket_type: 'VARCHAR(50) NOT NULL',
      count: 'INT DEFAULT 0',
      window_start: 'TIMESTAMPTZ NOT NULL',
      window_end: 'TIMESTAMPTZ NOT NULL',
      is_blocked: 'BOOLEAN DEFAULT FALSE',
      created_at: 'TIMESTAMPTZ DEFAULT NOW()',
    },
    primaryKey: 'id',
    unique: ['customer_id, bucket_type, window_start'],
    checks: ["bucket_type IN ('message', 'conversation')"],
    foreignKeys: {
      customer_id: 'customers(id) ON DELETE CASCADE',
    },
    indexes: {
      idx_rate_limit_buckets_customer: '(customer_id)',
      idx_rate_limit_buckets_window: '(window_end) WHERE is_blocked = FALSE',
    },
  },
]

export const VIEWS = [
  {
    view: 'queue_summary',
    // Settled: the oldest is the MIN of created_at, not the MAX.
    query: `SELECT team_id, status, COUNT(*) AS count, MIN(created_at) AS oldest_conversation
      FROM conversations WHERE status IN ('queued', 'triage') GROUP BY team_id, status`,
    indexes: { idx_queue_summary: 'UNIQUE (team_id, status)' },
  },
]

/** The rows that a new installation has. */
export const INITIAL_TEAMS = [
  { name: 'Customer Service', slug: 'customer_service' },
  { name: 'Sales', slug: 'sales' },
  { name: 'Support', slug: 'support' },
]

/**
 * Everything that the specification says and the database does differently on purpose, in the catalogue's form.
 * What is not in this list is as in data-model.md.
 */
export const SETTLED_DIFFERENCES: string[] = [
  'business_hours: UNIQUE (team_id, day_of_week)',
  'canned_responses: FOREIGN KEY (created_by) REFERENCES users(id) ON DELETE SET NULL',
  'conversation_notes: FOREIGN KEY (author_id) REFERENCES users(id) ON DELETE SET NULL',
  'internal_messages: FOREIGN KEY (sender_id) REFERENCES users(id) ON DELETE SET NULL',
  "view queue_summary: SELECT team_id, status, count(*) AS count, max(created_at) AS oldest_conversation FROM conversations WHERE ((status)::text = ANY ((ARRAY['queued'::character varying, 'triage'::character varying])::text[])) GROUP BY team_id, status;",
  "whatsapp_templates: CHECK (((status)::text = ANY ((ARRAY['PENDING'::character varying, 'APPROVED'::character varying, 'REJECTED'::character varying])::text[])))",
]
