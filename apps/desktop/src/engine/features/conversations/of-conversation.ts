import { type AppError } from '@parley/contracts'

import { type Cache } from '../../store/cache.ts'

/** For `keptKind`: what is the same for every kind whose rows hang on a conversation by `conversation_id`. */
export const OF_CONVERSATION = {
  hangsOn: 'conversation_id',
  // Without its conversation it is a leftover of something this person does not see.
  mayKeep: (cache: Cache, { conversationId }: { conversationId: string }) =>
    isHere(cache, conversationId),
  touches: (_cache: Cache, { conversationId }: { conversationId: string }) => ({
    conversationIds: [conversationId],
  }),
  sweep: 'nothing',
} as const

function isHere(cache: Cache, conversationId: string): boolean {
  return cache.store.get('SELECT 1 FROM conversations WHERE id = ?', conversationId) !== undefined
}

/** The guard of whatever is done to a conversation. */
export function mustBeHere(cache: Cache, conversationId: string): AppError | null {
  return isHere(cache, conversationId) ? null : { code: 'not_found', details: {} }
}
