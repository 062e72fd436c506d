import { CHANNELS, CONVERSATION_STATES } from '@parley/domain'
import { z } from 'zod'

import { type Reach } from '../inbox/bridge.ts'
import { engineMethods, takes } from '../method.ts'
import { id, instant } from '../primitives.ts'

export const searchHit = z.object({
  conversationId: id,
  /** Null where the customer's name or number matched, or no words were looked for. */
  messageId: id.nullable(),
  title: z.string(),
  channel: z.enum(CHANNELS),
  status: z.enum(CONVERSATION_STATES),
  /** The words around the match, in pieces. */
  snippet: z.array(z.object({ text: z.string(), match: z.boolean() })),
  at: instant.nullable(),
})
export type SearchHit = z.infer<typeof searchHit>

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
