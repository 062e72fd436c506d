import { OWNED_STATES, may, undoneTo, type LifecycleEvent } from '@parley/domain'

import { type SessionActor } from '../../platform/actor.ts'
import { Failure } from '../../platform/failure.ts'
import { recordIntent } from '../../platform/record-intent.ts'
import { type Services } from '../../platform/services.ts'
import { applyTransition } from './apply-transition.ts'
import { conflict, requireAssignable, requireActiveTeam } from './carry-out.ts'
import { lockConversation, type ConversationRecord } from './conversation-record.ts'
import { openConversationOf } from './reopen.ts'
import { isUntouchedSince, undoableIntent, type StoodBefore } from './undoable.ts'
import { releaseWrapUp } from './wrap-up.ts'

/**
 * A person thinks better of what closed, released, transferred or assigned a conversation: it stands again as it stood,
 * where no person has changed that since. It may have left their reach by what is undone, so that they need to be allowed to
 * have done it and not to see where it went.
 * @throws Failure `conflict` where somebody was faster; `not_found` where there is nothing of theirs to undo
 */
export async function undo(
  services: Services,
  intent: { actor: SessionActor; intentId: string; conversationId: string; of: string },
): Promise<void> {
  const { actor, intentId, conversationId, of } = intent
  const { userId } = actor
  await services.db.transaction(async (tx) => {
    const procedure = 'conversations.undo'
    if (!(await recordIntent(tx, { intentId, userId, procedure, conversationId }))) return
    const conversation = await lockConversation(tx, conversationId)
    const undoable = await undoableIntent(tx, { of, userId, conversationId })
    if (conversation === null || undoable === null) throw new Failure('not_found')
    const { stoodBefore: before, permission, eventId } = undoable
    if (!may(actor, permission, { teamId: before.team_id, assignedTo: before.assigned_to }))
      throw new Failure('forbidden', { permission })
    // What has left them comes back to the team it was in: whoever is of that team no more has it no more.
    const isTheirsStill = conversation.assigned_to === userId
    const team = { teamId: before.team_id, assignedTo: null }
    if (!isTheirsStill && !may(actor, 'conversation.see', team))
      throw new Failure('forbidden', { permission: 'conversation.see' })
    if (!(await isUntouchedSince(tx, conversationId, eventId)))
      throw await conflict(tx, conversation)
    const event = undoneTo(stateAfter(before, conversation))
    if (event === null) throw await conflict(tx, conversation)
    if (before.team_id !== null) await requireActiveTeam(tx, before.team_id)
    if (OWNED_STATES.has(before.status) && before.assigned_to !== null)
      await requireAssignable(tx, before.assigned_to)
    if (conversation.status === 'closed') {
      const open = await openConversationOf(tx, conversation)
      if (open !== null)
        throw new Failure('conflict', { action: 'already_open', conversationId: open })
      await releaseWrapUp(tx, conversationId)
    }
    await applyTransition(services, tx, conversation, event, {
      actorId: userId,
      set: standing(before, conversation),
      ...recorded(event, conversation),
      metadata: { reason: 'undone' },
      assignment: { method: 'manual' },
    })
    tx.afterCommit(() => {
      services.signals.send('feed')
      services.signals.send('routing')
    })
  }, intentId)
}

/** The customer may have written since: then it is the agent's turn. */
function stateAfter(
  { status }: StoodBefore,
  { status: now, waiting_since }: ConversationRecord,
): StoodBefore['status'] {
  const wrote = now !== 'closed' && waiting_since !== null
  return status === 'pending_customer' && wrote ? 'pending_agent' : status
}

function standing(before: StoodBefore, now: ConversationRecord): Partial<ConversationRecord> {
  const isClosed = now.status === 'closed'
  return {
    team_id: before.team_id,
    assigned_to: OWNED_STATES.has(before.status) ? before.assigned_to : null,
    assigned_at: OWNED_STATES.has(before.status) ? now.now : now.assigned_at,
    queued_at: dateOf(before.queued_at),
    moved_by_time_at: dateOf(before.moved_by_time_at),
    told_closed_at: dateOf(before.told_closed_at),
    // What a close ended goes on; what came while it was elsewhere counts.
    waiting_since: isClosed ? dateOf(before.waiting_since) : now.waiting_since,
    closed_at: null,
    closed_by: null,
    close_reason: null,
  }
}

const dateOf = (instant: string | null) => (instant === null ? null : new Date(instant))

function recorded(event: LifecycleEvent, { status }: ConversationRecord) {
  return status === 'closed' ? { recordAs: 'conversation.reopened' as const } : {}
}
