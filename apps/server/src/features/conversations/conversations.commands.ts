import { OWNED_STATES, may, type CloseReason, type Priority } from '@parley/domain'

import { type SessionActor } from '../../platform/actor.ts'
import { type Transaction } from '../../platform/database.ts'
import { Failure } from '../../platform/failure.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { acknowledgeByOwning } from '../alerts/index.ts'
import { applyTransition, insertEvent, type AssignmentMethod } from './apply-transition.ts'
import { carryOut, conflict, requireActiveTeam, requireAssignable } from './carry-out.ts'
import { changeConversation, newlyQueued, type ConversationRecord } from './conversation-record.ts'
import { openConversationOf, reopen } from './reopen.ts'
import { holdSlotForWrapUp } from './wrap-up.ts'

interface Intent {
  actor: SessionActor
  intentId: string
  conversationId: string
}

/** An agent takes a conversation that nobody has. */
export async function claim(services: Services, intent: Intent): Promise<void> {
  await carryOut(
    services,
    { ...intent, procedure: 'conversations.claim', permission: 'conversation.claim' },
    async (tx, conversation) => {
      if (OWNED_STATES.has(conversation.status) || conversation.status === 'closed') {
        throw await conflict(tx, conversation)
      }
      await makeTheirOwn(services, tx, conversation, intent.actor.userId, 'claim')
    },
  )
}

/** The queue's next conversation that this person may claim; null where nothing waits. */
export async function claimNext(
  services: Services,
  { actor, intentId, teamId }: { actor: SessionActor; intentId: string; teamId: string | null },
): Promise<string | null> {
  const before = await services.db.maybe<{ conversation_id: string }>(sql`
    SELECT conversation_id FROM intents WHERE id = ${intentId} AND user_id = ${actor.userId}`)
  if (before !== null) return before.conversation_id
  const teamIds = teamId === null ? actor.teamIds : [teamId]
  for (const id of teamIds) {
    if (!may(actor, 'conversation.claim', { teamId: id, assignedTo: null }))
      throw new Failure('forbidden')
  }
  // Each turn loses at most to somebody who got one, so this ends.
  for (;;) {
    const next = await services.db.maybe<{ id: string }>(sql`
      SELECT id FROM conversations
      WHERE status = 'queued' AND team_id = ANY(${teamIds}::uuid[])
      ORDER BY (CASE priority WHEN 'urgent' THEN 0 WHEN 'high' THEN 1 WHEN 'normal' THEN 2 ELSE 3 END),
               COALESCE(next_due_at, 'infinity'::timestamptz), queued_at, id
      LIMIT 1`)
    if (next === null) return null
    try {
      await claim(services, { actor, intentId, conversationId: next.id })
      return next.id
    } catch (error) {
      if (!(error instanceof Failure && error.code === 'conflict')) throw error
    }
  }
}

export async function assign(
  services: Services,
  { userId, ...intent }: Intent & { userId: string },
): Promise<void> {
  await carryOut(
    services,
    { ...intent, procedure: 'conversations.assign', permission: 'conversation.assign' },
    (tx, conversation) => giveTo(services, tx, conversation, intent.actor.userId, userId, 'manual'),
  )
}

export async function transfer(
  services: Services,
  {
    to,
    note,
    ...intent
  }: Intent & {
    to: { kind: 'team'; teamId: string } | { kind: 'person'; userId: string }
    note?: string | undefined
  },
): Promise<void> {
  await carryOut(
    services,
    { ...intent, procedure: 'conversations.transfer', permission: 'conversation.assign' },
    async (tx, conversation) => {
      if (to.kind === 'person') {
        await giveTo(services, tx, conversation, intent.actor.userId, to.userId, 'transfer', note)
      } else {
        await requireActiveTeam(tx, to.teamId)
        await moveToTeam(services, tx, conversation, {
          actorId: intent.actor.userId,
          teamId: to.teamId,
          metadata: note === undefined ? {} : { note },
        })
      }
      tx.afterCommit(() => services.signals.send('routing'))
    },
  )
}

/** Back into the team's queue. */
export async function release(services: Services, intent: Intent): Promise<void> {
  await carryOut(
    services,
    { ...intent, procedure: 'conversations.release', permission: 'conversation.assign' },
    async (tx, conversation) => {
      await moveToTeam(services, tx, conversation, {
        actorId: intent.actor.userId,
        teamId: conversation.team_id,
        metadata: { reason: 'released' },
      })
      tx.afterCommit(() => services.signals.send('routing'))
    },
  )
}

/** A lead makes it their own, whoever had it. */
export async function takeOver(services: Services, intent: Intent): Promise<void> {
  await carryOut(
    services,
    { ...intent, procedure: 'conversations.takeOver', permission: 'conversation.take_over' },
    async (tx, conversation) => {
      await makeTheirOwn(services, tx, conversation, intent.actor.userId, 'takeover')
      tx.afterCommit(() => services.signals.send('routing'))
    },
  )
}

export async function close(
  services: Services,
  { reason, ...intent }: Intent & { reason: CloseReason },
): Promise<void> {
  await carryOut(
    services,
    { ...intent, procedure: 'conversations.close', permission: 'conversation.close' },
    async (tx, conversation) => {
      if (conversation.status === 'closed') throw await conflict(tx, conversation)
      await applyTransition(services, tx, conversation, 'closed', {
        actorId: intent.actor.userId,
        // The last owner stays on a closed conversation: it is theirs to see, and comes back to them.
        set: {
          closed_at: conversation.now,
          closed_by: intent.actor.userId,
          close_reason: reason,
          waiting_since: null,
          queued_at: null,
        },
        metadata: { close_reason: reason },
      })
      await holdSlotForWrapUp(tx, conversation)
      tx.afterCommit(() => services.signals.send('routing'))
    },
  )
}

/** How pressing it is, and with that what is promised. */
export async function setPriority(
  services: Services,
  { priority, ...intent }: Intent & { priority: Priority },
): Promise<void> {
  await carryOut(
    services,
    { ...intent, procedure: 'conversations.setPriority', permission: 'conversation.prioritise' },
    async (tx, conversation) => {
      if (conversation.status === 'closed') throw await conflict(tx, conversation)
      if (conversation.priority === priority) return
      await changeConversation(services, tx, conversation, { priority })
      await insertEvent(tx, {
        conversationId: conversation.id,
        type: 'conversation.priority_changed',
        actorId: intent.actor.userId,
        oldValue: { priority: conversation.priority },
        newValue: { priority },
        metadata: {},
      })
      tx.afterCommit(() => services.signals.send('routing'))
    },
  )
}

export async function reopenByPerson(services: Services, intent: Intent): Promise<void> {
  await carryOut(
    services,
    { ...intent, procedure: 'conversations.reopen', permission: 'conversation.close' },
    async (tx, conversation) => {
      if (conversation.status !== 'closed' || conversation.team_id === null) {
        throw await conflict(tx, conversation)
      }
      const open = await openConversationOf(tx, conversation)
      if (open !== null)
        throw new Failure('conflict', { action: 'already_open', conversationId: open })
      await reopen(services, tx, conversation, { actorId: intent.actor.userId })
      tx.afterCommit(() => services.signals.send('routing'))
    },
  )
}

/** What its agent cannot answer goes back to the queue. */
export async function returnToQueue(
  services: Services,
  tx: Transaction,
  conversation: ConversationRecord,
  { actorId, reason, teamId }: { actorId: string | null; reason: string; teamId: string },
): Promise<void> {
  await moveToTeam(services, tx, conversation, {
    actorId,
    teamId,
    metadata: { reason },
  })
  tx.afterCommit(() => {
    services.signals.send('feed')
    services.signals.send('routing')
  })
}

async function giveTo(
  services: Services,
  tx: Transaction,
  conversation: ConversationRecord,
  actorId: string,
  userId: string,
  method: 'manual' | 'transfer',
  note?: string,
): Promise<void> {
  await requireAssignable(tx, userId)
  const metadata = note === undefined ? {} : { note }
  await makeOwner(services, tx, conversation, { actorId, userId, method, metadata })
}

async function makeTheirOwn(
  services: Services,
  tx: Transaction,
  conversation: ConversationRecord,
  userId: string,
  method: 'claim' | 'takeover',
): Promise<void> {
  await makeOwner(services, tx, conversation, { actorId: userId, userId, method })
  await acknowledgeByOwning(services, tx, { conversationId: conversation.id, userId })
}

/** @throws Failure `conflict` where it is theirs already */
async function makeOwner(
  services: Services,
  tx: Transaction,
  conversation: ConversationRecord,
  owner: { actorId: string; userId: string; method: AssignmentMethod; metadata?: object },
): Promise<void> {
  const { actorId, userId, method, metadata } = owner
  const isOwned = OWNED_STATES.has(conversation.status)
  if (isOwned && conversation.assigned_to === userId) throw await conflict(tx, conversation)
  const event = isOwned ? 'transferred_to_agent' : 'assigned_by_person'
  await applyTransition(services, tx, conversation, event, {
    actorId,
    set: { assigned_to: userId, assigned_at: conversation.now, queued_at: null },
    assignment: { method },
    metadata: { ...metadata },
  })
  await noteAssignment(tx, userId)
}

/** Into a team's queue: its own again, or another's. */
export async function moveToTeam(
  services: Services,
  tx: Transaction,
  conversation: ConversationRecord,
  move: {
    actorId: string | null
    teamId: string | null
    metadata: object
    set?: Partial<ConversationRecord>
  },
): Promise<void> {
  const isTransfer = move.teamId !== conversation.team_id
  const isOwned = OWNED_STATES.has(conversation.status)
  await applyTransition(
    services,
    tx,
    conversation,
    isOwned ? 'returned_to_queue' : 'moved_to_team',
    {
      actorId: move.actorId,
      set: {
        team_id: move.teamId,
        assigned_to: null,
        ...newlyQueued(conversation),
        ...move.set,
      },
      recordAs: isTransfer ? 'conversation.transferred' : 'conversation.unassigned',
      metadata: { ...move.metadata },
    },
  )
}

/** Longest idle first needs to know when somebody was last given something. */
async function noteAssignment(tx: Transaction, userId: string): Promise<void> {
  await tx.run(sql`UPDATE agent_presence SET last_assigned_at = NOW() WHERE user_id = ${userId}`)
}
