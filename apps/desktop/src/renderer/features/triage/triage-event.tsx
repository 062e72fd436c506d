import { Route } from 'lucide-react'

import { field, record } from '../../bridge/free-json.ts'
import { priorityWord } from '../../ui/priority-words.ts'
import { type EventContext, type EventReason, type EventWords } from '../conversation/index.ts'
import { readDecision } from './decision.ts'
import { TriageWhy } from './triage-why.tsx'

const decisionOf = ({ event }: EventContext) => record(event.metadata['routing_decision'])

function teamOf(context: EventContext): string {
  const teamId = field(context.event.newValue, 'team_id') ?? field(decisionOf(context), 'teamId')
  return teamId === null ? '' : context.nameOf(teamId)
}

/** To which team it went, and how urgent it was found to be. */
export const triageEvent: EventWords = {
  icon: Route,
  sentence: (context) => ({
    id: 'event.triaged',
    values: {
      team: teamOf(context),
      priority: priorityWord(field(decisionOf(context), 'priority') ?? 'normal', context.t),
    },
  }),
}

/** Why triage chose that team. */
export function triageReason(context: EventContext): EventReason | null {
  const decision = readDecision(context.event.metadata)
  return (
    decision && {
      opener: context.t('triage.why', { team: teamOf(context) }),
      reason: <TriageWhy decision={decision} />,
    }
  )
}
