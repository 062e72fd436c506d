import { CLOSE_REASONS, PRIORITIES } from '@parley/domain'
import { z } from 'zod'

import { messageRow } from '../messaging/rows.ts'
import { id, newId, typedText } from '../primitives.ts'
import { conversationRow, eventRow } from './rows.ts'

/**
 * Every change a person makes carries the intent's id. Repeating one that took effect answers the same
 * and does nothing; so a lost answer can simply be asked for again.
 */
export const conversationIntent = z.object({ intentId: newId, conversationId: id })

export const claimNextInput = z.object({ intentId: newId, teamId: id.nullable() })
export const assignInput = conversationIntent.extend({ userId: id })
export const transferInput = conversationIntent.extend({
  to: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('team'), teamId: id }),
    z.object({ kind: z.literal('person'), userId: id }),
  ]),
  note: typedText(1000).optional(),
})
export const closeInput = conversationIntent.extend({ reason: z.enum(CLOSE_REASONS) })
/** @param of the intent that closed, released, transferred or assigned it, this person's own */
export const undoInput = conversationIntent.extend({ of: id })
export const setPriorityInput = conversationIntent.extend({ priority: z.enum(PRIORITIES) })

/**
 * The conversation as it stands after a change, so that the cache need not wait for the feed. Null: it is done, and out of
 * this person's reach; or there was none to claim.
 */
export const conversationOutput = z.object({ conversation: conversationRow.nullable() })

/** Conversations that a workstation lacks, or has without their threads. */
export const conversationsInput = z.object({
  ids: z.array(id).min(1).max(100),
  /** With their newest messages and events (`whole`); else as lists show them. */
  threads: z.boolean(),
})

export const historyInput = z.object({
  conversationId: id,
  beforeSeq: z.int().positive().nullable(),
})
export const historyOutput = z.object({
  messages: z.array(messageRow),
  events: z.array(eventRow),
  hasOlder: z.boolean(),
})
export type HistoryOutput = z.infer<typeof historyOutput>
