import {
  type Abilities,
  type ConversationRow,
  type ConversationView,
  type EventRow,
  type MessageRow,
  type ThreadEntry,
  type ThreadPage,
} from '@parley/contracts'
import {
  customerWindowEndsAt,
  may,
  transition,
  type Actor,
  type LifecycleEvent,
  type Permission,
} from '@parley/domain'

import { type Outbox } from '../outbox/outbox.ts'
import { readOutbox } from '../outbox/read-outbox.ts'
import { type OutboxRecord } from '../outbox/outbox-record.ts'
import { type Cache } from '../store/cache.ts'
import { orderedClocks } from './clocks.ts'
import { readInboxRow } from './inbox.ts'

export function readConversation(
  cache: Cache,
  outbox: Outbox,
  conversationId: string,
): ConversationView | null {
  const conversation = cache.effective(conversationId)
  const row = readInboxRow(cache, conversationId)
  if (conversation === null || row === null) return null
  const customer = cache.customer(conversation.customerId)
  const lastInboundAtMs = conversation.lastInboundAt ? Date.parse(conversation.lastInboundAt) : null
  const windowEndsAtMs = customerWindowEndsAt(conversation.channel, lastInboundAtMs)
  return {
    row,
    customer: {
      id: conversation.customerId,
      name: customer?.name ?? null,
      identities: customer?.identities ?? [],
      metadata: customer?.metadata ?? {},
      createdAt: customer?.createdAt ?? conversation.createdAt,
      others: otherConversations(cache, conversation),
    },
    windowEndsAt: windowEndsAtMs === null ? null : new Date(windowEndsAtMs).toISOString(),
    clocks: orderedClocks(conversation),
    firstMessageAt: conversation.firstMessageAt,
    firstResponseAt: conversation.firstResponseAt,
    closedBy: conversation.closedBy,
    closeReason: conversation.closeReason,
    abilities: abilitiesOf(cache, conversation),
    draft: readDraft(cache, conversationId),
    refused: outbox.refusedOn(conversationId),
  }
}

function readDraft(cache: Cache, conversationId: string): string {
  return (
    cache.store.get<{ text: string }>(
      'SELECT text FROM drafts WHERE conversation_id = ?',
      conversationId,
    )?.text ?? ''
  )
}

function otherConversations(
  cache: Cache,
  conversation: ConversationRow,
): ConversationView['customer']['others'] {
  const others = cache.store.all<{ id: string }>(
    `SELECT id FROM conversations WHERE customer_id = ? AND id <> ?
     ORDER BY last_message_at DESC LIMIT 20`,
    conversation.customerId,
    conversation.id,
  )
  return others.flatMap(({ id }) => {
    const row = readInboxRow(cache, id)
    return row === null
      ? []
      : [
          {
            id,
            channel: row.channel,
            status: row.status,
            preview: row.preview.text,
            lastMessageAt: row.lastMessageAt,
          },
        ]
  })
}

/** The server's own rules, so that nothing is offered that would be refused. */
function abilitiesOf(cache: Cache, conversation: ConversationRow): Abilities {
  const actor = cache.actor
  const belonging = { teamId: conversation.teamId, assignedTo: conversation.assignedTo }
  const can = (permission: Permission, ...events: LifecycleEvent[]): boolean =>
    may(actor, permission, belonging) &&
    events.some((event) => transition(conversation.status, event) !== null)
  return {
    reply: can('conversation.reply', 'agent_replied'),
    claim: can('conversation.claim', 'assigned_by_person'),
    assign: can('conversation.assign', 'assigned_by_person', 'transferred_to_agent'),
    transfer: can('conversation.assign', 'transferred_to_agent', 'moved_to_team'),
    release: can('conversation.assign', 'returned_to_queue'),
    takeOver: mayTakeOver(actor, conversation),
    close: can('conversation.close', 'closed'),
    reopen: can('conversation.close', 'reopened_to_queue') && conversation.teamId !== null,
    setPriority:
      conversation.status !== 'closed' && may(actor, 'conversation.prioritise', belonging),
  }
}

export function mayTakeOver(
  actor: Actor,
  { teamId, assignedTo, status }: Pick<ConversationRow, 'teamId' | 'assignedTo' | 'status'>,
): boolean {
  if (assignedTo === actor.userId) return false
  const events = ['transferred_to_agent', 'assigned_by_person'] as const
  return (
    may(actor, 'conversation.take_over', { teamId, assignedTo }) &&
    events.some((event) => transition(status, event) !== null)
  )
}

/** After every instant, as text. */
const END_OF_TIME = '9'

/** What is shown before the message that a page was stretched to reach. */
const BEFORE_REACHED = 20

/** How many messages stand between the thread's end and this one. */
function distanceTo(cache: Cache, messageId: string): number {
  return (
    cache.store.get<{ count: number }>(
      `SELECT COUNT(*) AS count FROM messages newer, messages wanted
       WHERE wanted.id = ? AND newer.conversation_id = wanted.conversation_id
         AND (newer.sent_at, newer.seq) >= (wanted.sent_at, wanted.seq)`,
      messageId,
    )?.count ?? 0
  )
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
): ThreadPage & { oldestSeq: number | null } {
  const place = before === null ? null : parsePlace(before)
  const limit = Math.max(asked, reach === undefined ? 0 : distanceTo(cache, reach) + BEFORE_REACHED)
  const records = cache.store.all<{ row: string }>(
    `SELECT row FROM messages
     WHERE conversation_id = ? AND (sent_at, seq) < (?, ?)
     ORDER BY sent_at DESC, seq DESC LIMIT ?`,
    conversationId,
    place?.at ?? END_OF_TIME,
    place?.seq ?? 0,
    limit + 1,
  )
  const messages = records
    .slice(0, limit)
    .map(({ row }) => JSON.parse(row) as MessageRow)
    .toReversed()
  const hasOlderHere = records.length > limit
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
    hasOlder: hasOlderHere || !isHistoryComplete(cache, conversationId),
    seenSeq: seenSeq(cache, conversationId),
    oldestSeq: messages.length === 0 ? null : Math.min(...messages.map(({ seq }) => seq)),
  }
}

function parsePlace(key: string): Place | null {
  const [, at, seq] = /^[me]:([^|]+)\|(\d+)$/.exec(key) ?? []
  return at === undefined || seq === undefined ? null : { at, seq: Number(seq) }
}

function eventsBetween(cache: Cache, conversationId: string, from: string, to: string): EventRow[] {
  const records = cache.store.all<{ row: string }>(
    `SELECT row FROM events WHERE conversation_id = ? AND created_at >= ? AND created_at < ?
     ORDER BY created_at, seq`,
    conversationId,
    from,
    to,
  )
  return records.map(({ row }) => JSON.parse(row) as EventRow)
}

function byPlace(a: ThreadEntry, b: ThreadEntry): number {
  return a.at < b.at ? -1 : a.at > b.at ? 1 : a.type === b.type ? 0 : a.type === 'message' ? -1 : 1
}

export function isHistoryComplete(cache: Cache, conversationId: string): boolean {
  return (
    cache.store.get<{ history_complete: number }>(
      'SELECT history_complete FROM conversations WHERE id = ?',
      conversationId,
    )?.history_complete === 1
  )
}

export function seenSeq(cache: Cache, conversationId: string): number {
  return (
    cache.store.get<{ seq: number }>(
      'SELECT seq FROM seen WHERE conversation_id = ?',
      conversationId,
    )?.seq ?? 0
  )
}

function toMessageEntry(cache: Cache, message: MessageRow): ThreadEntry {
  const isMine = message.senderType === 'agent' && message.senderId === cache.myId
  const author =
    message.senderType === 'agent' && !isMine && message.senderId !== null
      ? cache.person(message.senderId)
      : null
  return {
    type: 'message',
    key: `m:${message.sentAt}|${message.seq}`,
    at: message.sentAt,
    message,
    authorName: author?.fullName ?? null,
    isMine,
    outbox: null,
    quoted: message.replyToId === null ? null : quotedMessage(cache, message.replyToId),
  }
}

function quotedMessage(
  cache: Cache,
  id: string,
): Extract<ThreadEntry, { type: 'message' }>['quoted'] {
  const record = cache.store.get<{ row: string }>('SELECT row FROM messages WHERE id = ?', id)
  if (record === undefined) return null
  const message = JSON.parse(record.row) as MessageRow
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
    const name = cache.person(id)?.fullName ?? teamName(cache, id)
    if (name !== null) names[id] = name
  }
  return names
}

function teamName(cache: Cache, id: string): string | null {
  const record = cache.store.get<{ row: string }>('SELECT row FROM teams WHERE id = ?', id)
  return record === undefined ? null : (JSON.parse(record.row) as { name: string }).name
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
      deliveredAt: null,
      readAt: null,
      failedReason: null,
      ambiguousAt: null,
      discardedAt: null,
      replyToId: null,
    },
    authorName: null,
    isMine: true,
    outbox: intent.state === 'sending' ? 'sending' : 'waiting',
    quoted: null,
  }
}
