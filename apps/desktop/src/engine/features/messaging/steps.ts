import { indexedWords } from '@parley/domain'

export const MESSAGING_STEPS: readonly string[] = [
  `
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

  -- What outlives losing a conversation: one's own words.
  CREATE TABLE drafts (conversation_id TEXT PRIMARY KEY, text TEXT NOT NULL, updated_at TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE seen (conversation_id TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;
  `,
  `
  ALTER TABLE messages ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE messages ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
  `,
  // Words as people look for them, in every script: the index holds what message_words makes of a text, and the text
  // stands in its message alone.
  `
  DROP TRIGGER messages_added;
  DROP TRIGGER messages_removed;
  DROP TRIGGER messages_edited;
  DROP TABLE message_search;
  CREATE VIRTUAL TABLE message_search USING fts5(
    words, content='', contentless_delete=1, tokenize="ascii tokenchars '+#'"
  );
  INSERT INTO message_search(rowid, words)
    SELECT local_id, message_words(text) FROM messages WHERE text IS NOT NULL;
  CREATE TRIGGER messages_added AFTER INSERT ON messages WHEN new.text IS NOT NULL BEGIN
    INSERT INTO message_search(rowid, words) VALUES (new.local_id, message_words(new.text));
  END;
  CREATE TRIGGER messages_removed AFTER DELETE ON messages BEGIN
    DELETE FROM message_search WHERE rowid = old.local_id;
  END;
  CREATE TRIGGER messages_edited AFTER UPDATE OF text ON messages WHEN old.text IS NOT new.text BEGIN
    DELETE FROM message_search WHERE rowid = old.local_id;
    INSERT INTO message_search(rowid, words) SELECT new.local_id, message_words(new.text) WHERE new.text IS NOT NULL;
  END;
  `,
]

/** Longer texts are found by their beginning. */
const MOST_INDEXED = 20_000

export const MESSAGING_FUNCTIONS = {
  message_words: (text: string | null): string => indexedWords((text ?? '').slice(0, MOST_INDEXED)),
}
