import { type InboxCounts, type InboxView } from '@parley/contracts'

import { type Cache } from '../../store/cache.ts'
import { countUnread } from '../reads/index.ts'
import { selectionsOf, tallied } from './selections.ts'

/** The numbers of lists, counted in one way wherever they are shown: a list's own sections, as they are kept up. */

/** How many a list is said to have. */
function countView(cache: Cache, view: InboxView, nowMs: number): number {
  return selectionsOf(cache, view, nowMs)
    .filter(({ isCounted }) => isCounted)
    .reduce((sum, { tally }) => sum + (tally === null ? 0 : tallied(cache, tally)), 0)
}

/** @param nowMs by the server's clock, epoch milliseconds */
export function countInbox(cache: Cache, nowMs: number): InboxCounts {
  const now = new Date(nowMs).toISOString()
  const queues = cache.store.all<{ team_id: string; count: number }>(
    `SELECT who AS team_id, SUM(count) AS count FROM tallies
     WHERE of = 'team' AND who <> '' AND status = 'queued' GROUP BY who HAVING SUM(count) > 0`,
  )
  return {
    mine: countView(cache, { kind: 'mine' }, nowMs),
    open: countView(cache, { kind: 'open' }, nowMs),
    unread: countUnread(cache),
    teams: Object.fromEntries(queues.map(({ team_id, count }) => [team_id, count])),
    due: Object.fromEntries(
      queues.flatMap(({ team_id }) => {
        const due = worstIn(cache, team_id, now)
        return due === null ? [] : [[team_id, due]]
      }),
    ),
  }
}

/** Of a team's queue. */
function worstIn({ store }: Cache, teamId: string, now: string): 'warning' | 'overdue' | null {
  const worst = store.value<number>(
    `SELECT MAX(promise_due_at <= ?) FROM conversations
     WHERE team_id = ? AND promise_due_at < '9' AND promise_warns_at <= ? AND status = 'queued'`,
    now,
    teamId,
    now,
  )
  return worst === null ? null : worst === 1 ? 'overdue' : 'warning'
}
