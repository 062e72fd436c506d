import { presenceHistoryOutput, type PresenceHistory } from '@parley/contracts'

import { type Queryable } from '../../platform/database.ts'
import { recordAs } from '../../platform/record-as.ts'
import { sql } from '../../platform/sql.ts'

const toPart = recordAs(presenceHistoryOutput.element)

/** What somebody counted as within a time, oldest first; at most 10,000 parts. */
export async function presenceHistory(
  db: Queryable,
  { userId, from, to }: { userId: string; from: string; to: string },
): Promise<PresenceHistory> {
  const rows = await db.many<object>(sql`
    SELECT status, reason, is_finishing, capacity, set_by, started_at, ended_at FROM presence_history
    WHERE user_id = ${userId} AND started_at < ${to} AND COALESCE(ended_at, 'infinity') > ${from}
    ORDER BY started_at, id LIMIT 10000`)
  return rows.map(toPart)
}
