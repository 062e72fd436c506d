import { type Intent } from '@parley/contracts'

import { type Store } from '../store/store.ts'
import { type OutboxRecord } from './outbox-record.ts'

type Stored = Omit<OutboxRecord, 'payload'> & { payload: string }

/** Intents in the order they were made; all, or those on one conversation. */
export function readOutbox(store: Store, conversationId?: string): OutboxRecord[] {
  const records =
    conversationId === undefined
      ? store.all<Stored>('SELECT * FROM outbox ORDER BY position')
      : store.all<Stored>(
          'SELECT * FROM outbox WHERE conversation_id = ? ORDER BY position',
          conversationId,
        )
  return records.map((record) => ({
    ...record,
    payload: JSON.parse(record.payload) as Intent,
  }))
}
