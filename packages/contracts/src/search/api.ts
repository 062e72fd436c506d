import { z } from 'zod'

import { type SearchHit } from './bridge.ts'
import type { FeedItem } from '../sync/feed.ts'

/** The grammar is that of the workstation's own search: `parseSearch`, and the operators of `SEARCH_OPERATORS`. */
export const searchInput = z.object({
  text: z.string().max(200),
  limit: z.int().min(1).max(100),
})

export interface SearchAnswer {
  /** Customers by name or number, then messages by their words, each the newest first. */
  hits: SearchHit[]
  /** The conversations of the hits, as lists show them. */
  items: FeedItem[]
  /** False where it would have taken too long to look through everything: older ones may be missing. */
  isComplete: boolean
}
