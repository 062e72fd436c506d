import { messageKind, type LastMessage, type MessageRow } from '@parley/contracts'
import { isQuietMessage } from '@parley/domain'

import { newsOf, type Applied, type NewsOf } from '../../store/applied.ts'
import { type Cache } from '../../store/cache.ts'
import { keptKind } from '../../store/kept-kind.ts'
import { conversationOf, ofThread, takeLastMessage, threadOf } from '../conversations/index.ts'
import { localId } from './local-id.ts'

/** Conversations of this person's own in which a customer wrote, by id. */
export const customerWrote = newsOf<string>('conversations in which a customer wrote')

/** Conversations of this person's own in which an answer turned out not to have arrived, by id. */
export const answerFailed = newsOf<string>('conversations in which an answer failed')

export const keptMessages = keptKind(messageKind, {
  ...ofThread('messages'),
  columns: ({
    conversationId,
    seq,
    sentAt,
    direction,
    contentType,
    content,
    text,
    discardedAt,
  }) => ({
    conversation_id: conversationId,
    seq,
    sent_at: sentAt,
    direction,
    is_words: direction === 'inbound' && !isQuietMessage(contentType, content) ? 1 : 0,
    is_discarded: discardedAt === null ? 0 : 1,
    // As it is looked for: what was given up is found no more.
    text: discardedAt === null ? text : null,
  }),
  place: localId,
  kept(cache, row, before, applied) {
    // A reply's id is its intent's.
    if (row.direction === 'outbound') cache.acknowledge(row.id, applied)
    tellNews(cache, row, newsIn(row, before), applied)
  },
  // Of a conversation that is only listed: what is new is told all the same, and its row says it.
  passedOver(cache, row, applied) {
    if (row.direction === 'outbound') cache.acknowledge(row.id, applied)
    if (threadOf(cache, row.conversationId) === null) return
    applied.conversationIds.add(row.conversationId)
    takeLastMessage(cache, row.conversationId, row)
    tellNews(cache, row, newsIn(row, null), applied)
  },
  sweep(cache, { generation, isNewEpoch }) {
    if (isNewEpoch) forgetSeenGhosts(cache, generation)
  },
})

function tellNews(
  cache: Cache,
  { conversationId }: MessageRow,
  news: NewsOf<string> | null,
  applied: Applied,
): void {
  if (news === null || !mayBeMine(cache, conversationId)) return
  const conversation = conversationOf(cache, conversationId)
  // A closed one is their own still, and reopened by what failed.
  const isTheirs = conversation?.assignedTo === cache.myId
  if (isTheirs && (conversation.status !== 'closed' || news === answerFailed)) {
    applied.news.tell(news, conversationId)
  }
}

/** By its columns, which are quickly asked: where this person's own intents wait, it may be another's as yet. */
function mayBeMine({ store, myId }: Cache, conversationId: string): boolean {
  const found = store.value<number>(
    `SELECT 1 FROM conversations c
     WHERE c.id = ? AND (c.assigned_to = ? OR EXISTS (SELECT 1 FROM outbox o WHERE o.conversation_id = c.id))`,
    conversationId,
    myId,
  )
  return found === 1
}

/**
 * In a new epoch a message's number may be that of another one which is gone, and nobody has seen the new one: what was
 * seen before a reply was written goes back to the last message that was here before and still is.
 */
function forgetSeenGhosts({ store }: Cache, generation: number): void {
  store.run(
    `UPDATE outbox
     SET payload = json_set(payload, '$.lastSeenSeq', COALESCE((
       SELECT MAX(m.seq) FROM messages m
       WHERE m.conversation_id = outbox.conversation_id AND m.since < ? AND m.generation >= ?
         AND m.seq <= outbox.payload ->> '$.lastSeenSeq'), 0))
     WHERE kind = 'reply' AND payload ->> '$.lastSeenSeq' IS NOT NULL`,
    generation,
    generation,
  )
}

function newsIn(row: MessageRow, before: MessageRow | null): NewsOf<string> | null {
  if (row.direction === 'inbound') {
    const isNew = before === null && !isQuietMessage(row.contentType, row.content)
    return isNew ? customerWrote : null
  }
  const hasFailed = row.status === 'failed' && row.discardedAt === null
  return hasFailed && before !== null && before.status !== 'failed' ? answerFailed : null
}

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
  const message = newestInbound(cache, conversationId) ?? lastInbound(cache, conversationId)
  return message && { contentType: message.contentType, text: message.text ?? '' }
}

/** What the customer said last, if it was words. */
export function newestWords(cache: Cache, conversationId: string): string | null {
  const newest = newestInbound(cache, conversationId) ?? lastInbound(cache, conversationId)
  return newest?.text ?? null
}

/** As the server says of a conversation whose thread is not here, where the customer had the last word. */
function lastInbound(cache: Cache, conversationId: string): LastMessage | null {
  const last = conversationOf(cache, conversationId)?.lastMessage ?? null
  return last?.direction === 'inbound' ? last : null
}

function newestInbound(cache: Cache, conversationId: string): MessageRow | null {
  return cache.store.row(
    `SELECT row FROM messages WHERE conversation_id = ? AND direction = 'inbound'
     ORDER BY seq DESC LIMIT 1`,
    conversationId,
  )
}
