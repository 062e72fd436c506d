import type { EventRow } from '@parley/contracts'
import { CLOSE_REASONS } from '@parley/domain'
import {
  Archive,
  ArrowRightLeft,
  Bot,
  Inbox,
  MailWarning,
  MessageSquarePlus,
  UserCheck,
  UserMinus,
} from 'lucide-react'

import { field } from '../../bridge/free-json.ts'
import { type EventContext, type EventSentence, type EventsByType, actorOf } from './event-words.ts'

/** What people and the service do with a conversation from its beginning to its end. */
export const lifecycleEvents = {
  'conversation.created': {
    icon: MessageSquarePlus,
    sentence: () => ({ id: 'event.created', values: {} }),
  },
  'conversation.status_changed': {
    icon: Inbox,
    sentence: ({ event }) => ({
      id: isOfFailedAnswer(event) ? 'event.answerFailed' : 'event.statusChanged',
      values: {},
    }),
  },
  'conversation.assigned': { icon: UserCheck, sentence: orUndone(assigned) },
  'conversation.unassigned': { icon: UserMinus, sentence: orUndone(unassigned) },
  'conversation.transferred': { icon: ArrowRightLeft, sentence: transferred },
  'conversation.closed': { icon: Archive, sentence: closed },
  'conversation.reopened': { icon: Inbox, sentence: orUndone(reopened) },
  'message.settlement_corrected': {
    icon: MailWarning,
    sentence: ({ event }) => ({
      id: event.newValue?.['status'] === 'failed' ? 'event.didNotArrive' : 'event.didArrive',
      values: {},
    }),
  },
  'ai.tool_called': {
    icon: Bot,
    sentence: ({ event }) => ({
      id: 'event.toolCalled',
      values: { tool: field(event.metadata, 'tool_name') ?? '' },
    }),
  },
} satisfies EventsByType

/** What had been taken for an answer did not reach the customer. */
export function isOfFailedAnswer({ metadata }: Pick<EventRow, 'metadata'>): boolean {
  return metadata['reason'] === 'answer_failed'
}

/** Somebody thought better of what they had done. */
function orUndone(sentence: (context: EventContext) => EventSentence) {
  return (context: EventContext): EventSentence => {
    if (context.event.metadata['reason'] !== 'undone') return sentence(context)
    const { who, byMe } = actorOf(context)
    return byMe
      ? { id: 'event.undoneByMe', values: {} }
      : { id: 'event.undone', values: { who: who ?? '' } }
  }
}

const newOwner = ({ event }: EventContext) => field(event.newValue, 'assigned_to')

function assigned(context: EventContext): EventSentence {
  const { event, myId, nameOf } = context
  const { who, byMe } = actorOf(context)
  const to = newOwner(context)
  const name = to === null ? '' : nameOf(to)
  const toMe = to === myId
  switch (event.metadata['assignment_method']) {
    case 'claim':
      return byMe
        ? { id: 'event.claimedByMe', values: {} }
        : { id: 'event.claimed', values: { who: who ?? '' } }
    case 'takeover':
      return tookOver(byMe, who ?? '')
    default:
      if (who === null || event.actorId === to) {
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

function unassigned(context: EventContext): EventSentence {
  const { who, byMe } = actorOf(context)
  if (context.event.metadata['reason'] === 'agent_gone')
    return { id: 'event.agentGone', values: {} }
  return byMe
    ? { id: 'event.releasedByMe', values: {} }
    : { id: 'event.released', values: { who: who ?? '' } }
}

function transferred(context: EventContext): EventSentence {
  const { event, myId, nameOf } = context
  const { who, byMe } = actorOf(context)
  const to = newOwner(context)
  // To oneself: taken over from a colleague.
  if (who !== null && event.actorId === to) return tookOver(byMe, who)
  const given = { who: who ?? '' }
  if (to === myId) return { id: 'event.transferredToMe', values: given }
  const receiver = to ?? field(event.newValue, 'team_id')
  const target = receiver === null ? '' : nameOf(receiver)
  return byMe
    ? { id: 'event.transferredByMe', values: { target } }
    : { id: 'event.transferred', values: { ...given, target } }
}

function closed(context: EventContext): EventSentence {
  const { event, t } = context
  const { who, byMe } = actorOf(context)
  const stored = field(event.metadata, 'close_reason') ?? 'other'
  const known = CLOSE_REASONS.find((one) => one === stored)
  const reason = known ? t(`close.${known}`).toLowerCase() : stored
  if (who === null) return { id: 'event.closed', values: { reason } }
  return byMe
    ? { id: 'event.closedByMe', values: { reason } }
    : { id: 'event.closedBy', values: { who, reason } }
}

function reopened(context: EventContext): EventSentence {
  const { who, byMe } = actorOf(context)
  if (isOfFailedAnswer(context.event)) return { id: 'event.reopenedUnanswered', values: {} }
  if (who === null) return { id: 'event.reopened', values: {} }
  return byMe
    ? { id: 'event.reopenedByMe', values: {} }
    : { id: 'event.reopenedBy', values: { who } }
}

const tookOver = (byMe: boolean, who: string): EventSentence =>
  byMe ? { id: 'event.tookOverByMe', values: {} } : { id: 'event.tookOver', values: { who } }
