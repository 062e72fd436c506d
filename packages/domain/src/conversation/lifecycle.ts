/**
 * The life of a conversation as a table: which event may happen in which state, and where it leads.
 * A pair that is absent is refused; nothing else in the code base decides what state comes next.
 */

export const CONVERSATION_STATES = [
  'new',
  'triage',
  'queued',
  'assigned',
  'pending_customer',
  'pending_agent',
  'closed',
] as const
export type ConversationState = (typeof CONVERSATION_STATES)[number]

export const LIFECYCLE_EVENTS = [
  'triage_began',
  'triaged',
  'assigned_by_person',
  'agent_chosen',
  'moved_to_team',
  'customer_wrote',
  'agent_replied',
  'answer_failed',
  'transferred_to_agent',
  'returned_to_queue',
  'closed',
  'reopened_to_agent',
  'reopened_to_queue',
  'undone_to_queue',
  'undone_to_assigned',
  'undone_to_pending_customer',
  'undone_to_pending_agent',
] as const
export type LifecycleEvent = (typeof LIFECYCLE_EVENTS)[number]

/** Whoever undoes what they did to a conversation brings it back to how it stood, which only they know. */
const UNDONE = {
  undone_to_queue: 'queued',
  undone_to_assigned: 'assigned',
  undone_to_pending_customer: 'pending_customer',
  undone_to_pending_agent: 'pending_agent',
} as const

export const TRANSITIONS = {
  new: {
    triage_began: 'triage',
    assigned_by_person: 'assigned',
    customer_wrote: 'new',
    closed: 'closed',
  },
  triage: {
    triaged: 'queued',
    assigned_by_person: 'assigned',
    customer_wrote: 'triage',
    closed: 'closed',
  },
  queued: {
    assigned_by_person: 'assigned',
    agent_chosen: 'assigned',
    moved_to_team: 'queued',
    customer_wrote: 'queued',
    closed: 'closed',
    ...UNDONE,
  },
  assigned: {
    customer_wrote: 'assigned',
    agent_replied: 'pending_customer',
    transferred_to_agent: 'assigned',
    returned_to_queue: 'queued',
    closed: 'closed',
    ...UNDONE,
  },
  pending_customer: {
    customer_wrote: 'pending_agent',
    agent_replied: 'pending_customer',
    answer_failed: 'pending_agent',
    transferred_to_agent: 'assigned',
    returned_to_queue: 'queued',
    closed: 'closed',
    ...UNDONE,
  },
  pending_agent: {
    customer_wrote: 'pending_agent',
    agent_replied: 'pending_customer',
    transferred_to_agent: 'assigned',
    returned_to_queue: 'queued',
    closed: 'closed',
    ...UNDONE,
  },
  closed: {
    reopened_to_agent: 'assigned',
    reopened_to_queue: 'queued',
    ...UNDONE,
  },
} as const satisfies Record<ConversationState, Partial<Record<LifecycleEvent, ConversationState>>>

/** The state that follows, or null where the table refuses the event. */
export function transition(
  from: ConversationState,
  event: LifecycleEvent,
): ConversationState | null {
  const row: Partial<Record<LifecycleEvent, ConversationState>> = TRANSITIONS[from]
  return row[event] ?? null
}

/** The event that undoes what led away from a state; null where nothing leads back to it. */
export function undoneTo(state: ConversationState): LifecycleEvent | null {
  const events = Object.keys(UNDONE) as (keyof typeof UNDONE)[]
  return events.find((event) => UNDONE[event] === state) ?? null
}

/** States in which a person is the owner; in all others `assigned_to` is empty (except `closed`, which keeps its last owner). */
export const OWNED_STATES: ReadonlySet<ConversationState> = new Set([
  'assigned',
  'pending_customer',
  'pending_agent',
])

/** Why a conversation was ended; stored in `conversations.close_reason`. */
export const CLOSE_REASONS = ['resolved', 'no_response', 'duplicate', 'spam', 'other'] as const
export type CloseReason = (typeof CLOSE_REASONS)[number]

/** `conversation_events.event_type`, as the data model names them. */
export const CONVERSATION_EVENT_TYPES = [
  'conversation.created',
  'conversation.status_changed',
  'conversation.assigned',
  'conversation.unassigned',
  'conversation.transferred',
  'conversation.closed',
  'conversation.reopened',
  'conversation.priority_changed',
  'triage.completed',
  'ai.tool_called',
  'sla.breached',
  'sla.escalated',
  'sla.escalation_acknowledged',
] as const
export type ConversationEventType = (typeof CONVERSATION_EVENT_TYPES)[number]

/** What the audit trail calls a lifecycle event. Commands know better of a transfer to a team, and of a close undone. */
export const RECORDED_AS: Record<LifecycleEvent, ConversationEventType> = {
  triage_began: 'conversation.status_changed',
  triaged: 'triage.completed',
  assigned_by_person: 'conversation.assigned',
  agent_chosen: 'conversation.assigned',
  moved_to_team: 'conversation.transferred',
  customer_wrote: 'conversation.status_changed',
  agent_replied: 'conversation.status_changed',
  answer_failed: 'conversation.status_changed',
  transferred_to_agent: 'conversation.transferred',
  returned_to_queue: 'conversation.unassigned',
  closed: 'conversation.closed',
  reopened_to_agent: 'conversation.reopened',
  reopened_to_queue: 'conversation.reopened',
  undone_to_queue: 'conversation.unassigned',
  undone_to_assigned: 'conversation.assigned',
  undone_to_pending_customer: 'conversation.assigned',
  undone_to_pending_agent: 'conversation.assigned',
}
