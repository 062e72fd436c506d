import { customerWindowEndsAt, takesEachIdOnce } from '@parley/domain'

import { type SessionActor } from '../../platform/actor.ts'
import { type Transaction } from '../../platform/database.ts'
import { Failure } from '../../platform/failure.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { applyTransition, carryOut, type ConversationRecord } from '../conversations/index.ts'
import { readByAnswering } from '../reads/index.ts'
import { insertAttempt, lockSentMessage, type SentMessage } from './attempts.queries.ts'
import { applyAttempts, type ChangedAttempt } from './change-message.ts'
import { type Delivery } from './deliver.ts'
import { conversationIdOf, insertOutgoing } from './messages.queries.ts'

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
      await insertOutgoing(tx, {
        id,
        conversationId,
        senderType: 'agent',
        senderId: actor.userId,
        text,
        metadata: {},
      })
      await applyTransition(services, tx, conversation, 'agent_replied', {
        actorId: actor.userId,
        set: {
          first_response_at: conversation.first_response_at ?? conversation.now,
          waiting_since: null,
          last_message_at: conversation.now,
          last_agent_id: actor.userId,
        },
      })
      await readByAnswering(tx, {
        userId: actor.userId,
        conversationId,
        seq: reply.lastSeenSeq ?? 0,
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
      const message = await lockSentMessage(tx, retry.messageId)
      if (message === null || !message.is_text || !maySettle(message, 'discarded')) {
        throw new Failure('conflict', { action: 'message_not_failed' })
      }
      const attempts = await onceMore(tx, conversation, message)
      await applyAttempts(services, tx, { ...message, settled_as: null }, attempts, {
        actorId: retry.actor.userId,
      })
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
      const message = await lockSentMessage(tx, settle.messageId)
      if (message === null || !maySettle(message, settle.as)) {
        throw new Failure('conflict', { action: 'message_settled' })
      }
      const settled = { ...message, settled_as: settle.as }
      await applyAttempts(services, tx, settled, message.attempts, {
        actorId: settle.actor.userId,
      })
    },
  )
  return conversationId
}

/** Whether it is in a person's hands: what failed can only be given up or sent again, what nobody knows of also be known of. */
function maySettle(message: SentMessage, as: 'sent' | 'discarded'): boolean {
  if (message.discarded_at !== null) return false
  return message.ambiguous_at !== null || (as === 'discarded' && message.status === 'failed')
}

/** What may have gone out is repeated under the same id where the channel takes an id once; else it is a new attempt. */
async function onceMore(
  tx: Transaction,
  { channel }: ConversationRecord,
  message: SentMessage,
): Promise<ChangedAttempt[]> {
  const last = message.attempts.at(-1)
  if (last?.state === 'ambiguous' && takesEachIdOnce(channel)) {
    return [...message.attempts.slice(0, -1), { ...last, state: 'waiting', refusals: 0 }]
  }
  return [...message.attempts, await insertAttempt(tx, message, (last?.number ?? 0) + 1)]
}

async function conversationOf({ db }: Services, messageId: string): Promise<string> {
  const conversationId = await conversationIdOf(db, messageId)
  if (conversationId === null) throw new Failure('not_found')
  return conversationId
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

/**
 * No customer gets two answers: what a colleague sent meanwhile must have been seen first, the business's own phone
 * included. Only what the customer has or may have is an answer.
 */
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
    WHERE conversation_id = ${conversationId} AND direction = 'outbound' AND sender_type = 'agent'
      AND NOT is_quiet AND status <> 'failed'
      AND seq > ${lastSeenSeq ?? 0} AND sender_id IS DISTINCT FROM ${userId}::uuid
    ORDER BY seq DESC LIMIT 1`)
  if (newer === null) return
  throw new Failure('reply_outdated', {
    by: newer.sender_id,
    at: newer.sent_at.toISOString(),
    text: newer.content_text,
  })
}
