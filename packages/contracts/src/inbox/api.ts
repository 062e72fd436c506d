import { z } from 'zod'

import { id } from '../primitives.ts'
import type { FeedItem } from '../sync/feed.ts'
import { type WallboardView } from '../wallboard/bridge.ts'
import { inboxView, type InboxCounts, type InboxSection } from './bridge.ts'

/**
 * Lists and their numbers as the server has them: of everything in reach, without what waits on a device. The sections,
 * orders and numbers are those of `inbox.list`, `inbox.counts` and `wallboard.get`, but for what only the device knows:
 * there is no section `to_decide`, and `mine` does not count what it would hold.
 */
export const listPageInput = z.object({
  view: inboxView,
  /** Search operators, all of which must hold. @throws `invalid_input` for what is none that is known */
  filter: z.string().max(500).default(''),
  order: z.enum(['queue', 'due']).default('queue'),
  /** Per section. */
  limit: z.int().min(1).max(200),
  /** A section's `next`: what follows there, of this section alone. Null: all sections, from their beginning. */
  after: z.string().max(300).nullable().default(null),
})

export interface ListPage {
  sections: ListPageSection[]
  /** How many the view is said to have; of those that the filter leaves. */
  total: number
  /** The conversations of all sections, as lists show them, each once. */
  items: FeedItem[]
}

export interface ListPageSection {
  key: InboxSection['key']
  /** For `queue`: of which team. */
  teamId: string | null
  /** In the section's order. */
  ids: string[]
  total: number
  next: string | null
}

/** What a customer has written about before, or elsewhere. */
export const ofCustomerInput = z.object({
  customerId: id,
  /** The one that is looked at, which is none of the others. */
  besides: id,
})

export interface OfCustomer {
  /** Of those in reach, the newest words first; 20 at most. */
  ids: string[]
  /** Those conversations, as lists show them. */
  items: FeedItem[]
}

export interface ListCounts {
  inbox: InboxCounts
  wallboard: WallboardView
}
