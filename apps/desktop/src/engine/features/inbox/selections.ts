import { type InboxSection, type InboxView } from '@parley/contracts'

import { type Cache } from '../../store/cache.ts'

/** The sections of each list, as conditions over `conversations c`. */

const URGENCY = 'c.priority_rank, c.due_at, c.waiting_since, c.id'
export const DUE_FIRST = 'c.due_at, c.priority_rank, c.waiting_since, c.id'

export interface Selection {
  key: InboxSection['key']
  /** Whether its conversations are the list's own, which its number counts wherever it is shown. */
  isCounted: boolean
  teamId?: string
  where: string
  /** Of those, which are shown in another section of the list already. */
  besides?: string
  parameters: string[]
  order: string
}

const MINE = `c.assigned_to = ?`
const REFUSED = `EXISTS (SELECT 1 FROM outbox o WHERE o.conversation_id = c.id AND o.state = 'refused')`
/** Waits for somebody of its team: what every number of a queue counts. */
export const QUEUED = `status = 'queued'`
const OWNED = `c.status IN ('assigned', 'pending_agent', 'pending_customer')`

export function selectionsOf(cache: Cache, view: InboxView): Selection[] {
  const me = cache.myId
  switch (view.kind) {
    case 'mine':
      return [
        { key: 'to_decide', isCounted: true, where: REFUSED, parameters: [], order: URGENCY },
        {
          key: 'awaiting_me',
          isCounted: true,
          where: `${MINE} AND c.status IN ('assigned', 'pending_agent') AND NOT ${REFUSED}`,
          parameters: [me],
          order: URGENCY,
        },
        {
          key: 'awaiting_customer',
          isCounted: true,
          where: `${MINE} AND c.status = 'pending_customer' AND NOT ${REFUSED}`,
          parameters: [me],
          order: 'c.last_message_at DESC, c.id',
        },
        ...cache.actor.teamIds.map((teamId) => ({
          ...queueOf(teamId),
          isCounted: false,
          besides: REFUSED,
        })),
      ]
    case 'team':
      return [
        queueOf(view.teamId),
        {
          key: 'assigned',
          isCounted: false,
          where: `c.team_id = ? AND ${OWNED}`,
          parameters: [view.teamId],
          order: URGENCY,
        },
      ]
    case 'open':
      return [
        {
          key: 'queue',
          isCounted: true,
          where: `c.status IN ('new', 'triage', 'queued')`,
          parameters: [],
          order: URGENCY,
        },
        { key: 'assigned', isCounted: true, where: OWNED, parameters: [], order: URGENCY },
      ]
    case 'closed':
      return [
        {
          key: 'closed',
          isCounted: true,
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
    isCounted: true,
    where: `c.team_id = ? AND ${QUEUED}`,
    parameters: [teamId],
    order: URGENCY,
  }
}
