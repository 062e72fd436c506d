import { VIOLATION_TYPE_OF, isBreachable, type SlaTimer } from '@parley/domain'

import { type Transaction } from '../../platform/database.ts'
import { sql, toJson } from '../../platform/sql.ts'

export interface TimersToStore {
  conversationId: string
  /** Null only where there are no timers. */
  policyId: string | null
  /** All of them: what is stored beside them goes. */
  timers: readonly SlaTimer[]
}

/** Replaces what is stored of these conversations' clocks, and brings their breaches' figures along. */
export async function storeTimers(
  tx: Transaction,
  plans: readonly TimersToStore[],
  { hasViolations }: { hasViolations: boolean },
): Promise<void> {
  if (plans.length === 0) return
  const rows = plans.flatMap(({ conversationId, policyId, timers }) =>
    timers.map((timer) => toRow(conversationId, policyId, timer)),
  )
  const stored = tx.run(sql`
    WITH given AS (
      SELECT * FROM jsonb_to_recordset(${toJson(rows)}::jsonb) AS t(
        conversation_id UUID, clock TEXT, policy_id UUID, state TEXT, started TIMESTAMPTZ, target_seconds INT,
        warns TIMESTAMPTZ, due TIMESTAMPTZ, warned TIMESTAMPTZ, fired TIMESTAMPTZ, took_seconds INT,
        is_missed BOOLEAN, stopped TIMESTAMPTZ, next TIMESTAMPTZ)
    ), gone AS (
      DELETE FROM sla_timers t
      WHERE t.conversation_id = ANY (${plans.map(({ conversationId }) => conversationId)}::uuid[])
        AND NOT EXISTS (SELECT 1 FROM given g WHERE g.conversation_id = t.conversation_id AND g.clock = t.clock)
    )
    INSERT INTO sla_timers (conversation_id, clock, sla_policy_id, state, started_at, target_seconds, warns_at,
      due_at, warned_at, fired_at, took_seconds, is_missed, stopped_at, next_at)
    SELECT conversation_id, clock, policy_id, state, started, target_seconds, warns, due, warned, fired,
           took_seconds, is_missed, stopped, next FROM given
    ON CONFLICT (conversation_id, clock) DO UPDATE SET
      sla_policy_id = excluded.sla_policy_id, state = excluded.state, started_at = excluded.started_at,
      target_seconds = excluded.target_seconds, warns_at = excluded.warns_at, due_at = excluded.due_at,
      warned_at = excluded.warned_at, fired_at = excluded.fired_at, took_seconds = excluded.took_seconds,
      is_missed = excluded.is_missed, stopped_at = excluded.stopped_at, next_at = excluded.next_at`)
  await Promise.all([stored, hasViolations ? settleViolations(tx, plans) : null])
}

/** What acting upon a timer leaves behind. */
export async function storeFired(
  tx: Transaction,
  fired: readonly { conversationId: string; timers: readonly SlaTimer[] }[],
): Promise<void> {
  if (fired.length === 0) return
  const rows = fired.flatMap(({ conversationId, timers }) =>
    timers.map((timer) => ({
      conversation_id: conversationId,
      clock: timer.name,
      warned: isoOf(timer.warnedAtMs),
      fired: isoOf(timer.firedAtMs),
      next: isoOf(timer.nextAtMs),
    })),
  )
  await tx.run(sql`
    UPDATE sla_timers t SET warned_at = g.warned, fired_at = g.fired, next_at = g.next
    FROM jsonb_to_recordset(${toJson(rows)}::jsonb)
      AS g(conversation_id UUID, clock TEXT, warned TIMESTAMPTZ, fired TIMESTAMPTZ, next TIMESTAMPTZ)
    WHERE t.conversation_id = g.conversation_id AND t.clock = g.clock AND t.next_at IS DISTINCT FROM g.next`)
}

/**
 * How long it took is final once the clock has stopped. It was late when it was recorded, so it took at least
 * its target, whatever a stop in the same instant measures.
 */
async function settleViolations(tx: Transaction, plans: readonly TimersToStore[]): Promise<void> {
  const rows = plans.flatMap(({ conversationId, timers }) =>
    timers.flatMap(({ name, tookMs }) =>
      isBreachable(name)
        ? {
            conversation_id: conversationId,
            type: VIOLATION_TYPE_OF[name],
            took_seconds: tookMs === null ? null : inSeconds(tookMs),
          }
        : [],
    ),
  )
  await tx.run(sql`
    UPDATE sla_violations v
    SET is_final = g.took_seconds IS NOT NULL,
        actual_seconds = GREATEST(v.target_seconds, COALESCE(g.took_seconds, v.actual_seconds))
    FROM jsonb_to_recordset(${toJson(rows)}::jsonb) AS g(conversation_id UUID, type TEXT, took_seconds INT)
    WHERE v.conversation_id = g.conversation_id AND v.violation_type = g.type`)
}

function toRow(conversationId: string, policyId: string | null, timer: SlaTimer) {
  return {
    conversation_id: conversationId,
    clock: timer.name,
    policy_id: policyId,
    state: timer.state,
    started: isoOf(timer.startedAtMs),
    target_seconds: timer.targetMs / 1000,
    warns: isoOf(timer.warnsAtMs),
    due: isoOf(timer.dueAtMs),
    warned: isoOf(timer.warnedAtMs),
    fired: isoOf(timer.firedAtMs),
    took_seconds: timer.tookMs === null ? null : inSeconds(timer.tookMs),
    is_missed: timer.isMissed,
    stopped: isoOf(timer.stoppedAtMs),
    next: isoOf(timer.nextAtMs),
  }
}

function isoOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}

/** Begun seconds: what was late by a moment is longer than its target. */
function inSeconds(ms: number): number {
  return Math.ceil(ms / 1000)
}
