import { type AlertCandidate, type AlertKind, type SlaClockName } from '@parley/domain'

import { type Queryable, type Transaction } from '../../platform/database.ts'
import { type Services } from '../../platform/services.ts'
import { sql, toJson } from '../../platform/sql.ts'

/**
 * Everybody who may have to be told: these agents and all leads, supervisors and admins. Who has lost the
 * connection hears nothing and counts as offline.
 */
export function readAlertCandidates(
  db: Queryable,
  agentIds: readonly string[],
): Promise<AlertCandidate[]> {
  return db.many(sql`
    SELECT u.id AS "userId", u.role,
           ARRAY(SELECT m.team_id::text FROM team_memberships m WHERE m.user_id = u.id) AS "teamIds",
           CASE WHEN p.is_connected THEN p.status ELSE 'offline' END AS presence,
           COALESCE(e.open, 0) AS "openEscalations"
    FROM users u
    LEFT JOIN agent_presence p ON p.user_id = u.id
    LEFT JOIN (
      SELECT escalated_to, COUNT(*)::int AS open FROM escalations
      WHERE ended_at IS NULL AND acknowledged_at IS NULL GROUP BY escalated_to) e ON e.escalated_to = u.id
    WHERE u.is_active AND (u.role <> 'agent' OR u.id = ANY(${agentIds}::uuid[]))`)
}

export interface NewAlert {
  userId: string
  subjectId: string
  kind: AlertKind
  clock: SlaClockName
  conversationId: string
  teamId: string | null
  dueAt: Date
  /** Of an escalation only. */
  escalation?: { id: string; level: number; risesAt: Date | null }
}

/**
 * Writes what people are told; who was told of the same subject before is not told again, unless they are called for
 * an escalation once more because whoever had taken it may not any more.
 */
export async function insertAlerts(
  { metrics, signals }: Services,
  tx: Transaction,
  alerts: readonly NewAlert[],
): Promise<void> {
  if (alerts.length === 0) return
  const given = alerts.map(({ escalation, ...alert }) => ({
    user_id: alert.userId,
    subject_id: alert.subjectId,
    kind: alert.kind,
    clock: alert.clock,
    conversation_id: alert.conversationId,
    team_id: alert.teamId,
    due_at: alert.dueAt,
    escalation_id: escalation?.id ?? null,
    level: escalation?.level ?? null,
    rises_at: escalation?.risesAt ?? null,
  }))
  // In one order everywhere: two processes that tell the same must not wait for each other.
  const raised = await tx.many<{ kind: AlertKind }>(sql`
    INSERT INTO alerts (id, user_id, subject_id, kind, clock, conversation_id, team_id, due_at, escalation_id,
                        level, rises_at)
    SELECT new_id(), user_id, subject_id, kind, clock, conversation_id, team_id, due_at, escalation_id, level, rises_at
    FROM jsonb_to_recordset(${toJson(given)}::jsonb) AS t(
      user_id UUID, subject_id UUID, kind TEXT, clock TEXT, conversation_id UUID, team_id UUID,
      due_at TIMESTAMPTZ, escalation_id UUID, level INT, rises_at TIMESTAMPTZ)
    ORDER BY subject_id, user_id
    ON CONFLICT (subject_id, user_id) DO UPDATE
      SET ended_at = NULL, end_reason = NULL, acknowledged_by = NULL, raised_at = NOW(),
          team_id = excluded.team_id, level = excluded.level, rises_at = excluded.rises_at
      WHERE alerts.kind = 'escalation' AND alerts.ended_at IS NOT NULL
    RETURNING kind`)
  tx.afterCommit(() => {
    for (const { kind } of raised) metrics.alertsRaised.inc({ kind })
    if (raised.length > 0) signals.send('feed')
  })
}

/** Brings the escalations' present holders into the breaches of their conversations. */
export async function mirrorEscalations(
  tx: Transaction,
  escalationIds: readonly string[],
): Promise<void> {
  await tx.run(sql`
    UPDATE sla_violations v SET escalated_to = e.escalated_to, escalated_at = e.escalated_at
    FROM escalations e
    WHERE e.id = ANY(${escalationIds}::uuid[]) AND v.conversation_id = e.conversation_id`)
}
