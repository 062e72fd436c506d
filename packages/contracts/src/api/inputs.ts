import { AWAY_REASONS, CHOOSABLE_PRESENCE, CLOSE_REASONS, PRIORITIES, ROLES } from '@parley/domain'
import { z } from 'zod'

import { feedCursor } from '../feed.ts'
import { MAXIMUM_TEXT_LENGTH, id, newId, typedText } from '../primitives.ts'

/** Inputs of the server's procedures, by router. Outputs are `outputs.ts`. */

export const device = z.object({
  id: newId,
  name: typedText(120).min(1),
  platform: z.enum(['linux', 'darwin', 'win32']),
})

export const signInInput = z.object({
  email: z.email().max(255),
  password: z.string().min(1).max(1024),
  device,
  protocolVersion: z.int(),
})
export const refreshInput = z.object({ refreshToken: z.string().max(512) })

export const bootstrapInput = z.object({ page: z.string().max(512).nullable() })
export const feedInput = z.object({
  cursor: feedCursor,
  /** Set by the transport when it resumes; it is the id of the last batch received. */
  lastEventId: z.string().nullish(),
})

/**
 * Every change a person makes carries the intent's id. Repeating one that took effect answers the same
 * and does nothing; so a lost answer can simply be asked for again.
 */
const intent = { intentId: newId, conversationId: id }

export const claimInput = z.object(intent)
export const claimNextInput = z.object({ intentId: newId, teamId: id.nullable() })
export const assignInput = z.object({ ...intent, userId: id })
export const transferInput = z.object({
  ...intent,
  to: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('team'), teamId: id }),
    z.object({ kind: z.literal('person'), userId: id }),
  ]),
  note: typedText(1000).optional(),
})
export const releaseInput = z.object(intent)
export const takeOverInput = z.object(intent)
export const closeInput = z.object({ ...intent, reason: z.enum(CLOSE_REASONS) })
export const setPriorityInput = z.object({ ...intent, priority: z.enum(PRIORITIES) })
export const reopenInput = z.object(intent)
export const historyInput = z.object({
  conversationId: id,
  beforeSeq: z.int().positive().nullable(),
})

export const sendInput = z.object({
  /** The message's id is the intent's id. */
  id: newId,
  conversationId: id,
  text: typedText(MAXIMUM_TEXT_LENGTH).min(1),
  /** The newest message the writer had seen, by `seq`; null where there was none. */
  lastSeenSeq: z.int().nonnegative().nullable(),
  /** Send although a colleague has answered meanwhile. */
  despiteNewerReply: z.boolean().default(false),
})
export const retryInput = z.object({ intentId: newId, messageId: id })

export const settleInput = z.object({
  intentId: newId,
  messageId: id,
  /** `sent`: the person knows that an ambiguous one went out. `discarded`: it is given up. */
  as: z.enum(['sent', 'discarded']),
})

export const setPresenceInput = z.object({
  status: z.enum(CHOOSABLE_PRESENCE),
  reason: z.enum(AWAY_REASONS).nullable(),
})

export const revokeSessionsInput = z.object({ userId: id })
export const setRoleInput = z.object({ userId: id, role: z.enum(ROLES) })
export const setTeamsInput = z.object({ userId: id, teamIds: z.array(id).max(200) })
export const setActiveInput = z.object({ userId: id, isActive: z.boolean() })
export const revokeSessionInput = z.object({ sessionId: id })
