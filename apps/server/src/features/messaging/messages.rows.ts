import { type HistoryOutput, type MessageRow } from '@parley/contracts'

import { type Queryable } from '../../platform/database.ts'
import { sql } from '../../platform/sql.ts'
import { eventsSince } from '../conversations/index.ts'
import { type Owned, type ServedKind, seenWithConversation } from '../sync/index.ts'

interface MessageRecord {
  id: string
  version: string
  conversation_id: string
  seq: string
  direction: MessageRow['direction']
  sender_type: MessageRow['senderType']
  sender_id: string | null
  content_type: string
  content_text: string | null
  content_metadata: Record<string, unknown> | null
  status: MessageRow['status']
  sent_at: Date
  delivered_at: Date | null
  read_at: Date | null
  failed_reason: string | null
  ambiguous_at: Date | null
  discarded_at: Date | null
  reply_to_id: string | null
}

const iso = (instant: Date | null): string | null => instant?.toISOString() ?? null

function toMessage(record: MessageRecord): MessageRow {
  return {
    id: record.id,
    version: Number(record.version),
    conversationId: record.conversation_id,
    seq: Number(record.seq),
    direction: record.direction,
    senderType: record.sender_type,
    senderId: record.sender_id,
    contentType: record.content_type,
    text: record.content_text,
    content: record.content_metadata ?? {},
    status: record.status,
    sentAt: record.sent_at.toISOString(),
    deliveredAt: iso(record.delivered_at),
    readAt: iso(record.read_at),
    failedReason: record.failed_reason,
    ambiguousAt: iso(record.ambiguous_at),
    discardedAt: iso(record.discarded_at),
    replyToId: record.reply_to_id,
  }
}

export const messageKind: ServedKind<'message'> = {
  kind: 'message',
  async load(db, ids) {
    const records = await db.many<MessageRecord & Owned>(sql`
      SELECT m.*, c.team_id, c.assigned_to
      FROM messages m JOIN conversations c ON c.id = m.conversation_id
      WHERE m.id = ANY(${ids}::uuid[])`)
    return records.map((record) => ({
      row: toMessage(record),
      audience: seenWithConversation(record),
    }))
  },
  async ofConversations(db, conversations, most) {
    const records = await db.many<MessageRecord>(sql`
      SELECT m.*
      FROM unnest(${conversations.map(({ id }) => id)}::uuid[]) AS wanted(id)
      CROSS JOIN LATERAL (
        SELECT * FROM messages WHERE conversation_id = wanted.id
        ORDER BY seq DESC LIMIT ${most}) m`)
    return records.map(toMessage)
  },
}

/** @throws where there is none */
export async function messageById(db: Queryable, id: string): Promise<MessageRow> {
  return toMessage(await db.one<MessageRecord>(sql`SELECT * FROM messages WHERE id = ${id}`))
}

/** A conversation's newest messages and events before a place in it, the oldest first. */
export async function historyOf(
  db: Queryable,
  conversationId: string,
  beforeSeq: number | null,
  limit: number,
): Promise<HistoryOutput> {
  const records = await db.many<MessageRecord>(sql`
    SELECT * FROM messages
    WHERE conversation_id = ${conversationId} AND (${beforeSeq}::bigint IS NULL OR seq < ${beforeSeq})
    ORDER BY seq DESC LIMIT ${limit + 1}`)
  const hasOlder = records.length > limit
  const messages = records.slice(0, limit).toReversed().map(toMessage)
  // Events between the page's ends; the first page takes those after its newest message, too.
  const since = hasOlder ? (messages[0]?.sentAt ?? null) : null
  const events = await eventsSince(db, conversationId, since, limit)
  return { messages, events: events.toReversed(), hasOlder }
}
