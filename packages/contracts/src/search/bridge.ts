import { type Channel, type ConversationState } from '@parley/domain'
import { z } from 'zod'

import { type Reach } from '../inbox/bridge.ts'
import { engineMethods, takes } from '../method.ts'

export interface SearchHit {
  conversationId: string
  /** Null where the customer's name or number matched, or no words were looked for. */
  messageId: string | null
  title: string
  channel: Channel
  status: ConversationState
  /** The words around the match, in pieces. */
  snippet: { text: string; match: boolean }[]
  at: string | null
}

export interface SearchResult extends Reach {
  /** What is here, then what the server adds. */
  hits: SearchHit[]
  /** The server has stopped looking, since that would have taken too long: older ones may be missing. */
  isBrokenOff: boolean
  /** The server is being asked; what it says is heard of as a change. */
  isAsking: boolean
}

export const searchMethods = engineMethods({
  /** Words, and operators such as `due:overdue` that narrow where they are looked for. */
  'search.query': takes(
    z.object({ text: z.string().max(200), limit: z.int().min(1).max(100) }),
  ).shows<SearchResult>(),
})
