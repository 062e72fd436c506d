import { type Belonging, type SlaClockName } from '@parley/domain'

import { type Transaction } from '../../platform/database.ts'
import { type Services } from '../../platform/services.ts'
import { sql, toJson } from '../../platform/sql.ts'
import { mirrorEscalations } from './alerts.queries.ts'

/** A conversation as it is about to be, its clocks stored already. */
export interface Standing extends Belonging {
  conversationId: string
  runningClocks: readonly { clock: SlaClockName; dueAt: Date | null }[]
  isClosed: boolean
}

/**
 * Ends what is over: alerts of clocks that run no more, or to another instant; of people whom it does not
 * concern any more; and the escalation together with what was told of it. Called in the transaction of every
 * change of a conversation's clocks or owner, with its row locked; changes no row where nothing is open.
 */
export async function settleAlerts(
  services: Services,
  tx: Transaction,
  { conversationId, runningClocks, assignedTo, teamId, isClosed }: Standing,
): Promise<void> {
  const { signals } = services
  const running = runningClocks.map(({ clock, dueAt }) => ({ clock, due_at: dueAt }))
  // An escalation is withdrawn where its customer still waits, but nothing (or a later instant) is promised now.
  const { ended } = await tx.one<{ ended: number }>(sql`
    WITH running AS (
      SELECT * FROM jsonb_to_recordset(${toJson(running)}::jsonb) AS t(clock TEXT, due_at TIMESTAMPTZ)
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
        END AS reason, alert_concerns(a.user_id, a.kind, ${teamId}::uuid, ${assignedTo}::uuid) AS concerns
      FROM alerts a WHERE a.conversation_id = ${conversationId} AND a.ended_at IS NULL
    ), ended_alerts AS (
      UPDATE alerts a SET ended_at = NOW(), end_reason = COALESCE(standing.reason, 'moved')
      FROM standing WHERE a.id = standing.id AND (standing.reason IS NOT NULL OR NOT standing.concerns)
      RETURNING a.id
    )
    SELECT (SELECT COUNT(*) FROM ended_alerts)::int + (SELECT COUNT(*) FROM ended_escalations)::int AS ended`)
  if (ended > 0) tx.afterCommit(() => signals.send('feed'))
  await callSomebodyElse(services, tx, [{ conversationId, teamId, assignedTo }])
}

/**
 * A person's role, teams or account have changed: what does not concern them any more ends, on every device of theirs.
 * Called in that transaction, with the conversations locked that they were told of.
 */
export async function settleAlertsOf(
  services: Services,
  tx: Transaction,
  userId: string,
): Promise<void> {
  await tx.run(sql`
    UPDATE alerts a SET ended_at = NOW(), end_reason = 'moved'
    FROM conversations c
    WHERE a.user_id = ${userId} AND a.ended_at IS NULL AND c.id = a.conversation_id
      AND NOT alert_concerns(a.user_id, a.kind, c.team_id, c.assigned_to)`)
  const held = await tx.many<Belonging & { conversationId: string }>(sql`
    SELECT c.id AS "conversationId", c.team_id AS "teamId", c.assigned_to AS "assignedTo"
    FROM escalations e JOIN conversations c ON c.id = e.conversation_id
    WHERE e.escalated_to = ${userId} AND e.ended_at IS NULL`)
  await callSomebodyElse(services, tx, held)
}

/**
 * Whoever answers for an escalation and may not any more hands it to somebody who was called with them; where there is
 * nobody, it is as if nobody had been called yet.
 */
async function callSomebodyElse(
  { signals }: Services,
  tx: Transaction,
  conversations: readonly (Belonging & { conversationId: string })[],
): Promise<void> {
  if (conversations.length === 0) return
  const orphaned = await tx.many<{ id: string }>(sql`
    WITH given AS (
      SELECT * FROM jsonb_to_recordset(${toJson(conversations)}::jsonb)
        AS t("conversationId" UUID, "teamId" UUID, "assignedTo" UUID)
    ), orphaned AS (
      SELECT e.id, (SELECT a.user_id FROM alerts a
                    WHERE a.subject_id = e.id AND a.ended_at IS NULL AND a.user_id <> e.escalated_to
                    ORDER BY a.raised_at, a.user_id LIMIT 1) AS heir
      FROM given g JOIN escalations e ON e.conversation_id = g."conversationId" AND e.ended_at IS NULL
      WHERE NOT alert_concerns(e.escalated_to, 'escalation', g."teamId", g."assignedTo")
    )
    UPDATE escalations e
    SET escalated_to = orphaned.heir, acknowledged_by = NULL, acknowledged_at = NULL,
        next_step_at = CASE WHEN orphaned.heir IS NULL THEN NOW() ELSE e.next_step_at END
    FROM orphaned WHERE e.id = orphaned.id
    RETURNING e.id`)
  if (orphaned.length === 0) return
  await mirrorEscalations(
    tx,
    orphaned.map(({ id }) => id),
  )
  tx.afterCommit(() => {
    signals.send('feed')
    signals.send('sla')
  })
}
