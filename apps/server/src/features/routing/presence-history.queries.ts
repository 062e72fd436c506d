import { type PresenceHistory } from '@parley/contracts'

import { type Queryable } from '../../platform/database.ts'
import { sql } from '../../platform/sql.ts'

/** What somebody counted as within a time, oldest first; at most 10,000 parts. */
export async function presenceHistory(
  db: Queryable,
  { userId, from, to }: { userId: string; from: string; to: string },
): Promise<PresenceHistory> {
  const rows = await db.many<{
    status: string
    reason: string | null
    is_finishing: boolean
    capacity: number
    set_by: string | null
    started_at: Date
    ended_at: Date | null
  }>(sql`
    SELECT status, reason, is_finishing, capacity, set_by, started_at, ended_at FROM presence_history
    WHERE user_id = ${userId} AND started_at < ${to} AND COALESCE(ended_at, 'infinity') > ${from}
    ORDER BY started_at, id LIMIT 10000`)
  return rows.map((row) => ({
    status: row.status,
    reason: row.reason,
    isFinishing: row.is_finishing,
    capacity: row.capacity,
    setBy: row.set_by,
    startedAt: row.started_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
  }))
}
