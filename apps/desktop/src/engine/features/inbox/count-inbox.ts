import { type InboxCounts, type InboxView } from '@parley/contracts'

import { type Condition } from '../../feature.ts'
import { type Cache } from '../../store/cache.ts'
import { countUnread } from '../reads/index.ts'
import { QUEUED, selectionsOf, type Selection } from './selections.ts'

/** The numbers of lists, counted in one way wherever they are shown: a list's own sections, by their conditions. */

/** How many a list is said to have. */
export function countView(cache: Cache, view: InboxView): number {
  return selectionsOf(cache, view)
    .filter(({ isCounted }) => isCounted)
    .reduce((sum, selection) => sum + countSelected(cache, selection), 0)
}

export function countSelected(
  { store }: Cache,
  { where, parameters }: Pick<Selection, 'where' | 'parameters'>,
  among: Condition = { sql: 'TRUE', parameters: [] },
): number {
  const count = store.value<number>(
    `SELECT COUNT(*) FROM conversations c WHERE ${where} AND ${among.sql}`,
    ...parameters,
    ...among.parameters,
  )
  return count ?? 0
}

/** @param nowMs by the server's clock, epoch milliseconds */
export function countInbox(cache: Cache, nowMs: number): InboxCounts {
  const now = new Date(nowMs).toISOString()
  const queues = cache.store.all<{ team_id: string; overdue: number; warning: number }>(
    `SELECT team_id, SUM(promise_due_at <= ?) AS overdue, SUM(promise_warns_at <= ?) AS warning
     FROM conversations WHERE ${QUEUED} AND team_id IS NOT NULL GROUP BY team_id`,
    now,
    now,
  )
  return {
    mine: countView(cache, { kind: 'mine' }),
    open: countView(cache, { kind: 'open' }),
    unread: countUnread(cache),
    teams: Object.fromEntries(
      queues.map(({ team_id: teamId }) => [teamId, countView(cache, { kind: 'team', teamId })]),
    ),
    due: Object.fromEntries(
      queues
        .filter(({ warning }) => warning > 0)
        .map(({ team_id, overdue }) => [team_id, overdue > 0 ? 'overdue' : 'warning']),
    ),
  }
}
