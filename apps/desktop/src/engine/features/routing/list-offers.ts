import { type OfferRow, type OfferView } from '@parley/contracts'

import { type Cache } from '../../store/cache.ts'
import { conversationOf } from '../conversations/index.ts'
import { customerNameIn } from '../customers/index.ts'
import { newestOfCustomer } from '../messaging/index.ts'

/**
 * Open offers to this person, the one that ends first first. One whose conversation is not in the cache is
 * none that can be shown.
 *
 * @param nowMs by the server's clock, epoch milliseconds
 */
export function listOffers(cache: Cache, nowMs: number): OfferView[] {
  return cache.store
    .rows<OfferRow>(
      `SELECT row FROM offers WHERE outcome = 'open' AND expires_at > ? ORDER BY expires_at, id`,
      new Date(nowMs).toISOString(),
    )
    .flatMap((offer) => toOfferView(cache, offer) ?? [])
}

function toOfferView(cache: Cache, offer: OfferRow): OfferView | null {
  const conversation = conversationOf(cache, offer.conversationId)
  if (conversation === null) return null
  return {
    id: offer.id,
    conversationId: offer.conversationId,
    teamId: offer.teamId,
    title: customerNameIn(cache, offer.conversationId),
    channel: conversation.channel,
    language: conversation.language,
    priority: conversation.priority,
    preview: newestOfCustomer(cache, offer.conversationId) ?? { contentType: 'text', text: '' },
    waitingSince: conversation.waitingSince,
    offeredAt: offer.offeredAt,
    expiresAt: offer.expiresAt,
    explanation: offer.explanation,
  }
}
