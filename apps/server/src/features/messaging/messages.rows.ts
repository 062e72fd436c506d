import { messageRow, type HistoryOutput, type MessageRow } from '@parley/contracts'

import { type Queryable } from '../../platform/database.ts'
import { recordAs } from '../../platform/record-as.ts'
import { lookUp, sql } from '../../platform/sql.ts'
import { eventsSince } from '../conversations/index.ts'
import { type Owned, type ServedKind, seenWithConversation } from '../sync/index.ts'

interface MessageRecord {
  content_text: string | null
  content_metadata: MessageRow['content'] | null
}

const toRow = recordAs(messageRow)

function toMessage(record: MessageRecord): MessageRow {
  const { content_text: text, content_metadata: content } = record
  return toRow({ ...record, text, content: content ?? {} })
}

export const messageKind: ServedKind<'message'> = {
  kind: 'message',
  async load(db, ids) {
    const records = await db.many<MessageRecord & Owned>(
      lookUp(sql`
      SELECT m.*, c.team_id, c.assigned_to
      FROM unnest(${ids}::uuid[]) AS wanted(id)
      CROSS JOIN LATERAL (SELECT * FROM messages WHERE id = wanted.id LIMIT 1) m
      CROSS JOIN LATERAL (SELECT team_id, assigned_to FROM conversations WHERE id = m.conversation_id LIMIT 1) c`),
    )
    return records.map((record) => ({
      row: toMessage(record),
      audience: seenWithConversation(record),
    }))
  },
  onConversations: {
    part: 'thread',
    async newest(db, conversations, most) {
      const records = await db.many<MessageRecord>(sql`
        SELECT m.*
        FROM unnest(${conversations.map(({ id }) => id)}::uuid[]) AS wanted(id)
        CROSS JOIN LATERAL (
          SELECT * FROM messages WHERE conversation_id = wanted.id
          ORDER BY seq DESC LIMIT ${most}) m`)
      return records.map(toMessage)
    },
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
