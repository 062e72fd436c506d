import { type InboxCounts } from '@parley/contracts'
import { type Actor } from '@parley/domain'

import { type Queryable } from '../../platform/database.ts'
import { sql, unprepared } from '../../platform/sql.ts'
import { openInReachOf } from '../sync/index.ts'

/** What is open in one team, or in none, by the clocks as they stand now. A promise is every clock but the escalation. */
export interface OpenOfTeam {
  team_id: string | null
  open: number
  queued: number
  oldest_queued: Date | null
  /** Of those that wait in the queue. */
  queued_warning: number
  queued_overdue: number
  warning: number
  overdue: number
  escalated: number
}

/** Of everything that is open in this person's reach: one walk over it for all numbers. */
export function countOpen(db: Queryable, actor: Actor, now: Date): Promise<OpenOfTeam[]> {
  return db.many(
    unprepared(sql`
      SELECT c.team_id, COUNT(*)::int AS open,
             COUNT(*) FILTER (WHERE c.status = 'queued')::int AS queued,
             MIN(c.queued_at) FILTER (WHERE c.status = 'queued') AS oldest_queued,
             COUNT(*) FILTER (WHERE c.status = 'queued' AND t.warns_at <= ${now})::int AS queued_warning,
             COUNT(*) FILTER (WHERE c.status = 'queued' AND t.due_at <= ${now})::int AS queued_overdue,
             COUNT(*) FILTER (WHERE t.due_at > ${now} AND t.warns_at <= ${now})::int AS warning,
             COUNT(*) FILTER (WHERE t.due_at <= ${now})::int AS overdue,
             COUNT(*) FILTER (WHERE t.escalates_at <= ${now})::int AS escalated
      FROM ${openInReachOf(actor)} c
      LEFT JOIN LATERAL (
        SELECT COALESCE(MIN(due_at) FILTER (WHERE clock <> 'escalation'), 'infinity') AS due_at,
               MIN(COALESCE(warns_at, due_at)) FILTER (WHERE clock <> 'escalation') AS warns_at,
               MIN(due_at) FILTER (WHERE clock = 'escalation') AS escalates_at
        FROM sla_timers WHERE conversation_id = c.id AND state = 'running') t ON TRUE
      GROUP BY c.team_id`),
  )
}

/** The numbers of lists, as a workstation that had everything would count them. */
export async function countInbox(
  db: Queryable,
  actor: Actor,
  teams: readonly OpenOfTeam[],
): Promise<InboxCounts> {
  const { mine, unread } = await countOwn(db, actor)
  const queues = teams.filter(
    (team): team is OpenOfTeam & { team_id: string } => team.team_id !== null && team.queued > 0,
  )
  return {
    mine,
    unread,
    open: teams.reduce((sum, { open }) => sum + open, 0),
    teams: Object.fromEntries(queues.map(({ team_id, queued }) => [team_id, queued])),
    due: Object.fromEntries(
      queues
        .filter(({ queued_warning }) => queued_warning > 0)
        .map(({ team_id, queued_overdue }) => [
          team_id,
          queued_overdue > 0 ? 'overdue' : 'warning',
        ]),
    ),
  }
}

/** Unread are words of the customer's after one's mark. */
function countOwn(db: Queryable, { userId }: Actor): Promise<Pick<InboxCounts, 'mine' | 'unread'>> {
  return db.one(sql`
    SELECT COUNT(*)::int AS mine,
           COUNT(*) FILTER (WHERE EXISTS (
             SELECT FROM messages m
             WHERE m.conversation_id = c.id AND m.direction = 'inbound' AND NOT m.is_quiet
               AND m.seq > COALESCE((
                 SELECT r.seq FROM read_marks r
                 WHERE r.user_id = ${userId} AND r.conversation_id = c.id), 0)))::int AS unread
    FROM conversations c
    WHERE c.assigned_to = ${userId} AND c.status IN ('assigned', 'pending_customer', 'pending_agent')`)
}
