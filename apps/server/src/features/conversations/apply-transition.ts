import {
  OWNED_STATES,
  RECORDED_AS,
  transition,
  type ConversationEventType,
  type LifecycleEvent,
} from '@parley/domain'

import { Failure } from '../../platform/failure.ts'
import { type Transaction } from '../../platform/database.ts'
import { type Services } from '../../platform/services.ts'
import { sql, toJson } from '../../platform/sql.ts'
import { changeConversation, type ConversationRecord } from './conversation-record.ts'

export type AssignmentMethod =
  | 'auto'
  | 'offer'
  | 'claim'
  | 'manual'
  | 'transfer'
  | 'reopen'
  | 'takeover'

export interface TransitionDetails {
  /** Who does it; null: the system, or something a customer caused. */
  actorId: string | null
  /** Fields that change along with the state. */
  set?: Partial<ConversationRecord>
  /** Where the audit trail's name differs from the event's usual one. */
  recordAs?: ConversationEventType
  metadata?: Record<string, unknown>
  /** How a new owner came to it, and why. Needed whenever the owner changes to somebody. */
  assignment?: { method: AssignmentMethod; explanation?: object }
}

/**
 * The only way a conversation's state changes: the table decides, the row is saved, the audit trail and
 * the ownership history are written, all in the caller's transaction.
 * @throws Failure `refused_transition`
 */
export async function applyTransition(
  services: Services,
  tx: Transaction,
  current: ConversationRecord,
  event: LifecycleEvent,
  details: TransitionDetails,
): Promise<ConversationRecord> {
  const status = transition(current.status, event)
  if (status === null) throw new Failure('refused_transition', { state: current.status, event })

  const next = await changeConversation(services, tx, current, { ...details.set, status })
  if (next.assigned_to !== current.assigned_to || hasNewOwnership(current, next)) {
    await recordOwnership(tx, current, next, event, details)
  }
  if (isWorthRecording(current, next)) await recordEvent(tx, current, next, event, details)
  return next
}

function hasNewOwnership(current: ConversationRecord, next: ConversationRecord): boolean {
  return OWNED_STATES.has(current.status) !== OWNED_STATES.has(next.status)
}

/** A message that changes neither state nor owner nor team is a message, not an event. */
function isWorthRecording(current: ConversationRecord, next: ConversationRecord): boolean {
  return (
    next.status !== current.status ||
    next.assigned_to !== current.assigned_to ||
    next.team_id !== current.team_id
  )
}

async function recordOwnership(
  tx: Transaction,
  current: ConversationRecord,
  next: ConversationRecord,
  event: LifecycleEvent,
  { actorId, assignment }: TransitionDetails,
): Promise<void> {
  if (OWNED_STATES.has(current.status)) {
    await tx.run(sql`
      UPDATE conversation_assignments SET ended_at = NOW(), end_reason = ${event}
      WHERE conversation_id = ${next.id} AND ended_at IS NULL`)
  }
  if (!OWNED_STATES.has(next.status) || next.assigned_to === null) return
  if (assignment === undefined) throw new Error(`${event} makes an owner without saying how`)
  await tx.run(sql`
    INSERT INTO conversation_assignments (id, conversation_id, user_id, team_id, method, assigned_by, explanation)
    VALUES (new_id(), ${next.id}, ${next.assigned_to}, ${next.team_id}, ${assignment.method}, ${actorId},
            ${toJson(assignment.explanation ?? {})})`)
}

async function recordEvent(
  tx: Transaction,
  current: ConversationRecord,
  next: ConversationRecord,
  event: LifecycleEvent,
  details: TransitionDetails,
): Promise<void> {
  const metadata = {
    ...details.metadata,
    ...(details.assignment && {
      assignment_method: details.assignment.method,
      explanation: details.assignment.explanation,
    }),
  }
  await insertEvent(tx, {
    conversationId: next.id,
    type: details.recordAs ?? RECORDED_AS[event],
    actorId: details.actorId,
    oldValue: {
      status: current.status,
      assigned_to: current.assigned_to,
      team_id: current.team_id,
    },
    newValue: { status: next.status, assigned_to: next.assigned_to, team_id: next.team_id },
    metadata,
  })
}

export async function insertEvent(
  tx: Transaction,
  event: {
    conversationId: string
    /** Of the lifecycle, or a feature's own. */
    type: string
    actorId: string | null
    oldValue: object | null
    newValue: object | null
    metadata: object
  },
): Promise<void> {
  await tx.run(sql`
    INSERT INTO conversation_events (
      id, conversation_id, event_type, actor_type, actor_id, old_value, new_value, metadata)
    VALUES (
      new_id(), ${event.conversationId}, ${event.type}, ${event.actorId === null ? 'system' : 'user'},
      ${event.actorId}, ${event.oldValue && toJson(event.oldValue)},
      ${event.newValue && toJson(event.newValue)}, ${toJson(event.metadata)})`)
}
