import { type SlaClockName } from '@parley/domain'

import { type Transaction } from '../../platform/database.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'

/** A conversation as it is about to be, its clocks stored already. */
export interface Standing {
  conversationId: string
  runningClocks: readonly { clock: SlaClockName; dueAt: Date | null }[]
  assignedTo: string | null
  teamId: string | null
  isClosed: boolean
}

/**
 * Ends what is over: alerts of clocks that run no more, or to another instant; of people whom it does not
 * concern any more; and the escalation together with what was told of it. Called in the transaction of every
 * change of a conversation's clocks or owner, with its row locked; changes no row where nothing is open.
 */
export async function settleAlerts(
  { signals }: Services,
  tx: Transaction,
  { conversationId, runningClocks, assignedTo, teamId, isClosed }: Standing,
): Promise<void> {
  const running = runningClocks.map(({ clock, dueAt }) => ({ clock, due_at: dueAt }))
  // An escalation is withdrawn where its customer still waits, but nothing (or a later instant) is promised now.
  const { ended } = await tx.one<{ ended: number }>(sql`
    WITH running AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(running)}::jsonb) AS t(clock TEXT, due_at TIMESTAMPTZ)
    ), ended_escalations AS (
      UPDATE escalations e SET ended_at = NOW(), next_step_at = NULL, end_reason = CASE
        WHEN ${isClosed} THEN 'closed'
        WHEN EXISTS (SELECT 1 FROM running WHERE clock IN ('escalation', 'first_response', 'next_response'))
          OR NOT EXISTS (SELECT 1 FROM sla_timers t WHERE t.conversation_id = ${conversationId})
          THEN 'withdrawn'
        ELSE 'answered' END
      WHERE e.conversation_id = ${conversationId} AND e.ended_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM running r WHERE r.clock = 'escalation' AND r.due_at <= NOW())
      RETURNING e.id
    ), standing AS (
      SELECT a.id, CASE
        WHEN a.kind = 'escalation' THEN
          CASE WHEN NOT EXISTS (SELECT 1 FROM escalations e
                                WHERE e.id = a.escalation_id AND e.ended_at IS NULL)
                 OR EXISTS (SELECT 1 FROM ended_escalations e WHERE e.id = a.escalation_id)
               THEN 'resolved' END
        WHEN NOT EXISTS (SELECT 1 FROM running r WHERE r.clock = a.clock AND r.due_at = a.due_at)
          THEN 'resolved'
        WHEN a.user_id IS DISTINCT FROM ${assignedTo}::uuid
          AND NOT EXISTS (SELECT 1 FROM users u JOIN team_memberships m ON m.user_id = u.id
                          WHERE u.id = a.user_id AND u.role = 'team_lead' AND m.team_id = ${teamId}::uuid)
          THEN 'moved'
        END AS reason
      FROM alerts a WHERE a.conversation_id = ${conversationId} AND a.ended_at IS NULL
    ), ended_alerts AS (
      UPDATE alerts a SET ended_at = NOW(), end_reason = standing.reason
      FROM standing WHERE a.id = standing.id AND standing.reason IS NOT NULL
      RETURNING a.id
    )
    SELECT (SELECT COUNT(*) FROM ended_alerts)::int + (SELECT COUNT(*) FROM ended_escalations)::int AS ended`)
  if (ended > 0) tx.afterCommit(() => signals.send('feed'))
}
