/**
 * Rows from the server are kept whole as JSON beside the columns that lists order and filter by. A conversation's
 * columns show it with this person's unsent intents applied (`effective`), while `row` is what the server last said.
 *
 * Of the running clocks the columns have the instants that come first; '9' where there is none. due_at is of all
 * clocks, a promise is what the customer was promised: every clock but the escalation's.
 */
export const CONVERSATION_STEPS: readonly string[] = [
  `
  CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    row TEXT NOT NULL,
    effective TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    status TEXT NOT NULL,
    team_id TEXT,
    assigned_to TEXT,
    priority_rank INTEGER NOT NULL,
    due_at TEXT NOT NULL,          -- '9' where there is none: after every instant
    waiting_since TEXT NOT NULL,   -- likewise
    last_message_at TEXT,
    closed_at TEXT,
    history_complete INTEGER NOT NULL DEFAULT 0,
    generation INTEGER NOT NULL,   -- the bootstrap that last saw it
    warns_at TEXT NOT NULL DEFAULT '9',
    promise_due_at TEXT NOT NULL DEFAULT '9',
    promise_warns_at TEXT NOT NULL DEFAULT '9',
    escalates_at TEXT NOT NULL DEFAULT '9',
    queued_at TEXT NOT NULL DEFAULT '9'
  ) WITHOUT ROWID;
  CREATE INDEX conversations_owned ON conversations(assigned_to, status);
  CREATE INDEX conversations_team ON conversations(team_id, status);
  CREATE INDEX conversations_customer ON conversations(customer_id);
  CREATE INDEX conversations_closed ON conversations(closed_at DESC) WHERE status = 'closed';
  CREATE INDEX conversations_watched ON conversations(
    team_id, status, promise_due_at, promise_warns_at, escalates_at, queued_at
  ) WHERE status <> 'closed';
  CREATE INDEX conversations_warned ON conversations(warns_at);

  CREATE TABLE events (
    id TEXT PRIMARY KEY,
    conversation_id TEXT NOT NULL,
    created_at TEXT NOT NULL,
    seq INTEGER NOT NULL,
    row TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX events_shown ON events(conversation_id, created_at, seq);
  `,
  `
  ALTER TABLE events ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
  `,
  `
  ALTER TABLE events ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE events ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
  `,
]
