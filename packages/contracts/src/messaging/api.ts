import { z } from 'zod'

import { conversationRow } from '../conversations/rows.ts'
import { id, newId } from '../primitives.ts'
import { replyText } from './reply-text.ts'
import { messageRow } from './rows.ts'

export const sendInput = z.object({
  /** The message's id is the intent's id. */
  id: newId,
  conversationId: id,
  text: replyText,
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

/** As they stand then; null: out of this person's reach. */
export const messageOutput = z.object({
  message: messageRow.nullable(),
  conversation: conversationRow.nullable(),
})
