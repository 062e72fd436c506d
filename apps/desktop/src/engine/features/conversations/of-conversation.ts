import { type AppError } from '@parley/contracts'

import { type Cache } from '../../store/cache.ts'
import { type FreshLoad } from '../../store/kept-kind.ts'

/** For `keptKind`: what is the same for every kind whose rows hang on a conversation by `conversation_id`. */
export const OF_CONVERSATION = {
  hangsOn: 'conversation_id',
  // Without its conversation it is a leftover of something this person does not see.
  mayKeep: (cache: Cache, { conversationId }: { conversationId: string }) =>
    isHere(cache, conversationId),
  touches: (_cache: Cache, { conversationId }: { conversationId: string }) => ({
    conversationIds: [conversationId],
  }),
  // A fresh load brings all that a conversation has: what it does not bring is gone.
  sweep: 'remove',
} as const

/**
 * The sweep of what grows with a conversation and of which a fresh load brings only the newest, by `seq`. What is older
 * stays if it is of the same epoch and the load reached back to what was here: otherwise nobody knows whether it is
 * still there, or what lies between. It is fetched again when somebody looks for it.
 */
export function sweepNewest(table: 'messages' | 'events') {
  return ({ store }: Cache, { generation, isNewEpoch }: FreshLoad): void => {
    store.run(
      `WITH joined AS (
         SELECT conversation_id, MIN(seq) AS oldest FROM ${table} WHERE generation >= ?
         GROUP BY conversation_id HAVING MIN(since) < ?
       ),
       kept_older AS (
         SELECT t.id FROM ${table} t JOIN joined USING (conversation_id)
         WHERE t.generation < ? AND t.seq < joined.oldest AND ? = 0
       )
       DELETE FROM ${table} WHERE generation < ? AND id NOT IN (SELECT id FROM kept_older)`,
      generation,
      generation,
      generation,
      isNewEpoch ? 1 : 0,
      generation,
    )
    store.run(
      `UPDATE conversations SET history_complete = 0
       WHERE history_complete = 1 AND (? = 1 OR NOT EXISTS (
         SELECT 1 FROM ${table} t WHERE t.conversation_id = conversations.id AND t.since < ?
       )) AND EXISTS (SELECT 1 FROM ${table} t WHERE t.conversation_id = conversations.id)`,
      isNewEpoch ? 1 : 0,
      generation,
    )
  }
}

function isHere(cache: Cache, conversationId: string): boolean {
  return cache.store.get('SELECT 1 FROM conversations WHERE id = ?', conversationId) !== undefined
}

/** The guard of whatever is done to a conversation. */
export function mustBeHere(cache: Cache, conversationId: string): AppError | null {
  return isHere(cache, conversationId) ? null : { code: 'not_found', details: {} }
}
