import { LONGEST_DRAFT } from '@parley/domain'
import { z } from 'zod'

import { type EventRow } from '../conversations/rows.ts'
import { type Reach } from '../inbox/bridge.ts'
import { engineMethods, takes, whileLocked } from '../method.ts'
import { id } from '../primitives.ts'
import { replyText } from './reply-text.ts'
import { type MessageRow } from './rows.ts'

declare module '../outbox/intents.ts' {
  interface Intents {
    reply: { text: string; lastSeenSeq: number | null; despiteNewerReply: boolean }
    retry: { messageId: string }
    settle: { messageId: string; as: 'sent' | 'discarded' }
  }
}

export type ThreadEntry =
  | {
      type: 'message'
      key: string
      at: string
      message: MessageRow
      /** Name of the colleague who wrote it; null for the customer, oneself and the system. */
      authorName: string | null
      isMine: boolean
      /** In the outbox, not yet accepted by the server. */
      outbox: 'waiting' | 'sending' | null
      /** The quoted message's words, where the cache has it. */
      quoted: { text: string | null; contentType: string; byCustomer: boolean } | null
    }
  | { type: 'event'; key: string; at: string; event: EventRow; names: Record<string, string> }

/** `isPartial`: the thread is not here; of what was said only the last may be shown, as far as lists show it. */
export interface ThreadPage extends Reach {
  /** Oldest first. */
  entries: ThreadEntry[]
  /** There is more before the first entry, in the cache or on the server. */
  hasOlder: boolean
  /** What lies between here and the message that was to be reached is being fetched: that it is over is a change. */
  isReaching: boolean
  /** The newest `seq` this person had read when they opened it, for the line "new since". */
  seenSeq: number
}

/** Anything that somebody may have typed or pasted: what no text may hold is left out, so that the rest is kept. */
export const draftText = z
  .string()
  .max(LONGEST_DRAFT)
  .overwrite((text) => text.replaceAll('\u0000', '').toWellFormed())

const conversation = z.object({ conversationId: id })
const message = conversation.extend({ messageId: id })
interface Intended {
  intentId: string
}

export const messagingMethods = engineMethods({
  /** `before` is an entry's key; null: the newest page. */
  'conversation.thread': takes(
    conversation.extend({
      before: z.string().max(200).nullable(),
      limit: z.int().min(1).max(500),
      /** With `before: null`: as many more as it takes to have this message and some before it. */
      reach: id.optional(),
    }),
  ).shows<ThreadPage>(),
  /** Also of what was being written when the workstation was locked. */
  'conversation.saveDraft': whileLocked(
    takes(conversation.extend({ text: draftText })).gives<null>(),
  ),
  'conversation.reply': takes(conversation.extend({ text: replyText })).gives<Intended>(),
  'conversation.retryMessage': takes(message).gives<Intended>(),
  /** What a person knows of a message that failed or may have gone out. */
  'conversation.settleMessage': takes(
    message.extend({ as: z.enum(['sent', 'discarded']) }),
  ).gives<Intended>(),
})
