import type { EventRow } from '@parley/contracts'
import type { CloseReason, ConversationEventType } from '@parley/domain'
import {
  Archive,
  ArrowRightLeft,
  Bot,
  ChevronsUp,
  CircleCheck,
  Inbox,
  type LucideIcon,
  MessageSquarePlus,
  OctagonAlert,
  Route,
  UserCheck,
  UserMinus,
} from 'lucide-react'

import { duration } from '../../i18n/moments.ts'
import { type MessageId, type Values } from '../../i18n/translate.ts'

/** A sentence for the centred line: a message and what fills it. */
export interface EventSentence {
  id: MessageId
  values: Values
}

export const EVENT_ICONS: Record<ConversationEventType, LucideIcon> = {
  'conversation.created': MessageSquarePlus,
  'conversation.status_changed': Inbox,
  'conversation.assigned': UserCheck,
  'conversation.unassigned': UserMinus,
  'conversation.transferred': ArrowRightLeft,
  'conversation.closed': Archive,
  'conversation.reopened': Inbox,
  'triage.completed': Route,
  'conversation.priority_changed': ChevronsUp,
  'sla.breached': OctagonAlert,
  'sla.escalated': OctagonAlert,
  'sla.escalation_acknowledged': CircleCheck,
  'ai.tool_called': Bot,
}

interface Context {
  event: EventRow
  /** Names of people and teams by id, as far as the cache knows them. */
  nameOf: (id: string) => string
  myId: string
  words: {
    priority: (value: string) => string
    closeReason: (value: string) => string
    clock: (value: string) => string
  }
}

/** What happened, in one sentence that names people. */
export function eventSentence({ event, nameOf, myId, words }: Context): EventSentence {
  const to = field(event.newValue, 'assigned_to')
  const team = field(event.newValue, 'team_id')
  const actor = event.actorId
  const byMe = actor !== null && actor === myId
  const who = actor === null ? '' : nameOf(actor)
  switch (event.type) {
    case 'conversation.created':
      return { id: 'event.created', values: {} }
    case 'conversation.status_changed':
      return { id: 'event.statusChanged', values: {} }
    case 'triage.completed': {
      const decision = record(event.metadata['routing_decision'])
      const teamId = team ?? field(decision, 'teamId')
      const priority = words.priority(field(decision, 'priority') ?? 'normal')
      return {
        id: 'event.triaged',
        values: { team: teamId === null ? '' : nameOf(teamId), priority },
      }
    }
    case 'conversation.assigned':
      return assigned(event, { to, who, actor, byMe, myId, nameOf })
    case 'conversation.unassigned':
      if (event.metadata['reason'] === 'agent_gone') return { id: 'event.agentGone', values: {} }
      return byMe
        ? { id: 'event.releasedByMe', values: {} }
        : { id: 'event.released', values: { who } }
    case 'conversation.transferred': {
      // To oneself: taken over from a colleague.
      if (actor !== null && actor === to) return tookOver(byMe, who)
      const target =
        to === myId ? null : to !== null ? nameOf(to) : team === null ? '' : nameOf(team)
      if (target === null) return { id: 'event.transferredToMe', values: { who } }
      return byMe
        ? { id: 'event.transferredByMe', values: { target } }
        : { id: 'event.transferred', values: { who, target } }
    }
    case 'conversation.closed': {
      const reason = words.closeReason(field(event.metadata, 'close_reason') ?? 'other')
      if (actor === null) return { id: 'event.closed', values: { reason } }
      return byMe
        ? { id: 'event.closedByMe', values: { reason } }
        : { id: 'event.closedBy', values: { who, reason } }
    }
    case 'conversation.reopened':
      if (actor === null) return { id: 'event.reopened', values: {} }
      return byMe
        ? { id: 'event.reopenedByMe', values: {} }
        : { id: 'event.reopenedBy', values: { who } }
    case 'conversation.priority_changed': {
      const priority = words.priority(field(event.newValue, 'priority') ?? 'normal')
      if (actor === null) return { id: 'event.priority', values: { priority } }
      return byMe
        ? { id: 'event.priorityByMe', values: { priority } }
        : { id: 'event.priorityBy', values: { who, priority } }
    }
    case 'sla.breached': {
      const seconds = Number(event.metadata['target_seconds'])
      const clock = words.clock(field(event.metadata, 'clock') ?? '')
      return Number.isFinite(seconds)
        ? { id: 'event.breachedTarget', values: { clock, target: duration(seconds * 1000) } }
        : { id: 'event.breached', values: { clock } }
    }
    case 'sla.escalated':
      return escalated(event, nameOf, myId)
    case 'sla.escalation_acknowledged':
      return byMe
        ? { id: 'event.acknowledgedByMe', values: {} }
        : { id: 'event.acknowledged', values: { who } }
    case 'ai.tool_called':
      return { id: 'event.toolCalled', values: { tool: field(event.metadata, 'tool_name') ?? '' } }
  }
}

interface Assigned {
  to: string | null
  who: string
  actor: string | null
  byMe: boolean
  myId: string
  nameOf: (id: string) => string
}

function assigned(
  event: EventRow,
  { to, who, actor, byMe, myId, nameOf }: Assigned,
): EventSentence {
  const name = to === null ? '' : nameOf(to)
  const toMe = to === myId
  switch (event.metadata['assignment_method']) {
    case 'claim':
      return byMe
        ? { id: 'event.claimedByMe', values: {} }
        : { id: 'event.claimed', values: { who } }
    case 'takeover':
      return tookOver(byMe, who)
    default:
      if (actor === null || actor === to) {
        return toMe
          ? { id: 'event.assignedToMe', values: {} }
          : { id: 'event.assigned', values: { name } }
      }
      if (toMe) return { id: 'event.assignedToMeBy', values: { who } }
      return byMe
        ? { id: 'event.assignedByMe', values: { name } }
        : { id: 'event.assignedBy', values: { who, name } }
  }
}

/** To whom: the first who answers for it, and how many more; where nobody is named, to which level. */
function escalated(event: EventRow, nameOf: (id: string) => string, myId: string): EventSentence {
  const recipients = recipientsOf(event.metadata['to'])
  const [first] = recipients
  if (first === undefined) {
    const level = Number(event.metadata['level'])
    const to = level === 3 ? 'admins' : level === 2 ? 'supervisors' : 'lead'
    return { id: `event.escalatedTo.${to}`, values: {} }
  }
  const more = recipients.length - 1
  if (recipients.includes(myId)) return { id: 'event.escalatedToMe', values: { count: more } }
  return { id: 'event.escalated', values: { name: nameOf(first), count: more } }
}

function recipientsOf(value: unknown): string[] {
  const list = Array.isArray(value) ? value : [value]
  return list.filter((one) => typeof one === 'string' && one !== '')
}

const tookOver = (byMe: boolean, who: string): EventSentence =>
  byMe ? { id: 'event.tookOverByMe', values: {} } : { id: 'event.tookOver', values: { who } }

export function record(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null
}

function field(value: unknown, name: string): string | null {
  const found = record(value)?.[name]
  return typeof found === 'string' && found !== '' ? found : null
}

export const CLOSE_REASON_WORDS = {
  resolved: 'close.resolved',
  no_response: 'close.no_response',
  duplicate: 'close.duplicate',
  spam: 'close.spam',
  other: 'close.other',
} as const satisfies Record<CloseReason, MessageId>
