import { customerWindowEndsAt } from '@parley/domain'

import { type SessionActor } from '../../platform/actor.ts'
import { type Transaction } from '../../platform/database.ts'
import { Failure } from '../../platform/failure.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { applyTransition, carryOut, type ConversationRecord } from '../conversations/index.ts'
import { type Delivery } from './deliver.ts'

export interface MessagingServices extends Services {
  delivery: Delivery
}

/**
 * Accepts an agent's reply for delivery. The message's id is the intent's id, made by the workstation, so
 * sending it again is harmless.
 * @throws Failure `reply_outdated`, `window_closed`, `refused_transition`, `forbidden`, `not_found`
 */
export async function sendReply(
  services: MessagingServices,
  reply: {
    actor: SessionActor
    id: string
    conversationId: string
    text: string
    lastSeenSeq: number | null
    despiteNewerReply: boolean
  },
): Promise<void> {
  const { actor, id, conversationId, text } = reply
  await carryOut(
    services,
    {
      actor,
      intentId: id,
      conversationId,
      procedure: 'messages.send',
      permission: 'conversation.reply',
    },
    async (tx, conversation) => {
      refuseOutsideWindow(conversation)
      if (!reply.despiteNewerReply) {
        await refuseIfSomebodyAnswered(tx, conversationId, actor.userId, reply.lastSeenSeq)
      }
      await tx.run(sql`
        INSERT INTO messages (id, conversation_id, direction, sender_type, sender_id, content_type,
                              content_text, status, sent_at)
        VALUES (${id}, ${conversationId}, 'outbound', 'agent', ${actor.userId}, 'text', ${text},
                'pending', NOW())`)
      await applyTransition(services, tx, conversation, 'agent_replied', {
        actorId: actor.userId,
        set: {
          first_response_at: conversation.first_response_at ?? conversation.now,
          waiting_since: null,
          last_message_at: conversation.now,
          last_agent_id: actor.userId,
        },
      })
      tx.afterCommit(() => services.delivery.wake(conversationId))
    },
  )
}

/**
 * A person sends again what failed, or what may or may not have gone out. Only a person does that; the
 * channel's earlier ids are kept.
 */
export async function retryMessage(
  services: MessagingServices,
  retry: { actor: SessionActor; intentId: string; messageId: string },
): Promise<string> {
  const conversationId = await conversationOf(services, retry.messageId)
  await carryOut(
    services,
    {
      ...retry,
      conversationId,
      procedure: 'messages.retry',
      permission: 'conversation.reply',
    },
    async (tx, conversation) => {
      refuseOutsideWindow(conversation)
      const moved = await tx.run(sql`
        UPDATE messages SET
          status = 'pending', failed_reason = NULL, ambiguous_at = NULL, next_attempt_at = NULL,
          sending_since = NULL, retry_count = 0, channel_message_id = NULL,
          metadata = metadata || jsonb_build_object('earlierChannelIds',
            COALESCE(metadata -> 'earlierChannelIds', '[]'::jsonb) ||
            CASE WHEN channel_message_id IS NULL THEN '[]'::jsonb ELSE to_jsonb(ARRAY[channel_message_id]) END)
        WHERE id = ${retry.messageId} AND direction = 'outbound'
          AND discarded_at IS NULL
          AND (status = 'failed' OR (status = 'pending' AND ambiguous_at IS NOT NULL))`)
      if (moved === 0) throw new Failure('conflict', { action: 'message_not_failed' })
      tx.afterCommit(() => services.delivery.wake(conversationId))
    },
  )
  return conversationId
}

/**
 * A person says what became of a message: an ambiguous one went out after all, or one that did not is given
 * up. The record stays.
 */
export async function settleMessage(
  services: Services,
  settle: { actor: SessionActor; intentId: string; messageId: string; as: 'sent' | 'discarded' },
): Promise<string> {
  const conversationId = await conversationOf(services, settle.messageId)
  await carryOut(
    services,
    {
      ...settle,
      conversationId,
      procedure: 'messages.settle',
      permission: 'conversation.reply',
    },
    async (tx) => {
      const settled =
        settle.as === 'sent'
          ? await tx.run(sql`
              UPDATE messages SET status = 'sent', ambiguous_at = NULL
              WHERE id = ${settle.messageId} AND status = 'pending' AND ambiguous_at IS NOT NULL`)
          : await tx.run(sql`
              UPDATE messages SET status = 'failed', ambiguous_at = NULL, discarded_at = NOW()
              WHERE id = ${settle.messageId} AND direction = 'outbound' AND discarded_at IS NULL
                AND (status = 'failed' OR (status = 'pending' AND ambiguous_at IS NOT NULL))`)
      if (settled === 0) throw new Failure('conflict', { action: 'message_settled' })
    },
  )
  return conversationId
}

async function conversationOf({ db }: Services, messageId: string): Promise<string> {
  const message = await db.maybe<{ conversation_id: string }>(sql`
    SELECT conversation_id FROM messages WHERE id = ${messageId}`)
  if (message === null) throw new Failure('not_found')
  return message.conversation_id
}

/** From the customer's own clock, with the database's as the judge of now. */
function refuseOutsideWindow(conversation: ConversationRecord): void {
  const endsAt = customerWindowEndsAt(
    conversation.channel,
    conversation.last_inbound_at?.getTime() ?? null,
  )
  if (endsAt !== null && endsAt <= conversation.now.getTime()) {
    throw new Failure('window_closed', { endedAt: new Date(endsAt).toISOString() })
  }
}

/** No customer gets two answers: what a colleague sent meanwhile must have been seen first. */
async function refuseIfSomebodyAnswered(
  tx: Transaction,
  conversationId: string,
  userId: string,
  lastSeenSeq: number | null,
): Promise<void> {
  const newer = await tx.maybe<{
    sender_id: string | null
    sent_at: Date
    content_text: string | null
  }>(sql`
    SELECT sender_id, sent_at, content_text FROM messages
    WHERE conversation_id = ${conversationId} AND direction = 'outbound'
      AND seq > ${lastSeenSeq ?? 0} AND sender_id IS DISTINCT FROM ${userId}::uuid
    ORDER BY seq DESC LIMIT 1`)
  if (newer === null) return
  throw new Failure('reply_outdated', {
    by: newer.sender_id,
    at: newer.sent_at.toISOString(),
    text: newer.content_text,
  })
}
