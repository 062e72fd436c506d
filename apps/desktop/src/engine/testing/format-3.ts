/**
 * A cache of the format before this one, as it was made: three steps for everything, and `user_version` 3. What a
 * workstation may still find on its disk.
 */
export const FORMAT_3_STEPS: readonly string[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

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
    generation INTEGER NOT NULL    -- the bootstrap that last saw it
  ) WITHOUT ROWID;
  CREATE INDEX conversations_owned ON conversations(assigned_to, status);
  CREATE INDEX conversations_team ON conversations(team_id, status);
  CREATE INDEX conversations_customer ON conversations(customer_id);
  CREATE INDEX conversations_closed ON conversations(closed_at DESC) WHERE status = 'closed';

  CREATE TABLE messages (
    local_id INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    conversation_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    sent_at TEXT NOT NULL,
    direction TEXT NOT NULL,
    text TEXT,
    row TEXT NOT NULL
  );
  CREATE INDEX messages_shown ON messages(conversation_id, sent_at, seq);
  CREATE INDEX messages_counted ON messages(conversation_id, direction, seq);

  CREATE VIRTUAL TABLE message_search USING fts5(
    text, content='messages', content_rowid='local_id', tokenize="unicode61 remove_diacritics 2", prefix='2 3'
  );
  CREATE TRIGGER messages_added AFTER INSERT ON messages BEGIN
    INSERT INTO message_search(rowid, text) VALUES (new.local_id, new.text);
  END;
  CREATE TRIGGER messages_removed AFTER DELETE ON messages BEGIN
    INSERT INTO message_search(message_search, rowid, text) VALUES ('delete', old.local_id, old.text);
  END;
  CREATE TRIGGER messages_edited AFTER UPDATE OF text ON messages WHEN old.text IS NOT new.text BEGIN
    INSERT INTO message_search(message_search, rowid, text) VALUES ('delete', old.local_id, old.text);
    INSERT INTO message_search(rowid, text) VALUES (new.local_id, new.text);
  END;

  CREATE TABLE events (
    id TEXT PRIMARY KEY,
    conversation_id TEXT NOT NULL,
    created_at TEXT NOT NULL,
    seq INTEGER NOT NULL,
    row TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX events_shown ON events(conversation_id, created_at, seq);

  CREATE TABLE customers (
    id TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    search TEXT NOT NULL,  -- name and numbers, lower case, without accents
    row TEXT NOT NULL
  ) WITHOUT ROWID;

  CREATE TABLE people (id TEXT PRIMARY KEY, version INTEGER NOT NULL, row TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE teams (id TEXT PRIMARY KEY, version INTEGER NOT NULL, row TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE canned_responses (id TEXT PRIMARY KEY, version INTEGER NOT NULL, row TEXT NOT NULL) WITHOUT ROWID;

  -- What outlives losing a conversation: one's own words.
  CREATE TABLE drafts (conversation_id TEXT PRIMARY KEY, text TEXT NOT NULL, updated_at TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE seen (conversation_id TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE outbox (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    intent_id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    customer_name TEXT NOT NULL,
    payload TEXT NOT NULL,
    created_at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'refused')),
    refusal TEXT,
    attempts INTEGER NOT NULL DEFAULT 0
  );
  CREATE INDEX outbox_conversation ON outbox(conversation_id);
  `,
  `
  -- Decided ones stay for a day: what comes late must not open them again.
  CREATE TABLE offers (
    id TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    conversation_id TEXT NOT NULL,
    outcome TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    row TEXT NOT NULL,
    generation INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX offers_open ON offers(expires_at) WHERE outcome = 'open';

  UPDATE people SET row = json_set(row, '$.presence.isFinishing', json('false'), '$.presence.wrapUpUntil', NULL)
  WHERE json_type(row, '$.presence.isFinishing') IS NULL;
  `,
  `
  CREATE TABLE alerts (
    id TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    conversation_id TEXT NOT NULL,
    row TEXT NOT NULL,
    raised_at TEXT NOT NULL,
    ended_at TEXT,                   -- as the server said
    acknowledged_at TEXT,            -- by this person, here, whether or not the server knows it yet
    told INTEGER NOT NULL DEFAULT 0, -- this device has brought it before the person
    generation INTEGER NOT NULL      -- the bootstrap that last saw it
  ) WITHOUT ROWID;
  CREATE INDEX alerts_open ON alerts(raised_at) WHERE ended_at IS NULL AND acknowledged_at IS NULL;
  CREATE INDEX alerts_conversation ON alerts(conversation_id);

  -- Of the running clocks, the instants that come first; '9' where there is none. due_at is of all clocks,
  -- a promise is what the customer was promised: every clock but the escalation's.
  ALTER TABLE conversations ADD COLUMN warns_at TEXT NOT NULL DEFAULT '9';
  ALTER TABLE conversations ADD COLUMN promise_due_at TEXT NOT NULL DEFAULT '9';
  ALTER TABLE conversations ADD COLUMN promise_warns_at TEXT NOT NULL DEFAULT '9';
  ALTER TABLE conversations ADD COLUMN escalates_at TEXT NOT NULL DEFAULT '9';
  ALTER TABLE conversations ADD COLUMN queued_at TEXT NOT NULL DEFAULT '9';
  CREATE INDEX conversations_watched ON conversations(
    team_id, status, promise_due_at, promise_warns_at, escalates_at, queued_at
  ) WHERE status <> 'closed';
  CREATE INDEX conversations_warned ON conversations(warns_at);

  UPDATE conversations SET row = json_set(row, '$.clocks', json('[]'))
  WHERE json_type(row, '$.clocks') IS NULL;
  UPDATE conversations SET effective = json_set(effective, '$.clocks', json('[]'))
  WHERE json_type(effective, '$.clocks') IS NULL;

  -- Clocks and alerts that exist already come with a fresh load, behind what is shown.
  DELETE FROM meta WHERE key = 'cursor';
  `,
]
