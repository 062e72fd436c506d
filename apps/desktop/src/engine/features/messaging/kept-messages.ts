import { messageKind, type MessageRow } from '@parley/contracts'

import { newsOf } from '../../store/applied.ts'
import { type Cache } from '../../store/cache.ts'
import { keptKind } from '../../store/kept-kind.ts'
import { OF_CONVERSATION, conversationOf } from '../conversations/index.ts'

/** Conversations of this person's own in which a customer wrote, by id. */
export const customerWrote = newsOf<string>('conversations in which a customer wrote')

/** Messages that are no words to answer. */
const QUIET_TYPES = new Set(['reaction', 'system', 'edit', 'revoke', 'request_welcome'])

export const keptMessages = keptKind(messageKind, {
  ...OF_CONVERSATION,
  table: 'messages',
  columns: ({ conversationId, seq, sentAt, direction, text }) => ({
    conversation_id: conversationId,
    seq,
    sent_at: sentAt,
    direction,
    text,
  }),
  kept(cache, row, before, applied) {
    // A reply's id is its intent's.
    if (row.direction === 'outbound') cache.acknowledge(row.id, applied)
    const isNews =
      before === null && row.direction === 'inbound' && !QUIET_TYPES.has(row.contentType)
    if (!isNews) return
    const conversation = conversationOf(cache, row.conversationId)
    if (conversation?.assignedTo === cache.myId && conversation.status !== 'closed') {
      applied.news.tell(customerWrote, row.conversationId)
    }
  },
})

/** The newest message's `seq`, or null where there is none. */
export function newestSeq(cache: Cache, conversationId: string): number | null {
  return cache.store.value(
    'SELECT MAX(seq) FROM messages WHERE conversation_id = ?',
    conversationId,
  )
}

/** The customer's newest message as a preview; null where there is none. */
export function newestOfCustomer(
  cache: Cache,
  conversationId: string,
): { contentType: string; text: string } | null {
  const message = newestInbound(cache, conversationId)
  return message && { contentType: message.contentType, text: message.text ?? '' }
}

/** What the customer said last, if it was words. */
export function newestWords(cache: Cache, conversationId: string): string | null {
  return newestInbound(cache, conversationId)?.text ?? null
}

function newestInbound(cache: Cache, conversationId: string): MessageRow | null {
  return cache.store.row(
    `SELECT row FROM messages WHERE conversation_id = ? AND direction = 'inbound'
     ORDER BY sent_at DESC, seq DESC LIMIT 1`,
    conversationId,
  )
}
