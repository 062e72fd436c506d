import { z } from 'zod'

import { json, syncedKind, version } from '../kind.ts'
import { id, instant } from '../primitives.ts'

/** A queued conversation that this person is asked to take. Delivered to them alone. */
export const offerRow = z.object({
  id,
  version,
  conversationId: id,
  userId: id,
  teamId: id,
  offeredAt: instant,
  expiresAt: instant,
  outcome: z.enum(['open', 'accepted', 'refused', 'expired', 'withdrawn']),
  /** Why them; `Explanation` in the domain. */
  explanation: json,
})
export type OfferRow = z.infer<typeof offerRow>
export const offerKind = syncedKind('offer', offerRow)
