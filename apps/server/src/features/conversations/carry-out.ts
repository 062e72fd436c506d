import { may, type Permission } from '@parley/domain'

import { type SessionActor } from '../../platform/actor.ts'
import { type Transaction } from '../../platform/database.ts'
import { Failure } from '../../platform/failure.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { lockConversation, type ConversationRecord } from './conversation-record.ts'

export interface IntentOutcome {
  /** False where this intent took effect before and nothing was done now. */
  isFirst: boolean
}

/**
 * Carries out one intent of a person on one conversation: exactly once however often it is asked, with the
 * row locked and the permission checked on the row as it is now.
 * @throws Failure `not_found` where the person may not even see it, `forbidden`, what a guard says or `work` throws
 */
export async function carryOut(
  { db, signals, guards }: Services,
  intent: {
    intentId: string
    procedure: string
    conversationId: string
    actor: SessionActor
    permission: Permission
  },
  work: (tx: Transaction, conversation: ConversationRecord) => Promise<void>,
): Promise<IntentOutcome> {
  const { actor, intentId, procedure, conversationId, permission } = intent
  return db.transaction(async (tx) => {
    const isFirst = await recordIntent(tx, {
      intentId,
      procedure,
      conversationId,
      userId: actor.userId,
    })
    if (!isFirst) return { isFirst }
    const conversation = await lockConversation(tx, conversationId)
    if (conversation === null || !sees(actor, conversation)) throw new Failure('not_found')
    if (!may(actor, permission, belonging(conversation)))
      throw new Failure('forbidden', { permission })
    await work(tx, conversation)
    for (const guard of guards) {
      if (guard.procedure !== procedure) continue
      const refused = await guard.check(tx, { id: conversation.id, ...belonging(conversation) })
      if (refused !== null) throw new Failure(refused.code, refused.details)
    }
    tx.afterCommit(() => signals.send('feed'))
    return { isFirst }
  }, intentId)
}

/** @returns false where it took effect before. Two at the same time: the second waits for the first. */
async function recordIntent(
  tx: Transaction,
  intent: { intentId: string; procedure: string; conversationId: string; userId: string },
): Promise<boolean> {
  const inserted = await tx.run(sql`
    INSERT INTO intents (id, user_id, procedure, conversation_id)
    VALUES (${intent.intentId}, ${intent.userId}, ${intent.procedure}, ${intent.conversationId})
    ON CONFLICT (id) DO NOTHING`)
  if (inserted === 1) return true
  const known = await tx.one<{ user_id: string; procedure: string; conversation_id: string }>(sql`
    SELECT user_id, procedure, conversation_id FROM intents WHERE id = ${intent.intentId}`)
  const isSame =
    known.user_id === intent.userId &&
    known.procedure === intent.procedure &&
    known.conversation_id === intent.conversationId
  if (!isSame)
    throw new Failure('invalid_input', { field: 'intentId', problem: 'used for something else' })
  return false
}

export function belonging(conversation: ConversationRecord) {
  return { teamId: conversation.team_id, assignedTo: conversation.assigned_to }
}

export function sees(actor: SessionActor, conversation: ConversationRecord): boolean {
  return may(actor, 'conversation.see', belonging(conversation))
}
