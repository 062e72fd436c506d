import { type AlertKind } from '@parley/domain'

import { type SessionActor } from '../../platform/actor.ts'
import { type Transaction } from '../../platform/database.ts'
import { Failure } from '../../platform/failure.ts'
import { recordIntent } from '../../platform/record-intent.ts'
import { type Services } from '../../platform/services.ts'
import { sql, toJson } from '../../platform/sql.ts'
import { mirrorEscalations } from './alerts.queries.ts'

interface AlertRecord {
  id: string
  subject_id: string
  kind: AlertKind
  conversation_id: string
  escalation_id: string | null
}

/**
 * Somebody has seen it: it is over for everybody who was told of the same, and an escalation rises no further.
 * One that is over already changes nothing; of two at once the first counts.
 * @throws Failure `not_found` where it is not this person's
 */
export async function acknowledge(
  services: Services,
  { actor, intentId, alertId }: { actor: SessionActor; intentId: string; alertId: string },
): Promise<void> {
  const { userId } = actor
  await services.db.transaction(async (tx) => {
    const alert = await tx.maybe<AlertRecord>(sql`
      SELECT id, subject_id, kind, conversation_id, escalation_id FROM alerts
      WHERE id = ${alertId} AND user_id = ${userId}`)
    if (alert === null) throw new Failure('not_found')
    const { conversation_id: conversationId } = alert
    const intent = { intentId, userId, procedure: 'alerts.acknowledge', conversationId }
    if (!(await recordIntent(tx, intent))) return
    tx.afterCommit(() => services.signals.send('feed'))
    await tx.run(sql`SELECT 1 FROM conversations WHERE id = ${conversationId} FOR NO KEY UPDATE`)
    await endSubject(services, tx, alert, userId)
  }, intentId)
}

/**
 * Whoever makes a conversation their own has seen what they were told of it. Called in that transaction, with the
 * row locked.
 */
export async function acknowledgeByOwning(
  services: Services,
  tx: Transaction,
  { conversationId, userId }: { conversationId: string; userId: string },
): Promise<void> {
  const alerts = await tx.many<AlertRecord>(sql`
    SELECT id, subject_id, kind, conversation_id, escalation_id FROM alerts
    WHERE conversation_id = ${conversationId} AND user_id = ${userId} AND ended_at IS NULL`)
  for (const alert of alerts) await endSubject(services, tx, alert, userId)
}

/** The conversation is locked. */
async function endSubject(
  services: Services,
  tx: Transaction,
  alert: AlertRecord,
  userId: string,
): Promise<void> {
  if (alert.escalation_id !== null) await holdEscalation(tx, alert, alert.escalation_id, userId)
  const ended = await tx.many<{ user_id: string; seconds: number }>(sql`
    UPDATE alerts
    SET ended_at = NOW(), end_reason = 'acknowledged', acknowledged_by = ${userId}, rises_at = NULL
    WHERE subject_id = ${alert.subject_id} AND ended_at IS NULL
    RETURNING user_id, EXTRACT(EPOCH FROM NOW() - raised_at)::float8 AS seconds`)
  const own = ended.find(({ user_id }) => user_id === userId)
  if (own === undefined) return
  tx.afterCommit(() =>
    services.metrics.acknowledgementDelay.observe({ kind: alert.kind }, own.seconds),
  )
}

/** It is theirs from now on, and nobody further is called. */
async function holdEscalation(
  tx: Transaction,
  alert: AlertRecord,
  escalationId: string,
  userId: string,
): Promise<void> {
  const held = await tx.maybe<{ level: number; waiting_since: Date }>(sql`
    UPDATE escalations e
    SET acknowledged_by = ${userId}, acknowledged_at = NOW(), escalated_to = ${userId}, next_step_at = NULL
    WHERE e.id = ${escalationId} AND e.ended_at IS NULL AND e.acknowledged_at IS NULL
    RETURNING e.level, e.waiting_since`)
  if (held === null) return
  await mirrorEscalations(tx, [escalationId])
  const metadata = { level: held.level, waiting_since: held.waiting_since }
  await tx.run(sql`
    INSERT INTO conversation_events (id, conversation_id, event_type, actor_type, actor_id, metadata)
    VALUES (new_id(), ${alert.conversation_id}, 'sla.escalation_acknowledged', 'user', ${userId},
            ${toJson(metadata)})`)
}
