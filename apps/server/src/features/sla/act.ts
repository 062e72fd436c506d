import { VIOLATION_TYPE_OF, actOf, afterAct, isBreachable, type SlaTimer } from '@parley/domain'

import { type Transaction } from '../../platform/database.ts'
import { type Services } from '../../platform/services.ts'
import { sql, toJson } from '../../platform/sql.ts'
import { escalate, escalationOf, raiseAlerts, type AlertNews } from '../alerts/index.ts'
import { type SlaConversation, type StoredTimer } from './situations.queries.ts'

/** A conversation that the caller holds locked, with its clocks as they are stored. */
export interface HeldClocks {
  conversation: SlaConversation
  timers: readonly StoredTimer[]
}

interface DueTimer {
  conversation: SlaConversation
  timer: StoredTimer
}

/** What was acted upon, and how the clocks stand then. */
export interface Acted {
  due: readonly DueTimer[]
  timersOf(conversationId: string): readonly SlaTimer[]
}

/**
 * Does what clocks are for whose instant has come: breaches are recorded, once each; people are told; somebody
 * is called. Nothing is stored of the clocks themselves.
 */
export async function actOnDue(
  services: Services,
  tx: Transaction,
  held: readonly HeldClocks[],
  nowMs: number,
): Promise<Acted> {
  const isDue = ({ nextAtMs }: SlaTimer): boolean => nextAtMs !== null && nextAtMs <= nowMs
  const due = held.flatMap(({ conversation, timers }) =>
    timers.filter(isDue).map((timer) => ({ conversation, timer })),
  )
  if (due.length > 0) await carryOut(services, tx, due, nowMs)
  const timers = new Map(
    held.map(({ conversation, timers: stored }) => [
      conversation.id,
      stored.map((timer) => (isDue(timer) ? afterAct(timer, nowMs) : timer)),
    ]),
  )
  return { due, timersOf: (conversationId) => timers.get(conversationId) ?? [] }
}

async function carryOut(
  services: Services,
  tx: Transaction,
  due: readonly DueTimer[],
  nowMs: number,
): Promise<void> {
  const byAct = Map.groupBy(due, ({ timer }) => actOf(timer, nowMs))
  const breached = await recordBreaches(services, tx, byAct.get('breach') ?? [])
  await raiseAlerts(services, tx, [
    ...breached.map((one) => toNews('breach', one)),
    ...(byAct.get('warn') ?? []).map((one) => toNews('warning', one)),
  ])
  await escalate(
    services,
    tx,
    (byAct.get('escalate') ?? []).map(({ conversation, timer }) => ({
      conversationId: conversation.id,
      teamId: conversation.team_id,
      customerId: conversation.customer_id,
      waitingSince: new Date(timer.startedAtMs),
      dueAt: new Date(timer.dueAtMs ?? nowMs),
    })),
  )
}

/**
 * Records clocks that stop too late by this very change although nothing of them had come due before: what they
 * are measured by has changed together with what stops them. It is over already, so nobody is told.
 * @returns the timers as they stand then
 */
export async function recordMissed(
  services: Services,
  tx: Transaction,
  conversation: SlaConversation,
  policyId: string,
  timers: readonly SlaTimer[],
  nowMs: number,
): Promise<SlaTimer[]> {
  const isUnrecorded = ({ name, isMissed, firedAtMs, stoppedAtMs }: SlaTimer): boolean =>
    isBreachable(name) && isMissed && firedAtMs === null && stoppedAtMs === nowMs
  const missed = timers.filter(isUnrecorded).map((timer) => ({
    conversation,
    timer: { ...timer, policyId, dueAtMs: timer.stoppedAtMs },
  }))
  await recordBreaches(services, tx, missed)
  return timers.map((timer) =>
    isUnrecorded(timer) ? { ...timer, firedAtMs: timer.stoppedAtMs } : timer,
  )
}

/** @returns those that are new: a breach stands once for a conversation and a type, whatever policies follow */
async function recordBreaches(
  services: Services,
  tx: Transaction,
  due: readonly DueTimer[],
): Promise<DueTimer[]> {
  if (due.length === 0) return []
  const escalations = await escalationOf(
    tx,
    due.map(({ conversation }) => conversation.id),
  )
  const rows = due.map(({ conversation, timer }) => ({
    conversation_id: conversation.id,
    policy_id: timer.policyId,
    clock: timer.name,
    type: isBreachable(timer.name) ? VIOLATION_TYPE_OF[timer.name] : null,
    target_seconds: timer.targetMs / 1000,
    breached_at: new Date(timer.dueAtMs ?? 0).toISOString(),
    team_id: conversation.team_id,
    assigned_to: conversation.assigned_to,
    priority: conversation.priority,
    escalated_to: escalations.get(conversation.id)?.escalatedTo ?? null,
    escalated_at: escalations.get(conversation.id)?.escalatedAt.toISOString() ?? null,
  }))
  const recorded = await tx.many<{ conversation_id: string; clock: string }>(sql`
    WITH given AS (
      SELECT * FROM jsonb_to_recordset(${toJson(rows)}::jsonb) AS t(
        conversation_id UUID, policy_id UUID, clock TEXT, type TEXT, target_seconds INT, breached_at TIMESTAMPTZ,
        team_id UUID, assigned_to UUID, priority TEXT, escalated_to UUID, escalated_at TIMESTAMPTZ)
    ), recorded AS (
      INSERT INTO sla_violations (id, conversation_id, sla_policy_id, violation_type, target_seconds, actual_seconds,
        breached_at, team_id, assigned_to, priority, escalated_to, escalated_at)
      SELECT new_id(), conversation_id, policy_id, type, target_seconds, target_seconds, breached_at, team_id, assigned_to,
             priority, escalated_to, escalated_at
      FROM given
      ON CONFLICT (conversation_id, violation_type) DO NOTHING
      RETURNING conversation_id, violation_type
    ), fresh AS (
      SELECT g.* FROM given g JOIN recorded r ON r.conversation_id = g.conversation_id AND r.violation_type = g.type
    ), told AS (
      INSERT INTO conversation_events (id, conversation_id, event_type, actor_type, metadata)
      SELECT new_id(), conversation_id, 'sla.breached', 'system',
             jsonb_build_object('clock', clock, 'target_seconds', target_seconds, 'due_at', breached_at)
      FROM fresh
    )
    SELECT conversation_id, clock FROM fresh`)
  const isNew = new Set(recorded.map(({ conversation_id, clock }) => `${conversation_id} ${clock}`))
  const breached = due.filter(({ conversation, timer }) =>
    isNew.has(`${conversation.id} ${timer.name}`),
  )
  tx.afterCommit(() => {
    for (const { timer } of breached) services.metrics.slaBreaches.inc({ clock: timer.name })
  })
  return breached
}

function toNews(kind: AlertNews['kind'], { conversation, timer }: DueTimer): AlertNews {
  return {
    kind,
    clock: timer.name,
    conversationId: conversation.id,
    teamId: conversation.team_id,
    assignedTo: conversation.assigned_to,
    customerId: conversation.customer_id,
    dueAt: new Date(timer.dueAtMs ?? timer.warnsAtMs ?? timer.startedAtMs),
  }
}
