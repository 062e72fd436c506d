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
import { changeConversations, type ConversationRecord } from './conversation-record.ts'

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

/** Something that happens to a conversation. */
export interface Happening {
  event: LifecycleEvent
  details: TransitionDetails
}

/** What becomes of a conversation by one of them. */
interface Step extends Happening {
  from: ConversationRecord
  to: ConversationRecord
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
  const [next] = await applyTransitions(services, tx, [
    { current, happenings: [{ event, details }] },
  ])
  return next as ConversationRecord
}

/**
 * The same for several conversations, which one moment read, each by one event after the other: recorded is each of
 * them, written only what becomes of it in the end.
 * @returns in order
 * @throws Failure `refused_transition`
 */
export async function applyTransitions(
  services: Services,
  tx: Transaction,
  all: readonly { current: ConversationRecord; happenings: readonly Happening[] }[],
): Promise<ConversationRecord[]> {
  const walked = all.map(({ current, happenings }) => walk(current, happenings))
  const next = await changeConversations(
    services,
    tx,
    all.map(({ current }, index) => ({ current, next: walked[index]?.at(-1)?.to ?? current })),
  )
  const steps = walked.flat()
  for (const step of steps) if (isAnothersNow(step)) await recordOwnership(tx, step)
  await insertEvents(tx, steps.filter(isWorthRecording).map(toEvent))
  return next
}

function walk(current: ConversationRecord, happenings: readonly Happening[]): Step[] {
  let from = current
  return happenings.map(({ event, details }) => {
    const status = transition(from.status, event)
    if (status === null) throw new Failure('refused_transition', { state: from.status, event })
    const step = { event, details, from, to: { ...from, ...details.set, status } }
    from = step.to
    return step
  })
}

function isAnothersNow({ from, to }: Step): boolean {
  return (
    from.assigned_to !== to.assigned_to ||
    OWNED_STATES.has(from.status) !== OWNED_STATES.has(to.status)
  )
}

/** A message that changes neither state nor owner nor team is a message, not an event. */
function isWorthRecording({ from, to }: Step): boolean {
  return (
    to.status !== from.status || to.assigned_to !== from.assigned_to || to.team_id !== from.team_id
  )
}

async function recordOwnership(
  tx: Transaction,
  { from, to, event, details: { actorId, assignment } }: Step,
): Promise<void> {
  if (OWNED_STATES.has(from.status)) {
    await tx.run(sql`
      UPDATE conversation_assignments SET ended_at = NOW(), end_reason = ${event}
      WHERE conversation_id = ${to.id} AND ended_at IS NULL`)
  }
  if (!OWNED_STATES.has(to.status) || to.assigned_to === null) return
  if (assignment === undefined) throw new Error(`${event} makes an owner without saying how`)
  await tx.run(sql`
    INSERT INTO conversation_assignments (id, conversation_id, user_id, team_id, method, assigned_by, explanation)
    VALUES (new_id(), ${to.id}, ${to.assigned_to}, ${to.team_id}, ${assignment.method}, ${actorId},
            ${toJson(assignment.explanation ?? {})})`)
}

const stateOf = ({ status, assigned_to, team_id }: ConversationRecord): object => ({
  status,
  assigned_to,
  team_id,
})

function toEvent({ from, to, event, details }: Step): NewEvent {
  const { actorId, recordAs, metadata, assignment } = details
  return {
    conversationId: to.id,
    type: recordAs ?? RECORDED_AS[event],
    actorId,
    oldValue: stateOf(from),
    newValue: stateOf(to),
    metadata: {
      ...metadata,
      ...(assignment && {
        assignment_method: assignment.method,
        explanation: assignment.explanation,
      }),
    },
  }
}

export interface NewEvent {
  conversationId: string
  /** Of the lifecycle, or a feature's own. */
  type: string
  actorId: string | null
  oldValue: object | null
  newValue: object | null
  metadata: object
}

export function insertEvent(tx: Transaction, event: NewEvent): Promise<void> {
  return insertEvents(tx, [event])
}

async function insertEvents(tx: Transaction, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return
  const rows = events.map((event, position) => ({
    position,
    conversation_id: event.conversationId,
    type: event.type,
    actor_id: event.actorId,
    old_value: event.oldValue,
    new_value: event.newValue,
    metadata: event.metadata,
  }))
  await tx.run(sql`
    INSERT INTO conversation_events (
      id, conversation_id, event_type, actor_type, actor_id, old_value, new_value, metadata)
    SELECT new_id(), conversation_id, type, CASE WHEN actor_id IS NULL THEN 'system' ELSE 'user' END, actor_id,
           old_value, new_value, metadata
    FROM jsonb_to_recordset(${toJson(rows)}::jsonb) AS t(
      position INT, conversation_id UUID, type TEXT, actor_id UUID, old_value JSONB, new_value JSONB, metadata JSONB)
    ORDER BY position`)
}
