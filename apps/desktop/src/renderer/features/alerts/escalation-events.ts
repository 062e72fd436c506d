import { CircleCheck, OctagonAlert } from 'lucide-react'

import { list } from '../../bridge/free-json.ts'
import { type EventContext, type EventSentence, actorOf } from '../conversation/index.ts'

export const escalationEvents = {
  'sla.escalated': { icon: OctagonAlert, sentence: escalated },
  'sla.escalation_acknowledged': { icon: CircleCheck, sentence: acknowledged },
} as const

/** To whom: the first who answers for it, and how many more; where nobody is named, to which level. */
function escalated({ event: { metadata }, myId, nameOf }: EventContext): EventSentence {
  const recipients = recipientsOf(metadata['to'])
  const [first] = recipients
  if (first === undefined) {
    const level = Number(metadata['level'])
    const to = level === 3 ? 'admins' : level === 2 ? 'supervisors' : 'lead'
    return { id: `event.escalatedTo.${to}`, values: {} }
  }
  const more = recipients.length - 1
  if (recipients.includes(myId)) return { id: 'event.escalatedToMe', values: { count: more } }
  return { id: 'event.escalated', values: { name: nameOf(first), count: more } }
}

function recipientsOf(value: unknown): string[] {
  const named = typeof value === 'string' ? [value] : list(value)
  return named.filter((one): one is string => typeof one === 'string' && one !== '')
}

function acknowledged(context: EventContext): EventSentence {
  const { who, byMe } = actorOf(context)
  return byMe
    ? { id: 'event.acknowledgedByMe', values: {} }
    : { id: 'event.acknowledged', values: { who: who ?? '' } }
}
