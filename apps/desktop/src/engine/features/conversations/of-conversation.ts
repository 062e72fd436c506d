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
      const known = cache.store.get<KnownThread & { oldest: number | null }>(
        `SELECT whole, history_complete, (SELECT MIN(seq) FROM ${table} WHERE conversation_id = r.id) AS oldest
         FROM conversation_rows r WHERE id = ?`,
        conversationId,
      )
      if (known === undefined) return false
      if (isKnown || cache.comingThreads.has(conversationId)) return true
      const { isWhole, isComplete } = extentOf(cache, known)
      if (!isWhole && !cache.fetching.has(conversationId)) return false
      return isComplete || known.oldest === null || seq > known.oldest
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

interface KnownThread {
  whole: number
  history_complete: number
}

/** How much of a conversation's thread is here. */
interface ThreadExtent {
  isWhole: boolean
  isComplete: boolean
}

/** Null where the conversation is not here. */
export function threadOf(cache: Cache, conversationId: string): ThreadExtent | null {
  const known = cache.store.get<KnownThread>(
    'SELECT whole, history_complete FROM conversation_rows WHERE id = ?',
    conversationId,
  )
  return known === undefined ? null : extentOf(cache, known)
}

function extentOf(
  cache: Cache,
  { whole, history_complete: isToItsBeginning }: KnownThread,
): ThreadExtent {
  const isWhole = whole > cache.completeLoad
  return { isWhole, isComplete: isWhole && isToItsBeginning === 1 }
}

export function isHere(cache: Cache, conversationId: string): boolean {
  return threadOf(cache, conversationId) !== null
}

/** The guard of whatever is done to a conversation. */
export function mustBeHere(cache: Cache, conversationId: string): AppError | null {
  return isHere(cache, conversationId) ? null : { code: 'not_found', details: {} }
}
