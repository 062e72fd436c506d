import { type Intent, type IntentKind } from '@parley/contracts'

import { type Store } from '../store/store.ts'

/** What waits to be sent. */
export const OUTBOX_STEPS: readonly string[] = [
  `
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
    -- Of the server's own, on this very intent: what passes by itself does not count.
    failures INTEGER NOT NULL DEFAULT 0
  );
  CREATE INDEX outbox_conversation ON outbox(conversation_id);
  CREATE TRIGGER intent_came AFTER INSERT ON outbox BEGIN
    INSERT INTO touched VALUES (new.conversation_id) ON CONFLICT DO NOTHING;
  END;
  CREATE TRIGGER intent_changed AFTER UPDATE OF state, payload ON outbox BEGIN
    INSERT INTO touched VALUES (new.conversation_id) ON CONFLICT DO NOTHING;
  END;
  CREATE TRIGGER intent_went AFTER DELETE ON outbox BEGIN
    INSERT INTO touched VALUES (old.conversation_id) ON CONFLICT DO NOTHING;
  END;
  `,
]

/** What a person wants done, as it waits to be sent. */
export interface OutboxRecord {
  position: number
  intent_id: string
  kind: IntentKind
  conversation_id: string
  customer_name: string
  payload: Intent
  created_at: string
  state: 'waiting' | 'sending' | 'refused'
  refusal: string | null
  /** How often the server failed on it by a fault of its own. */
  failures: number
}

/** Null where it is gone: carried out, or discarded. */
export function findIntent(store: Store, intentId: string): OutboxRecord | null {
  const [record] = parsed(
    store.all<StoredRecord>('SELECT * FROM outbox WHERE intent_id = ?', intentId),
  )
  return record ?? null
}

/** Intents in the order they were made; all, or those on one conversation. */
export function readOutbox(store: Store, conversationId: string | null = null): OutboxRecord[] {
  return parsed(
    conversationId === null
      ? store.all<StoredRecord>('SELECT * FROM outbox ORDER BY position')
      : store.all<StoredRecord>(
          'SELECT * FROM outbox WHERE conversation_id = ? ORDER BY position',
          conversationId,
        ),
  )
}

type StoredRecord = Omit<OutboxRecord, 'payload'> & { payload: string }

function parsed(records: readonly StoredRecord[]): OutboxRecord[] {
  return records.map((record) => ({ ...record, payload: JSON.parse(record.payload) as Intent }))
}
