import { type MessageRow, type OfferView } from '@parley/contracts'

import { type Cache } from '../store/cache.ts'

/** The customer's newest message as a preview; null where there is none. */
export function newestOfCustomer(
  cache: Cache,
  conversationId: string,
): OfferView['preview'] | null {
  const record = cache.store.get<{ row: string }>(
    `SELECT row FROM messages WHERE conversation_id = ? AND direction = 'inbound'
     ORDER BY sent_at DESC, seq DESC LIMIT 1`,
    conversationId,
  )
  if (record === undefined) return null
  const { contentType, text } = JSON.parse(record.row) as MessageRow
  return { contentType, text: text ?? '' }
}
