import { type Queryable, type Transaction } from '../../platform/database.ts'
import { Failure } from '../../platform/failure.ts'
import { sql, toJson } from '../../platform/sql.ts'

export interface IncomingRow {
  conversationId: string
  channelMessageId: string
  direction: 'inbound' | 'outbound'
  senderType: 'customer' | 'agent'
  senderId: string | null
  contentType: string
  text: string | null
  content: Record<string, unknown>
  isQuiet: boolean
  sentAt: Date
  quotedChannelMessageId: string | null
}

/** @returns false where the channel's id is known already: a duplicate, which changes nothing */
export async function insertChannelMessage(tx: Transaction, row: IncomingRow): Promise<boolean> {
  const isOurs = row.direction === 'outbound'
  const inserted = await tx.run(sql`
    WITH stored AS (
      INSERT INTO messages (
        id, conversation_id, channel_message_id, direction, sender_type, sender_id, content_type,
        content_text, content_metadata, is_quiet, status, sent_at, reply_to_id)
      VALUES (
        new_id(), ${row.conversationId}, ${row.channelMessageId}, ${row.direction}, ${row.senderType},
        ${row.senderId}, ${row.contentType}, ${row.text}, ${toJson(row.content)}, ${row.isQuiet},
        ${isOurs ? 'sent' : 'delivered'}, ${row.sentAt},
        (SELECT id FROM messages WHERE channel_message_id = ${row.quotedChannelMessageId}))
      ON CONFLICT (channel_message_id) WHERE channel_message_id IS NOT NULL DO NOTHING
      RETURNING id, conversation_id, seq, sent_at
    ), attempted AS (
      -- The business's own phone sent it; the channel's receipts of it come here all the same.
      INSERT INTO message_attempts (
        id, message_id, number, conversation_id, message_seq, state, channel_message_id, sent_at)
      SELECT new_id(), id, 1, conversation_id, seq, 'sent', ${row.channelMessageId}, sent_at
      FROM stored WHERE ${isOurs}
    )
    SELECT id FROM stored`)
  return inserted === 1
}

/** What Parley is to send. */
export interface OutgoingRow {
  /** Null: a new one. */
  id: string | null
  conversationId: string
  senderType: 'agent' | 'system'
  senderId: string | null
  text: string
  metadata: Record<string, unknown>
}

/**
 * Stores a message with its first attempt, which waits to be sent. It stands after all that the customer has
 * written, whatever their channel's clock says.
 * @throws Failure `invalid_input` where another message has its id
 */
export async function insertOutgoing(tx: Transaction, row: OutgoingRow): Promise<void> {
  const inserted = await tx.run(sql`
    WITH stored AS (
      INSERT INTO messages (id, conversation_id, direction, sender_type, sender_id, content_type,
                            content_text, status, sent_at, metadata)
      SELECT COALESCE(${row.id}::uuid, new_id()), c.id, 'outbound', ${row.senderType}, ${row.senderId}, 'text',
             ${row.text}, 'pending', GREATEST(NOW(), c.last_message_at), ${toJson(row.metadata)}
      FROM conversations c WHERE c.id = ${row.conversationId}
      ON CONFLICT (id) DO NOTHING
      RETURNING id, conversation_id, seq
    )
    INSERT INTO message_attempts (id, message_id, number, conversation_id, message_seq)
    SELECT new_id(), id, 1, conversation_id, seq FROM stored`)
  if (inserted === 0) {
    throw new Failure('invalid_input', { field: 'id', problem: 'used for something else' })
  }
}

export async function parkReceipt(
  tx: Transaction,
  receipt: {
    channelMessageId: string
    status: string
    occurredAt: Date
    failedReason: string | null
  },
): Promise<void> {
  await tx.run(sql`
    INSERT INTO parked_receipts (channel_message_id, status, occurred_at, failed_reason)
    VALUES (${receipt.channelMessageId}, ${receipt.status}, ${receipt.occurredAt}, ${receipt.failedReason})
    ON CONFLICT (channel_message_id, status) DO NOTHING`)
}

export interface ParkedReceipt {
  channelMessageId: string
  status: 'sent' | 'delivered' | 'read' | 'failed'
  occurredAt: Date
  failedReason: string | null
}

export function takeParkedReceipts(
  tx: Transaction,
  channelMessageId: string,
): Promise<ParkedReceipt[]> {
  return tx.many(sql`
    DELETE FROM parked_receipts WHERE channel_message_id = ${channelMessageId}
    RETURNING channel_message_id AS "channelMessageId", status, occurred_at AS "occurredAt",
              failed_reason AS "failedReason"`)
}

/** Makes whoever else speaks of this channel id wait until the transaction ends. */
export async function lockChannelMessageId(
  tx: Transaction,
  channelMessageId: string,
): Promise<void> {
  await tx.run(sql`SELECT pg_advisory_xact_lock(hashtextextended(${channelMessageId}, 0))`)
}

/** @returns null where there is no such message */
export async function conversationIdOf(db: Queryable, messageId: string): Promise<string | null> {
  const message = await db.maybe<{ conversation_id: string }>(sql`
    SELECT conversation_id FROM messages WHERE id = ${messageId}`)
  return message?.conversation_id ?? null
}
