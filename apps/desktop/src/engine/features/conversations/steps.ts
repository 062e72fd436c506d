/**
 * `conversation_rows` is what the server last said, whole as JSON; `shown` beside it only where this person's unsent
 * intents make it another. `conversations` is what lists order, filter, count and show, in columns: nothing that goes
 * over many conversations reads JSON. Whatever changes what a conversation shows puts it into `touched`, and before the
 * transaction ends its columns are written again (`inbox/keep-rows.ts`).
 *
 * Of the running clocks the columns have the instants that come first; '9' where there is none. due_at is of all
 * clocks, a promise is what the customer was promised: every clock but the escalation's.
 */
export const CONVERSATION_STEPS: readonly string[] = [
  `
  CREATE TABLE conversation_rows (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    generation INTEGER NOT NULL,       -- the load that last brought it
    -- Its thread came after so many loads were begun, which counts while no later one is complete; 0: it is listed.
    whole INTEGER NOT NULL DEFAULT 0,
    history_complete INTEGER NOT NULL DEFAULT 0,
    row TEXT NOT NULL,
    shown TEXT                         -- null: as the server said
  ) WITHOUT ROWID;
  CREATE INDEX conversation_rows_of_customer ON conversation_rows(customer_id);
  CREATE INDEX conversation_rows_by_load ON conversation_rows(generation);
  CREATE INDEX conversation_rows_whole ON conversation_rows(whole) WHERE whole > 0;
  CREATE TRIGGER conversation_came AFTER INSERT ON conversation_rows BEGIN
    INSERT INTO touched VALUES (new.id) ON CONFLICT DO NOTHING;
  END;
  CREATE TRIGGER conversation_changed AFTER UPDATE OF row, whole ON conversation_rows BEGIN
    INSERT INTO touched VALUES (new.id) ON CONFLICT DO NOTHING;
  END;
  CREATE TRIGGER conversation_went AFTER DELETE ON conversation_rows BEGIN
    DELETE FROM conversations WHERE id = old.id;
  END;

  CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    language TEXT,
    version INTEGER NOT NULL,
    status TEXT NOT NULL,
    stage TEXT NOT NULL AS (
      CASE WHEN status = 'closed' THEN 'closed'
           WHEN status IN ('assigned', 'pending_agent', 'pending_customer') THEN 'owned'
           ELSE 'queue' END) VIRTUAL,
    priority TEXT NOT NULL,
    priority_rank INTEGER NOT NULL,
    team_id TEXT,
    assigned_to TEXT,
    due_at TEXT NOT NULL,          -- '9' where there is none: after every instant
    warns_at TEXT NOT NULL,
    promise_due_at TEXT NOT NULL,
    promise_warns_at TEXT NOT NULL,
    escalates_at TEXT NOT NULL,
    queued_at TEXT NOT NULL,
    waits_since TEXT NOT NULL,     -- by what queues are ordered; likewise
    waiting_since TEXT,
    last_message_at TEXT NOT NULL, -- '' where there is none: before every instant
    closed_at TEXT,
    whole INTEGER NOT NULL,
    is_refused INTEGER NOT NULL,   -- this person has to decide about an intent that the server refused
    unread INTEGER NOT NULL,       -- messages of the customer's after this person's mark
    used_at TEXT,                  -- when this person opened it last
    title TEXT NOT NULL,
    preview TEXT NOT NULL,         -- JSON, as the list shows it
    clock TEXT                     -- likewise
  ) WITHOUT ROWID;

  -- Each list in its order, by urgency and by what is due first.
  CREATE INDEX conversations_by_stage ON conversations(stage, priority_rank, due_at, waits_since);
  CREATE INDEX conversations_due_by_stage ON conversations(stage, due_at, priority_rank, waits_since);
  CREATE INDEX conversations_of_team ON conversations(team_id, stage, priority_rank, due_at, waits_since);
  CREATE INDEX conversations_due_of_team ON conversations(team_id, stage, due_at, priority_rank, waits_since);
  CREATE INDEX conversations_awaiting_me ON conversations(assigned_to, priority_rank, due_at, waits_since)
    WHERE status IN ('assigned', 'pending_agent');
  CREATE INDEX conversations_due_awaiting_me ON conversations(assigned_to, due_at, priority_rank, waits_since)
    WHERE status IN ('assigned', 'pending_agent');
  CREATE INDEX conversations_awaiting_customer ON conversations(assigned_to, last_message_at DESC)
    WHERE status = 'pending_customer';
  CREATE INDEX conversations_due_awaiting_customer ON conversations(assigned_to, due_at, priority_rank, waits_since)
    WHERE status = 'pending_customer';
  CREATE INDEX conversations_to_decide ON conversations(is_refused, priority_rank, due_at, waits_since)
    WHERE is_refused = 1;
  CREATE INDEX conversations_due_to_decide ON conversations(is_refused, due_at, priority_rank, waits_since)
    WHERE is_refused = 1;
  CREATE INDEX conversations_closed ON conversations(stage, closed_at DESC) WHERE stage = 'closed';
  CREATE INDEX conversations_recent ON conversations(last_message_at DESC, id, whole, used_at);
  CREATE INDEX conversations_of_customer ON conversations(customer_id);
  -- What is due now, of all and of a team.
  CREATE INDEX conversations_due ON conversations(due_at) WHERE due_at < '9';
  CREATE INDEX conversations_warned ON conversations(warns_at) WHERE warns_at < '9';
  CREATE INDEX conversations_promised ON conversations(promise_due_at, id, promise_warns_at, team_id)
    WHERE promise_due_at < '9';
  CREATE INDEX conversations_promised_of_team ON conversations(team_id, promise_warns_at, promise_due_at, status)
    WHERE promise_due_at < '9';
  CREATE INDEX conversations_escalated_of_team ON conversations(team_id, escalates_at) WHERE escalates_at < '9';
  CREATE INDEX conversations_queued_of_team ON conversations(team_id, queued_at) WHERE status = 'queued';
  CREATE INDEX conversations_unread ON conversations(assigned_to) WHERE unread > 0 AND stage <> 'closed';
  CREATE INDEX conversations_nameless ON conversations(title) WHERE title = '';

  -- How many there are, by team and by owner: kept up by what changes.
  CREATE TABLE tallies (
    of TEXT NOT NULL,              -- 'team' or 'owner'
    who TEXT NOT NULL,             -- '' for no team
    status TEXT NOT NULL,
    is_refused INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (of, who, status, is_refused)
  ) WITHOUT ROWID;
  -- How often one of them has become another.
  CREATE TABLE tally_changes (count INTEGER NOT NULL);
  INSERT INTO tally_changes VALUES (0);
  CREATE TRIGGER tally_came AFTER INSERT ON tallies BEGIN UPDATE tally_changes SET count = count + 1; END;
  CREATE TRIGGER tally_changed AFTER UPDATE ON tallies BEGIN UPDATE tally_changes SET count = count + 1; END;
  CREATE TRIGGER conversation_counted AFTER INSERT ON conversations BEGIN
    INSERT INTO tallies VALUES ('team', COALESCE(new.team_id, ''), new.status, new.is_refused, 1)
      ON CONFLICT DO UPDATE SET count = count + 1;
    INSERT INTO tallies SELECT 'owner', new.assigned_to, new.status, new.is_refused, 1 WHERE new.assigned_to IS NOT NULL
      ON CONFLICT DO UPDATE SET count = count + 1;
  END;
  CREATE TRIGGER conversation_uncounted AFTER DELETE ON conversations BEGIN
    UPDATE tallies SET count = count - 1 WHERE of = 'team' AND who = COALESCE(old.team_id, '')
      AND status = old.status AND is_refused = old.is_refused;
    UPDATE tallies SET count = count - 1 WHERE of = 'owner' AND who = old.assigned_to
      AND status = old.status AND is_refused = old.is_refused;
  END;
  CREATE TRIGGER conversation_counted_again AFTER UPDATE OF team_id, assigned_to, status, is_refused ON conversations BEGIN
    UPDATE tallies SET count = count - 1 WHERE of = 'team' AND who = COALESCE(old.team_id, '')
      AND status = old.status AND is_refused = old.is_refused;
    UPDATE tallies SET count = count - 1 WHERE of = 'owner' AND who = old.assigned_to
      AND status = old.status AND is_refused = old.is_refused;
    INSERT INTO tallies VALUES ('team', COALESCE(new.team_id, ''), new.status, new.is_refused, 1)
      ON CONFLICT DO UPDATE SET count = count + 1;
    INSERT INTO tallies SELECT 'owner', new.assigned_to, new.status, new.is_refused, 1 WHERE new.assigned_to IS NOT NULL
      ON CONFLICT DO UPDATE SET count = count + 1;
  END;

  CREATE TABLE events (
    id TEXT PRIMARY KEY,
    conversation_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    since INTEGER NOT NULL DEFAULT 0,  -- the load in or after which it first came
    created_at TEXT NOT NULL,
    seq INTEGER NOT NULL,
    row TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX events_shown ON events(conversation_id, created_at, seq);
  CREATE INDEX events_by_seq ON events(conversation_id, seq);

  -- Conversations that are gone, and what hung on them is not yet.
  CREATE TABLE leftovers (conversation_id TEXT PRIMARY KEY) WITHOUT ROWID;
  `,
  `
  -- Conversations whose row has come without what hangs on it, such as their tags (holder.ts).
  CREATE TABLE came_alone (conversation_id TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TRIGGER conversation_alone_went AFTER DELETE ON conversation_rows BEGIN
    DELETE FROM came_alone WHERE conversation_id = old.id;
  END;
  `,
]
