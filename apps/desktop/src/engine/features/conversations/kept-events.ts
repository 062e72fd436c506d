import { eventKind, type EventRow } from '@parley/contracts'

import { type Cache } from '../../store/cache.ts'
import { keptKind } from '../../store/kept-kind.ts'
import { ofThread } from './of-conversation.ts'

export const keptEvents = keptKind(eventKind, {
  ...ofThread('events'),
  columns: ({ conversationId, createdAt, seq }) => ({
    conversation_id: conversationId,
    created_at: createdAt,
    seq,
  }),
})

/** In their order; `from` is the first instant and `to` the one after the last. */
export function eventsBetween(
  cache: Cache,
  conversationId: string,
  from: string,
  to: string,
): EventRow[] {
  return cache.store.rows(
    `SELECT row FROM events WHERE conversation_id = ? AND created_at >= ? AND created_at < ?
     ORDER BY created_at, seq`,
    conversationId,
    from,
    to,
  )
}
