import { RECORDED_AS, may, type Permission } from '@parley/domain'

import { type SessionActor } from '../../platform/actor.ts'
import { type Queryable, type Transaction } from '../../platform/database.ts'
import { Failure } from '../../platform/failure.ts'
import { recordIntent } from '../../platform/record-intent.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { lockConversation, type ConversationRecord } from './conversation-record.ts'
import { keepUndoable, latestChange, type LatestChange } from './undoable.ts'

export interface IntentOutcome {
  /** False where this intent took effect before and nothing was done now. */
  isFirst: boolean
}

/**
 * Carries out one intent of a person on one conversation: exactly once however often it is asked, with the
 * row locked and the permission checked on the row as it is now.
 * @throws Failure `not_found` where the person may not even see it, `forbidden`, `conflict` where it was theirs to do until
 *   somebody was faster, what a guard says or `work` throws
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
    const { userId } = actor
    const isFirst = await recordIntent(tx, { intentId, userId, procedure, conversationId })
    if (!isFirst) return { isFirst }
    const conversation = await lockConversation(tx, conversationId)
    if (conversation === null) throw new Failure('not_found')
    if (!sees(actor, conversation) || !may(actor, permission, belonging(conversation)))
      throw await notTheirs(tx, actor, permission, conversation)
    await work(tx, conversation)
    await keepUndoable(tx, intent, conversation)
    for (const guard of guards) {
      if (guard.procedure !== procedure) continue
      const refused = await guard.check(tx, { id: conversation.id, ...belonging(conversation) })
      if (refused !== null) throw new Failure(refused.code, refused.details)
    }
    tx.afterCommit(() => signals.send('feed'))
    return { isFirst }
  }, intentId)
}

export function belonging(conversation: ConversationRecord) {
  return { teamId: conversation.team_id, assignedTo: conversation.assigned_to }
}

export function sees(actor: SessionActor, conversation: ConversationRecord): boolean {
  return may(actor, 'conversation.see', belonging(conversation))
}

/**
 * Where they could do it until somebody changed that, they are told who did what and when, and no more than that of what
 * they cannot see any more.
 */
async function notTheirs(
  tx: Transaction,
  actor: SessionActor,
  permission: Permission,
  conversation: ConversationRecord,
): Promise<Failure> {
  const isSeen = sees(actor, conversation)
  const change = await latestChange(tx, conversation.id, { takenFrom: actor })
  if (change !== null && change.actor_id !== actor.userId && may(actor, permission, change.before))
    return isSeen ? faster(change, conversation) : faster(change)
  return isSeen ? new Failure('forbidden', { permission }) : new Failure('not_found')
}

/** Who did what to its state and when, for the one who came second. */
export async function conflict(db: Queryable, conversation: ConversationRecord): Promise<Failure> {
  return faster(await latestChange(db, conversation.id), conversation)
}

function faster(change: LatestChange | null, conversation?: ConversationRecord): Failure {
  const isRouted = change?.event_type === RECORDED_AS.agent_chosen && change.actor_id === null
  return new Failure('conflict', {
    action: isRouted ? 'routed' : (change?.event_type ?? null),
    by: change?.actor_id ?? conversation?.assigned_to ?? null,
    at: change?.created_at.toISOString() ?? null,
    ...(conversation && { status: conversation.status, assignedTo: conversation.assigned_to }),
  })
}

export async function requireAssignable(db: Queryable, userId: string): Promise<void> {
  const person = await db.maybe<{ is_active: boolean }>(sql`
    SELECT is_active FROM users WHERE id = ${userId}`)
  if (!person?.is_active) throw new Failure('not_assignable', { userId })
}

export async function requireActiveTeam(db: Queryable, teamId: string): Promise<void> {
  const team = await db.maybe<{ is_active: boolean }>(sql`
    SELECT is_active FROM teams WHERE id = ${teamId}`)
  if (!team?.is_active) throw new Failure('not_assignable', { teamId })
}
