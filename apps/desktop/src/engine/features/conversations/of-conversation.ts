import { type AppError } from '@parley/contracts'

import { type Cache } from '../../store/cache.ts'

const touches = (_cache: Cache, { conversationId }: { conversationId: string }) => ({
  conversationIds: [conversationId],
})

/** For `keptKind`: what is the same for every kind whose rows come with a conversation's own by `conversation_id`. */
export const OF_CONVERSATION = {
  hangsOn: { column: 'conversation_id', as: 'row' },
  // Without its conversation it is a leftover of something this person does not see.
  mayKeep: (cache: Cache, { conversationId }: { conversationId: string }) =>
    isHere(cache, conversationId),
  touches,
  // A fresh load brings all that a conversation has: what it does not bring is gone, and goes with it.
  sweep: 'nothing',
} as const

/**
 * The same for what its thread is made of: kept of conversations that are whole, or becoming so, and without a hole: of
 * what is older than the oldest that is here only that which belongs there.
 */
export function ofThread(table: 'messages' | 'events') {
  return {
    table,
    hangsOn: { column: 'conversation_id', as: 'thread' },
    mayKeep(
      cache: Cache,
      { conversationId, seq }: { conversationId: string; seq: number },
      isKnown: boolean,
    ): boolean {
      const conversation = threadOf(cache, conversationId)
      if (conversation === null) return false
      if (isKnown || cache.comingThreads.has(conversationId)) return true
      if (!conversation.isWhole && !cache.fetching.has(conversationId)) return false
      if (conversation.isComplete) return true
      const oldest = oldestSeq(cache, table, conversationId)
      return oldest === null || seq > oldest
    },
    touches,
    hasSince: true,
    sweep: 'nothing',
  } as const
}

export function oldestSeq(
  { store }: Cache,
  table: 'messages' | 'events',
  conversationId: string,
): number | null {
  return store.value(`SELECT MIN(seq) FROM ${table} WHERE conversation_id = ?`, conversationId)
}

/** How much of a conversation's thread is here; null where the conversation is not. */
export function threadOf(
  cache: Cache,
  conversationId: string,
): { isWhole: boolean; isComplete: boolean } | null {
  const known = cache.store.get<{ whole: number; history_complete: number }>(
    'SELECT whole, history_complete FROM conversation_rows WHERE id = ?',
    conversationId,
  )
  if (known === undefined) return null
  const isWhole = known.whole > cache.completeLoad
  return { isWhole, isComplete: isWhole && known.history_complete === 1 }
}

export function isHere(cache: Cache, conversationId: string): boolean {
  return threadOf(cache, conversationId) !== null
}

/** The guard of whatever is done to a conversation. */
export function mustBeHere(cache: Cache, conversationId: string): AppError | null {
  return isHere(cache, conversationId) ? null : { code: 'not_found', details: {} }
}
