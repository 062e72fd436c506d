import { type Intent } from '@parley/contracts'

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
    attempts INTEGER NOT NULL DEFAULT 0
  );
  CREATE INDEX outbox_conversation ON outbox(conversation_id);
  `,
]

/** What a person wants done, as it waits to be sent. */
export interface OutboxRecord {
  position: number
  intent_id: string
  conversation_id: string
  customer_name: string
  payload: Intent
  created_at: string
  state: 'waiting' | 'sending' | 'refused'
  refusal: string | null
  attempts: number
}

/** Intents in the order they were made; all, or those on one conversation. */
export function readOutbox(store: Store, conversationId: string | null = null): OutboxRecord[] {
  return store
    .all<Omit<OutboxRecord, 'payload'> & { payload: string }>(
      'SELECT * FROM outbox WHERE ? IS NULL OR conversation_id = ? ORDER BY position',
      conversationId,
      conversationId,
    )
    .map((record) => ({ ...record, payload: JSON.parse(record.payload) as Intent }))
}
