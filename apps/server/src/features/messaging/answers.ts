import { OWNED_STATES } from '@parley/domain'

import { type Transaction } from '../../platform/database.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import {
  applyTransition,
  changeConversation,
  lockConversation,
  reopenForOwner,
  type ConversationRecord,
} from '../conversations/index.ts'

/** What people's answers have come to, by what the customer has, or may have. */
interface Answers {
  first_response_at: Date | null
  /** Since when the customer waits, by their own clock; null: they have been answered. */
  waiting_since: Date | null
  /** When the first of the words that wait came here, and where they stand. */
  waiting_from: Date | null
  waiting_seq: string | null
}

/** What has become of the message that makes the answers others than they were. */
export interface ChangedAnswer {
  seq: string
  isAnswer: boolean
}

/**
 * Brings a conversation to what its answers have come to, after one of them turned out to have failed, or not to have:
 * whose turn it is, since when, and the clocks, as if what failed had never been sent. The caller holds it locked.
 */
export async function bringAnswersUpToDate(
  services: Services,
  tx: Transaction,
  conversationId: string,
  actorId: string | null,
  changed: ChangedAnswer,
): Promise<void> {
  const conversation = await lockConversation(tx, conversationId)
  if (conversation === null) throw new Error(`${conversationId} is gone`)
  const answers = await readAnswers(tx, conversationId)
  const set = {
    first_response_at: answers.first_response_at,
    waiting_since: answers.waiting_since,
  }
  if (answers.waiting_since === null) {
    await becomeAnswered(services, tx, conversation, { actorId, set })
  } else if (conversation.status === 'closed' && !leavesUnanswered(changed, answers)) {
    // Whoever closed it knew of what was said last: a thank you needs no answer.
    await changeConversation(services, tx, conversation, { ...set, waiting_since: null })
  } else {
    await forgetTurns(tx, conversationId, answers.waiting_from)
    const why = { actorId, set, metadata: { reason: 'answer_failed' } }
    await becomeUnanswered(services, tx, conversation, why)
  }
}

/** Whether it was the answer to words that wait now, and is none any more. */
function leavesUnanswered({ seq, isAnswer }: ChangedAnswer, { waiting_seq }: Answers): boolean {
  return !isAnswer && waiting_seq !== null && BigInt(waiting_seq) < BigInt(seq)
}

interface Change {
  actorId: string | null
  set: Pick<ConversationRecord, 'first_response_at' | 'waiting_since'>
  metadata?: Record<string, unknown>
}

async function becomeAnswered(
  services: Services,
  tx: Transaction,
  conversation: ConversationRecord,
  change: Change,
): Promise<void> {
  if (conversation.waiting_since !== null && OWNED_STATES.has(conversation.status)) {
    await applyTransition(services, tx, conversation, 'agent_replied', change)
  } else {
    await changeConversation(services, tx, conversation, change.set)
  }
}

async function becomeUnanswered(
  services: Services,
  tx: Transaction,
  conversation: ConversationRecord,
  change: Change,
): Promise<void> {
  if (conversation.status === 'pending_customer') {
    await applyTransition(services, tx, conversation, 'answer_failed', change)
  } else if (conversation.status === 'closed') {
    await reopenForOwner(services, tx, conversation, change)
  } else {
    await changeConversation(services, tx, conversation, change.set)
  }
  // What somebody has to do has changed, and with it who has room.
  tx.afterCommit(() => services.signals.send('routing'))
}

function readAnswers(tx: Transaction, conversationId: string): Promise<Answers> {
  return tx.one(sql`
    WITH answers AS (
      SELECT seq, sender_id, sent_at,
             CASE WHEN sender_id IS NULL THEN LEAST(sent_at, created_at) ELSE created_at END AS at
      -- The conversation's first (OFFSET 0): planned while there are few messages, all agents' would be as good.
      FROM (SELECT * FROM messages WHERE conversation_id = ${conversationId} AND direction = 'outbound' OFFSET 0) theirs
      WHERE sender_type = 'agent' AND NOT is_quiet AND status <> 'failed'
    )
    SELECT (SELECT MIN(at) FROM answers) AS first_response_at,
           MIN(m.sent_at) AS waiting_since, MIN(m.created_at) AS waiting_from, MIN(m.seq) AS waiting_seq
    FROM messages m
    WHERE m.conversation_id = ${conversationId} AND m.direction = 'inbound' AND NOT m.is_quiet
      AND m.seq > COALESCE((SELECT MAX(seq) FROM answers WHERE sender_id IS NOT NULL), 0)
      -- From the business's own phone: what was sent before the customer's words answers none of them.
      AND NOT EXISTS (
        SELECT FROM answers a WHERE a.sender_id IS NULL AND a.seq > m.seq AND a.sent_at >= m.sent_at)`)
}

/** While the customer waited for us, it was not their turn. */
async function forgetTurns(
  tx: Transaction,
  conversationId: string,
  since: Date | null,
): Promise<void> {
  await tx.run(sql`
    DELETE FROM conversation_pauses
    WHERE conversation_id = ${conversationId} AND kind = 'pending_customer' AND started_at >= ${since}`)
}

/**
 * Somebody answered outside Parley, from the business's own phone: an answer like any other. Whose the conversation is
 * does not change; one that waits for somebody goes on waiting, without a clock.
 */
export async function answeredFromElsewhere(
  services: Services,
  tx: Transaction,
  conversation: ConversationRecord,
  sentAt: Date,
): Promise<void> {
  if (conversation.status === 'closed' || conversation.first_message_at === null) return
  // Sent before the customer's words came here: it may have been an answer to what came before them.
  const isAnswer = conversation.waiting_since === null || conversation.waiting_since <= sentAt
  if (!isAnswer) return
  const waiting_since =
    conversation.waiting_since && (await readAnswers(tx, conversation.id)).waiting_since
  const set = {
    first_response_at: conversation.first_response_at ?? sentAt,
    waiting_since,
    last_message_at:
      conversation.last_message_at !== null && conversation.last_message_at > sentAt
        ? conversation.last_message_at
        : sentAt,
  }
  // What they wrote after it waits all the same.
  if (waiting_since === null)
    await becomeAnswered(services, tx, conversation, { actorId: null, set })
  else await changeConversation(services, tx, conversation, set)
}
