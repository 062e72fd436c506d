import { type MessageStatus } from '@parley/domain'

import { type Queryable, type Transaction } from '../../platform/database.ts'
import { sql } from '../../platform/sql.ts'

export interface IncomingRow {
  conversationId: string
  channelMessageId: string
  direction: 'inbound' | 'outbound'
  senderType: 'customer' | 'agent'
  senderId: string | null
  contentType: string
  text: string | null
  content: Record<string, unknown>
  sentAt: Date
  quotedChannelMessageId: string | null
}

/** @returns false where the channel's id is known already: a duplicate, which changes nothing */
export async function insertChannelMessage(tx: Transaction, row: IncomingRow): Promise<boolean> {
  const inserted = await tx.run(sql`
    INSERT INTO messages (
      conversation_id, channel_message_id, direction, sender_type, sender_id, content_type,
      content_text, content_metadata, status, sent_at, reply_to_id)
    VALUES (
      ${row.conversationId}, ${row.channelMessageId}, ${row.direction}, ${row.senderType},
      ${row.senderId}, ${row.contentType}, ${row.text}, ${JSON.stringify(row.content)},
      ${row.direction === 'inbound' ? 'delivered' : 'sent'}, ${row.sentAt},
      (SELECT id FROM messages WHERE channel_message_id = ${row.quotedChannelMessageId}))
    ON CONFLICT (channel_message_id) WHERE channel_message_id IS NOT NULL DO NOTHING`)
  return inserted === 1
}

export interface ReceivableMessage {
  id: string
  conversation_id: string
  status: MessageStatus
  channel_message_id: string | null
}

/** The message of ours that a receipt speaks of, locked. */
export function lockMessageByChannelId(
  tx: Transaction,
  channelMessageId: string,
): Promise<ReceivableMessage | null> {
  return tx.maybe(sql`
    SELECT id, conversation_id, status, channel_message_id FROM messages
    WHERE channel_message_id = ${channelMessageId} AND direction = 'outbound'
    FOR UPDATE`)
}

/** A message whose send was never answered: its receipts bring the channel's id. */
export function lockUnansweredMessage(
  tx: Transaction,
  messageId: string,
): Promise<ReceivableMessage | null> {
  return tx.maybe(sql`
    SELECT id, conversation_id, status, channel_message_id FROM messages
    WHERE id = ${messageId} AND direction = 'outbound' AND status = 'pending'
      AND channel_message_id IS NULL
    FOR UPDATE`)
}

export async function updateStatus(
  tx: Transaction,
  message: { id: string; channelMessageId: string },
  status: MessageStatus,
  occurredAt: Date,
  failedReason: string | null,
): Promise<void> {
  await tx.run(sql`
    UPDATE messages SET
      status = ${status},
      channel_message_id = ${message.channelMessageId},
      delivered_at = CASE WHEN ${status} IN ('delivered', 'read') THEN COALESCE(delivered_at, ${occurredAt}) ELSE delivered_at END,
      read_at = CASE WHEN ${status} = 'read' THEN COALESCE(read_at, ${occurredAt}) ELSE read_at END,
      failed_reason = CASE WHEN ${status} = 'failed' THEN ${failedReason} ELSE failed_reason END,
      ambiguous_at = NULL, sending_since = NULL, next_attempt_at = NULL
    WHERE id = ${message.id}`)
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

export function takeParkedReceipts(
  tx: Transaction,
  channelMessageId: string,
): Promise<
  { status: Exclude<MessageStatus, 'pending'>; occurred_at: Date; failed_reason: string | null }[]
> {
  return tx.many(sql`
    DELETE FROM parked_receipts WHERE channel_message_id = ${channelMessageId}
    RETURNING status, occurred_at, failed_reason`)
}

/** Makes whoever else speaks of this channel id wait until the transaction ends. */
export async function lockChannelMessageId(
  tx: Transaction,
  channelMessageId: string,
): Promise<void> {
  await tx.run(sql`SELECT pg_advisory_xact_lock(hashtextextended(${channelMessageId}, 0))`)
}

export interface SendableMessage {
  id: string
  conversation_id: string
  text: string
  retry_count: number
  next_attempt_at: Date | null
  sending_since: Date | null
  channel: 'whatsapp' | 'chat_app'
  account_external_id: string
  to: string
}

/** The conversation's next message to go out, whether or not its time has come. */
export function nextToSend(db: Queryable, conversationId: string): Promise<SendableMessage | null> {
  return db.maybe(sql`
    SELECT m.id, m.conversation_id, m.content_text AS text, m.retry_count, m.next_attempt_at,
           m.sending_since, c.channel, a.external_id AS account_external_id,
           (SELECT i.external_id FROM customer_identities i
            WHERE i.customer_id = c.customer_id AND i.channel = c.channel
            ORDER BY (i.external_id LIKE '+%') DESC, i.is_primary DESC, i.created_at LIMIT 1) AS "to"
    FROM messages m
    JOIN conversations c ON c.id = m.conversation_id
    JOIN channel_accounts a ON a.id = c.channel_account_id
    WHERE m.conversation_id = ${conversationId} AND m.direction = 'outbound'
      AND m.status = 'pending' AND m.ambiguous_at IS NULL
    ORDER BY m.seq LIMIT 1`)
}

/** Conversations with something to send whose time has come. */
export async function conversationsToSend(db: Queryable, limit: number): Promise<string[]> {
  const rows = await db.many<{ conversation_id: string }>(sql`
    SELECT DISTINCT conversation_id FROM messages
    WHERE direction = 'outbound' AND status = 'pending' AND ambiguous_at IS NULL
      AND (next_attempt_at IS NULL OR next_attempt_at <= NOW())
    LIMIT ${limit}`)
  return rows.map(({ conversation_id }) => conversation_id)
}

export async function markSending(db: Queryable, messageId: string): Promise<void> {
  await db.run(sql`UPDATE messages SET sending_since = NOW() WHERE id = ${messageId}`)
}

export async function markAmbiguous(
  db: Queryable,
  messageId: string,
  detail: string,
): Promise<void> {
  await db.run(sql`
    UPDATE messages SET ambiguous_at = NOW(), sending_since = NULL,
      metadata = metadata || jsonb_build_object('lastFailure', ${detail}::text)
    WHERE id = ${messageId} AND status = 'pending'`)
}

export async function markForRetry(
  db: Queryable,
  messageId: string,
  delayMs: number,
  detail: string,
): Promise<void> {
  await db.run(sql`
    UPDATE messages SET sending_since = NULL, retry_count = retry_count + 1,
      next_attempt_at = NOW() + make_interval(secs => ${delayMs / 1000}),
      metadata = metadata || jsonb_build_object('lastFailure', ${detail}::text)
    WHERE id = ${messageId} AND status = 'pending'`)
}

export async function markFailed(
  db: Queryable,
  messageId: string,
  reason: string,
  detail: string,
): Promise<void> {
  await db.run(sql`
    UPDATE messages SET status = 'failed', failed_reason = ${reason}, sending_since = NULL,
      next_attempt_at = NULL, metadata = metadata || jsonb_build_object('lastFailure', ${detail}::text)
    WHERE id = ${messageId} AND status = 'pending'`)
}
