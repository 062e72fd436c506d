import {
  CLOSED_DAYS,
  type ConversationRow,
  type InboxSection,
  type InboxView,
} from '@parley/contracts'

import { type Cache } from '../../store/cache.ts'

/** The sections of each list, as conditions over `conversations c`, each of which an index serves in its order. */

const URGENCY = 'c.priority_rank, c.due_at, c.waits_since, c.id'
export const DUE_FIRST = 'c.due_at, c.priority_rank, c.waits_since, c.id'

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
  /** Where their number is kept up: entries of `tallies`, by team, owner or all teams. Null: it is counted. */
  tally: Tally | null
}

interface Tally {
  of: 'team' | 'owner'
  /** Null: whatever it is. */
  who: string | null
  statuses: readonly ConversationRow['status'][]
  /** Whether those count that wait for this person's decision. */
  refused: 'too' | 'not' | 'only'
}

const REFUSED = `c.is_refused = 1`
/** Waits for somebody of its team: what every number of a queue counts. */
export const QUEUED = `status = 'queued'`
const AWAITING_AGENT = ['assigned', 'pending_agent'] as const
const OWNED = [...AWAITING_AGENT, 'pending_customer'] as const
const UNASSIGNED = ['new', 'triage', 'queued'] as const

/** After this, by the server's clock, whatever was closed is listed. */
export const listedSince = (nowMs: number): string =>
  new Date(nowMs - CLOSED_DAYS * 24 * 60 * 60_000).toISOString()

/** @param nowMs by the server's clock, epoch milliseconds */
export function selectionsOf(cache: Cache, view: InboxView, nowMs: number): Selection[] {
  const me = cache.myId
  switch (view.kind) {
    case 'mine':
      return [
        {
          key: 'to_decide',
          isCounted: true,
          where: REFUSED,
          parameters: [],
          order: URGENCY,
          tally: {
            of: 'team',
            who: null,
            statuses: [...UNASSIGNED, ...OWNED, 'closed'],
            refused: 'only',
          },
        },
        {
          key: 'awaiting_me',
          isCounted: true,
          where: `c.assigned_to = ? AND c.status IN ('assigned', 'pending_agent') AND NOT ${REFUSED}`,
          parameters: [me],
          order: URGENCY,
          tally: { of: 'owner', who: me, statuses: AWAITING_AGENT, refused: 'not' },
        },
        {
          key: 'awaiting_customer',
          isCounted: true,
          where: `c.assigned_to = ? AND c.status = 'pending_customer' AND NOT ${REFUSED}`,
          parameters: [me],
          order: 'c.last_message_at DESC, c.id',
          tally: { of: 'owner', who: me, statuses: ['pending_customer'], refused: 'not' },
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
          where: `c.team_id = ? AND c.stage = 'owned'`,
          parameters: [view.teamId],
          order: URGENCY,
          tally: { of: 'team', who: view.teamId, statuses: OWNED, refused: 'too' },
        },
      ]
    case 'open':
      return [
        {
          key: 'queue',
          isCounted: true,
          where: `c.stage = 'queue'`,
          parameters: [],
          order: URGENCY,
          tally: { of: 'team', who: null, statuses: UNASSIGNED, refused: 'too' },
        },
        {
          key: 'assigned',
          isCounted: true,
          where: `c.stage = 'owned'`,
          parameters: [],
          order: URGENCY,
          tally: { of: 'team', who: null, statuses: OWNED, refused: 'too' },
        },
      ]
    case 'closed':
      return [
        {
          key: 'closed',
          isCounted: true,
          // Beside the index, which is the list's order: the other order is another one's.
          where: `c.stage = 'closed' AND +c.closed_at > ?`,
          parameters: [listedSince(nowMs)],
          order: 'c.closed_at DESC, c.id',
          // Older ones are here, too: what was opened, found, or has become old since it came.
          tally: null,
        },
      ]
  }
}

function queueOf(teamId: string): Selection {
  return {
    key: 'queue',
    teamId,
    isCounted: true,
    where: `c.team_id = ? AND c.stage = 'queue' AND c.${QUEUED}`,
    parameters: [teamId],
    order: URGENCY,
    tally: { of: 'team', who: teamId, statuses: ['queued'], refused: 'too' },
  }
}

/** How many there are, by what is kept up. */
export function tallied({ store }: Cache, { of, who, statuses, refused }: Tally): number {
  const count = store.value<number>(
    `SELECT SUM(count) FROM tallies
     WHERE of = ? AND (? IS NULL OR who = ?) AND status IN (SELECT value FROM json_each(?))
       AND (? = 'too' OR is_refused = (? = 'only'))`,
    of,
    who,
    who,
    JSON.stringify(statuses),
    refused,
    refused,
  )
  return count ?? 0
}
