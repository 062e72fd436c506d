import { z } from 'zod'

import { conversationRow, eventRow, messageRow, personRow } from '../rows/rows.ts'
import { id, instant } from '../primitives.ts'

export const tokens = z.object({
  /** A signed token good for minutes. */
  accessToken: z.string(),
  accessExpiresAt: instant,
  /** Opaque, used once; its answer brings the next one. */
  refreshToken: z.string(),
})
export type Tokens = z.infer<typeof tokens>

export const signInOutput = z.object({
  tokens,
  sessionId: id,
  person: personRow,
  email: z.string(),
  /** The database's clock, so that devices can estimate their offset. */
  serverTime: instant,
})
export type SignInOutput = z.infer<typeof signInOutput>

/** The conversation as it stands after a change, so that the cache need not wait for the feed. */
export const conversationOutput = z.object({ conversation: conversationRow })
export const claimNextOutput = z.object({ conversation: conversationRow.nullable() })
export const messageOutput = z.object({ message: messageRow, conversation: conversationRow })

export const historyOutput = z.object({
  messages: z.array(messageRow),
  events: z.array(eventRow),
  hasOlder: z.boolean(),
})
export type HistoryOutput = z.infer<typeof historyOutput>

export const sessionSummary = z.object({
  id,
  deviceName: z.string(),
  platform: z.string(),
  createdAt: instant,
  lastUsedAt: instant,
  current: z.boolean(),
})
