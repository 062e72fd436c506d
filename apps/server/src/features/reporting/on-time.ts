import { type Queryable } from '../../platform/database.ts'
import { sql } from '../../platform/sql.ts'
import { type ReportScope } from './scope.ts'

/**
 * What counts: every clock that stopped within the period, by the team and person who have the conversation
 * now, and every one that was breached within it and still runs, by those who had it then. In time is what
 * stopped without ever having been breached.
 */
export async function onTime(
  db: Queryable,
  { userId, teamIds }: ReportScope,
  { from, to }: { from: string; to: string },
  clock: 'first_response' | 'resolution',
): Promise<{ met: number; total: number }> {
  const type = clock === 'first_response' ? 'frt' : 'resolution'
  return db.one(sql`
    SELECT COUNT(*) FILTER (WHERE is_met)::int AS met, COUNT(*)::int AS total
    FROM (
      SELECT NOT t.is_missed AND v.id IS NULL AS is_met
      FROM sla_timers t
      JOIN conversations c ON c.id = t.conversation_id
      LEFT JOIN sla_violations v ON v.conversation_id = c.id AND v.violation_type = ${type}
      WHERE t.stopped_at >= ${from} AND t.stopped_at < ${to} AND t.clock = ${clock}
        AND (${teamIds}::uuid[] IS NULL OR c.team_id = ANY(${teamIds}::uuid[]))
        AND (${userId}::uuid IS NULL OR c.assigned_to = ${userId}::uuid)
      UNION ALL
      SELECT FALSE FROM sla_violations v
      WHERE v.breached_at >= ${from} AND v.breached_at < ${to} AND v.violation_type = ${type}
        AND NOT v.is_final
        AND (${teamIds}::uuid[] IS NULL OR v.team_id = ANY(${teamIds}::uuid[]))
        AND (${userId}::uuid IS NULL OR v.assigned_to = ${userId}::uuid)
    ) clocks`)
}
