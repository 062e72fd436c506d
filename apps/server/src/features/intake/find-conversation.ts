import { type Transaction } from '../../platform/database.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { type ChannelMessage } from '../channels/index.ts'
import {
  insertClosedConversation,
  insertConversation,
  insertEvent,
  lockConversation,
  lockLatestConversation,
  reopenForCustomer,
  type ConversationRecord,
} from '../conversations/index.ts'
import { type IdentifiedCustomer } from '../customers/index.ts'

/**
 * The open conversation, a closed one reopened in time, or a new one. Whoever loses the race to open one
 * finds the winner's on the next turn.
 */
export async function conversationForMessage(
  services: Services,
  tx: Transaction,
  { channel }: ChannelMessage,
  customer: IdentifiedCustomer,
  channelAccountId: string,
  sentAt: Date,
): Promise<ConversationRecord> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const latest = await lockLatestConversation(tx, customer.rowIds, channelAccountId)
    if (latest !== null && latest.status !== 'closed') return latest
    const reopened = latest && (await reopenForCustomer(services, tx, latest))
    if (reopened) return reopened
    const opened = await insertConversation(tx, {
      customerId: customer.id,
      channel,
      channelAccountId,
      firstMessageAt: sentAt,
      replyIdentityId: customer.identityId,
    })
    if (opened !== null) {
      await insertEvent(tx, {
        conversationId: opened.id,
        type: 'conversation.created',
        actorId: null,
        oldValue: null,
        newValue: { status: opened.status },
        metadata: {},
      })
      return opened
    }
  }
  throw new Error('could neither find nor open a conversation')
}

/** Where the message is that it speaks of; else the customer's latest, which it neither opens nor reopens. */
export async function conversationForQuiet(
  tx: Transaction,
  { channel, aboutChannelMessageId }: ChannelMessage,
  customer: IdentifiedCustomer,
  channelAccountId: string,
): Promise<ConversationRecord> {
  const about =
    aboutChannelMessageId && (await conversationWith(tx, aboutChannelMessageId, customer))
  return (
    about ||
    ((await lockLatestConversation(tx, customer.rowIds, channelAccountId)) ??
      (await insertClosedConversation(tx, { customerId: customer.id, channel, channelAccountId })))
  )
}

async function conversationWith(
  tx: Transaction,
  channelMessageId: string,
  { rowIds }: IdentifiedCustomer,
): Promise<ConversationRecord | null> {
  const found = await tx.maybe<{ id: string }>(sql`
    SELECT c.id FROM messages m JOIN conversations c ON c.id = m.conversation_id
    WHERE m.channel_message_id = ${channelMessageId} AND c.customer_id = ANY(${rowIds}::uuid[])`)
  return found && lockConversation(tx, found.id)
}
