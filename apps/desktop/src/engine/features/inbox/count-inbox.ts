import { type InboxCounts } from '@parley/contracts'

import { type Cache } from '../../store/cache.ts'
import { MINE, OWNED, REFUSED } from './selections.ts'

/** @param nowMs by the server's clock, epoch milliseconds */
export function countInbox(cache: Cache, nowMs: number): InboxCounts {
  const now = new Date(nowMs).toISOString()
  const count = (where: string, ...parameters: string[]): number =>
    cache.store.value(`SELECT COUNT(*) FROM conversations c WHERE ${where}`, ...parameters) ?? 0
  const queues = cache.store.all<{
    team_id: string
    count: number
    overdue: number
    warning: number
  }>(
    `SELECT team_id, COUNT(*) AS count, SUM(promise_due_at <= ?) AS overdue, SUM(promise_warns_at <= ?) AS warning
     FROM conversations WHERE status = 'queued' AND team_id IS NOT NULL GROUP BY team_id`,
    now,
    now,
  )
  return {
    mine: count(`${MINE} AND ${OWNED}`, cache.myId),
    open: count(`c.status <> 'closed'`),
    toDecide: count(REFUSED),
    teams: Object.fromEntries(queues.map(({ team_id, count: waiting }) => [team_id, waiting])),
    due: Object.fromEntries(
      queues
        .filter(({ warning }) => warning > 0)
        .map(({ team_id, overdue }) => [team_id, overdue > 0 ? 'overdue' : 'warning']),
    ),
  }
}
