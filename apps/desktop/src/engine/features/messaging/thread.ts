import {
  LAST_MESSAGE_CHARACTERS,
  type EventRow,
  type MessageRow,
  type ThreadEntry,
  type ThreadPage,
} from '@parley/contracts'

import { readOutbox, type OutboxRecord } from '../../outbox/outbox-table.ts'
import { type Cache } from '../../store/cache.ts'
import { personNameOf, teamOf } from '../accounts/index.ts'
import { conversationOf, eventsBetween, threadOf } from '../conversations/index.ts'
import { readSeq } from '../reads/index.ts'

/** After every instant, as text. */
const END_OF_TIME = '9'

/** What is shown before the message that a page was stretched to reach. */
const BEFORE_REACHED = 20

/** How many messages stand between the thread's end and this one. */
function distanceTo(cache: Cache, messageId: string): number {
  const distance = cache.store.value<number>(
    `SELECT COUNT(*) FROM messages wanted CROSS JOIN messages newer
     WHERE wanted.id = ? AND newer.conversation_id = wanted.conversation_id
       AND (newer.sent_at, newer.seq) >= (wanted.sent_at, wanted.seq)`,
    messageId,
  )
  return distance ?? 0
}

interface Place {
  at: string
  seq: number
}

/**
 * A page of the thread, messages and events in one order: the channel's time, then the server's own. What
 * waits to be sent stands at the end of the newest page.
 */
export function readThread(
  cache: Cache,
  conversationId: string,
  before: string | null,
  asked: number,
  reach?: string,
): ThreadPage {
  const place = before === null ? null : parsePlace(before)
  const limit = Math.max(asked, reach === undefined ? 0 : distanceTo(cache, reach) + BEFORE_REACHED)
  const newestFirst = cache.store.rows<MessageRow>(
    `SELECT row FROM messages
     WHERE conversation_id = ? AND (sent_at, seq) < (?, ?)
     ORDER BY sent_at DESC, seq DESC LIMIT ?`,
    conversationId,
    place?.at ?? END_OF_TIME,
    place?.seq ?? 0,
    limit + 1,
  )
  const isPartial = threadOf(cache, conversationId)?.isWhole === false
  const messages = newestFirst.slice(0, limit).toReversed()
  const last = isPartial && before === null ? lastMessageOf(cache, conversationId) : null
  if (last !== null && messages.every(({ seq }) => seq < last.seq)) messages.push(last)
  const hasOlderHere = newestFirst.length > limit
  const events = eventsBetween(
    cache,
    conversationId,
    hasOlderHere ? (messages[0]?.sentAt ?? '') : '',
    place?.at ?? END_OF_TIME,
  )
  const entries: ThreadEntry[] = [
    ...messages
      .filter(({ discardedAt }) => discardedAt === null)
      .map((message) => toMessageEntry(cache, message)),
    ...events.map((event) => toEventEntry(cache, event)),
  ].toSorted(byPlace)
  if (before === null) entries.push(...pendingEntries(cache, conversationId))
  return {
    entries,
    // Of a thread that is not here nothing is before or after anything.
    hasOlder: !isPartial && (hasOlderHere || !isHistoryComplete(cache, conversationId)),
    isPartial,
    isReaching: false,
    seenSeq: readSeq(cache, conversationId),
  }
}

/** Of a message of which no more is known, or has become. */
const NOTHING_CAME_OF_IT = {
  deliveredAt: null,
  readAt: null,
  failedReason: null,
  ambiguousAt: null,
  discardedAt: null,
  replyToId: null,
} satisfies Partial<MessageRow>

/** What a list knows of it, as a message: whole but for its length, its time and what stands beside the text. */
function lastMessageOf(cache: Cache, conversationId: string): MessageRow | null {
  const conversation = conversationOf(cache, conversationId)
  if (!conversation?.lastMessage || conversation.lastMessageAt === null) return null
  const { text, ...said } = conversation.lastMessage
  const isCut = text !== null && [...text].length >= LAST_MESSAGE_CHARACTERS
  return {
    ...said,
    text: isCut ? `${text}…` : text,
    conversationId,
    content: {},
    sentAt: conversation.lastMessageAt,
    ...NOTHING_CAME_OF_IT,
  }
}

function parsePlace(key: string): Place | null {
  const [, at, seq] = /^[me]:([^|]+)\|(\d+)$/.exec(key) ?? []
  return at === undefined || seq === undefined ? null : { at, seq: Number(seq) }
}

function byPlace(a: ThreadEntry, b: ThreadEntry): number {
  return a.at < b.at ? -1 : a.at > b.at ? 1 : a.type === b.type ? 0 : a.type === 'message' ? -1 : 1
}

export function isHistoryComplete(cache: Cache, conversationId: string): boolean {
  return threadOf(cache, conversationId)?.isComplete ?? false
}

function toMessageEntry(cache: Cache, message: MessageRow): ThreadEntry {
  const isMine = message.senderType === 'agent' && message.senderId === cache.myId
  const isColleagues = message.senderType === 'agent' && !isMine
  return {
    type: 'message',
    key: `m:${message.sentAt}|${message.seq}`,
    at: message.sentAt,
    message,
    authorName: isColleagues ? personNameOf(cache, message.senderId) : null,
    isMine,
    outbox: null,
    quoted: message.replyToId === null ? null : quotedMessage(cache, message.replyToId),
  }
}

function quotedMessage(
  cache: Cache,
  id: string,
): Extract<ThreadEntry, { type: 'message' }>['quoted'] {
  const message = cache.store.row<MessageRow>('SELECT row FROM messages WHERE id = ?', id)
  if (message === null) return null
  return {
    text: message.text,
    contentType: message.contentType,
    byCustomer: message.direction === 'inbound',
  }
}

function toEventEntry(cache: Cache, event: EventRow): ThreadEntry {
  return {
    type: 'event',
    key: `e:${event.createdAt}|${event.seq}`,
    at: event.createdAt,
    event,
    names: namesIn(cache, event),
  }
}

/** The names of everybody the event speaks of, people and teams, by id. */
function namesIn(cache: Cache, event: EventRow): Record<string, string> {
  const explanation = event.metadata['explanation'] as
    | { eligible?: { userId: string }[]; ineligible?: { userId: string }[] }
    | undefined
  const ids = [
    event.actorId,
    event.oldValue?.['assigned_to'],
    event.newValue?.['assigned_to'],
    event.oldValue?.['team_id'],
    event.newValue?.['team_id'],
    ...(explanation?.eligible ?? []).map(({ userId }) => userId),
    ...(explanation?.ineligible ?? []).map(({ userId }) => userId),
  ].filter((id): id is string => typeof id === 'string')
  const names: Record<string, string> = {}
  for (const id of ids) {
    const name = personNameOf(cache, id) ?? teamOf(cache, id)?.name
    if (name !== undefined) names[id] = name
  }
  return names
}

/** Replies of mine that the server has not accepted yet, as messages that it might have made of them. */
function pendingEntries(cache: Cache, conversationId: string): ThreadEntry[] {
  return readOutbox(cache.store, conversationId).flatMap((intent) =>
    intent.payload.kind === 'reply' && intent.state !== 'refused'
      ? [toPendingEntry(cache, intent, intent.payload.text)]
      : [],
  )
}

function toPendingEntry(cache: Cache, intent: OutboxRecord, text: string): ThreadEntry {
  return {
    type: 'message',
    key: `o:${intent.intent_id}`,
    at: intent.created_at,
    message: {
      id: intent.intent_id,
      version: 1,
      conversationId: intent.conversation_id,
      seq: Number.MAX_SAFE_INTEGER,
      direction: 'outbound',
      senderType: 'agent',
      senderId: cache.myId,
      contentType: 'text',
      text,
      content: {},
      status: 'pending',
      sentAt: intent.created_at,
      ...NOTHING_CAME_OF_IT,
    },
    authorName: null,
    isMine: true,
    outbox: intent.state === 'sending' ? 'sending' : 'waiting',
    quoted: null,
  }
}
