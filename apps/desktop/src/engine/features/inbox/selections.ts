import { type InboxSection, type InboxView } from '@parley/contracts'

import { type Cache } from '../../store/cache.ts'

/** The sections of each list, as conditions over `conversations c`. */

const URGENCY = 'c.priority_rank, c.due_at, c.waiting_since, c.id'
export const DUE_FIRST = 'c.due_at, c.priority_rank, c.waiting_since, c.id'

export interface Selection {
  key: InboxSection['key']
  teamId?: string
  where: string
  parameters: string[]
  order: string
}

export const MINE = `c.assigned_to = ?`
export const REFUSED = `EXISTS (SELECT 1 FROM outbox o WHERE o.conversation_id = c.id AND o.state = 'refused')`
export const OWNED = `c.status IN ('assigned', 'pending_agent', 'pending_customer')`

export function selectionsOf(cache: Cache, view: InboxView): Selection[] {
  const me = cache.myId
  switch (view.kind) {
    case 'mine':
      return [
        { key: 'to_decide', where: REFUSED, parameters: [], order: URGENCY },
        {
          key: 'awaiting_me',
          where: `${MINE} AND c.status IN ('assigned', 'pending_agent') AND NOT ${REFUSED}`,
          parameters: [me],
          order: URGENCY,
        },
        {
          key: 'awaiting_customer',
          where: `${MINE} AND c.status = 'pending_customer' AND NOT ${REFUSED}`,
          parameters: [me],
          order: 'c.last_message_at DESC, c.id',
        },
        ...cache.actor.teamIds.map((teamId) => queueOf(teamId)),
      ]
    case 'team':
      return [
        queueOf(view.teamId),
        {
          key: 'assigned',
          where: `c.team_id = ? AND ${OWNED}`,
          parameters: [view.teamId],
          order: URGENCY,
        },
      ]
    case 'open':
      return [
        {
          key: 'queue',
          where: `c.status IN ('new', 'triage', 'queued')`,
          parameters: [],
          order: URGENCY,
        },
        { key: 'assigned', where: OWNED, parameters: [], order: URGENCY },
      ]
    case 'closed':
      return [
        {
          key: 'closed',
          where: `c.status = 'closed'`,
          parameters: [],
          order: 'c.closed_at DESC, c.id',
        },
      ]
  }
}

function queueOf(teamId: string): Selection {
  return {
    key: 'queue',
    teamId,
    where: `c.team_id = ? AND c.status = 'queued'`,
    parameters: [teamId],
    order: URGENCY,
  }
}
