export const MESSAGING_STEPS: readonly string[] = [
  `
  -- local_id rises with the time at which it was sent (local-id.ts), so that the index of words gives the newest first.
  CREATE TABLE messages (
    local_id INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    conversation_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    since INTEGER NOT NULL DEFAULT 0,  -- the load in or after which it first came
    seq INTEGER NOT NULL,
    sent_at TEXT NOT NULL,
    direction TEXT NOT NULL,
    is_words INTEGER NOT NULL,         -- the customer's, and no mere reaction
    text TEXT,
    row TEXT NOT NULL
  );
  CREATE INDEX messages_shown ON messages(conversation_id, sent_at, seq);
  CREATE INDEX messages_by_seq ON messages(conversation_id, seq, direction, is_words);

  -- Words as people look for them, in every script: the index holds what message_words makes of a text, and the text
  -- stands in its message alone.
  CREATE VIRTUAL TABLE message_search USING fts5(
    words, content='', contentless_delete=1, tokenize="ascii tokenchars '+#'", prefix='1 2 3'
  );
  -- Whose words are not in the index yet (index-words.ts).
  CREATE TABLE unindexed (local_id INTEGER PRIMARY KEY);
  CREATE TRIGGER message_came AFTER INSERT ON messages BEGIN
    INSERT INTO unindexed SELECT new.local_id WHERE new.text IS NOT NULL;
    INSERT INTO touched VALUES (new.conversation_id) ON CONFLICT DO NOTHING;
    UPDATE kept_messages SET count = count + 1;
  END;
  CREATE TRIGGER message_went AFTER DELETE ON messages BEGIN
    DELETE FROM message_search WHERE rowid = old.local_id AND rowid NOT IN unindexed;
    DELETE FROM unindexed WHERE local_id = old.local_id;
    INSERT INTO touched VALUES (old.conversation_id) ON CONFLICT DO NOTHING;
    UPDATE kept_messages SET count = count - 1;
  END;
  CREATE TRIGGER message_changed AFTER UPDATE OF row ON messages BEGIN
    INSERT INTO touched VALUES (new.conversation_id) ON CONFLICT DO NOTHING;
  END;
  CREATE TRIGGER message_edited AFTER UPDATE OF text ON messages WHEN old.text IS NOT new.text BEGIN
    DELETE FROM message_search WHERE rowid = old.local_id AND rowid NOT IN unindexed;
    DELETE FROM unindexed WHERE local_id = old.local_id;
    INSERT INTO unindexed SELECT new.local_id WHERE new.text IS NOT NULL;
  END;
  CREATE TABLE kept_messages (count INTEGER NOT NULL);
  INSERT INTO kept_messages VALUES (0);

  -- What outlives losing a conversation: one's own words.
  CREATE TABLE drafts (conversation_id TEXT PRIMARY KEY, text TEXT NOT NULL, updated_at TEXT NOT NULL) WITHOUT ROWID;
  CREATE TRIGGER draft_came AFTER INSERT ON drafts BEGIN
    INSERT INTO touched VALUES (new.conversation_id) ON CONFLICT DO NOTHING;
  END;
  CREATE TRIGGER draft_changed AFTER UPDATE ON drafts BEGIN
    INSERT INTO touched VALUES (new.conversation_id) ON CONFLICT DO NOTHING;
  END;
  CREATE TRIGGER draft_went AFTER DELETE ON drafts BEGIN
    INSERT INTO touched VALUES (old.conversation_id) ON CONFLICT DO NOTHING;
  END;
  `,
  `
  -- Its sender has given it up: it is shown and found no more.
  ALTER TABLE messages ADD COLUMN is_discarded INTEGER NOT NULL DEFAULT 0;
  UPDATE messages SET is_discarded = 1, text = NULL WHERE row ->> '$.discardedAt' IS NOT NULL;
  `,
]
