import { nearestClock, pausesAfter, planTimers, type SlaTimer } from '@parley/domain'

import { type Transaction } from '../../platform/database.ts'
import { type Services } from '../../platform/services.ts'
import { settleAlerts } from '../alerts/index.ts'
import { actOnDue, recordMissed } from './act.ts'
import { readSituations, subjectOf, type SlaConversation } from './situations.queries.ts'
import { storeTimers } from './timers.queries.ts'

/** Nearer than this nobody waits for the sweep: whoever fires the clocks is woken. */
const WAKE_WITHIN_MS = 1000

/**
 * Brings a conversation's clocks to what it is about to become, in the transaction that changes it, with its
 * row locked. What had come due before and nobody has acted upon yet is acted upon first.
 * @param now the database's time at which the change takes effect
 * @returns the conversation's new `next_due_at`
 */
export async function updateClocks(
  services: Services,
  tx: Transaction,
  current: SlaConversation & { next_due_at: Date | null },
  next: SlaConversation,
  now: Date,
): Promise<Date | null> {
  const areClocksSame = hasSameClocks(current, next)
  if (areClocksSame && current.assigned_to === next.assigned_to) return current.next_due_at
  const situation = (await readSituations(tx, [next])).get(next.id)
  if (situation === undefined) throw new Error(`the clocks of ${next.id} were not read`)
  if (areClocksSame) {
    if (situation.hasAlerts) await settleAlerts(services, tx, standing(next, situation.timers))
    return current.next_due_at
  }

  const nowMs = now.getTime()
  const held = [{ conversation: current, timers: situation.timers }]
  const acted = await actOnDue(services, tx, held, nowMs)
  const pauses = pausesAfter(situation.pauses, current.status, next.status, nowMs)
  const { terms } = situation
  const follows = planTimers(subjectOf(next), pauses, terms, acted.timersOf(current.id))
  const planned = terms
    ? await recordMissed(services, tx, next, terms.policyId, follows, nowMs)
    : follows
  const isBreached = planned.some(({ firedAtMs }) => firedAtMs !== null)
  await storeTimers(
    tx,
    [{ conversationId: next.id, policyId: terms?.policyId ?? null, timers: planned }],
    { hasViolations: situation.hasViolations || isBreached },
  )
  if (situation.hasAlerts || acted.due.length > 0) {
    await settleAlerts(services, tx, standing(next, planned))
  }
  wakeIfSoon(services, tx, planned, nowMs)
  return nextDueAt(planned)
}

/** What orders queues and lists: the running clock that is due first. */
export function nextDueAt(timers: readonly SlaTimer[]): Date | null {
  const dueAtMs = nearestClock(timers)?.dueAtMs ?? null
  return dueAtMs === null ? null : new Date(dueAtMs)
}

export function wakeIfSoon(
  { signals }: Services,
  tx: Transaction,
  timers: readonly SlaTimer[],
  nowMs: number,
): void {
  const isSoon = timers.some(
    ({ nextAtMs }) => nextAtMs !== null && nextAtMs - nowMs < WAKE_WITHIN_MS,
  )
  if (isSoon) tx.afterCommit(() => signals.send('sla'))
}

/** What alerts are held against: which clocks run, and whose the conversation is. */
export function standing(conversation: SlaConversation, timers: readonly SlaTimer[]) {
  return {
    conversationId: conversation.id,
    teamId: conversation.team_id,
    assignedTo: conversation.assigned_to,
    isClosed: conversation.status === 'closed',
    runningClocks: timers
      .filter(({ state }) => state !== 'stopped')
      .map(({ name, dueAtMs }) => ({
        clock: name,
        dueAt: dueAtMs === null ? null : new Date(dueAtMs),
      })),
  }
}

/** Whether none of the facts differs that clocks are computed from. */
function hasSameClocks(a: SlaConversation, b: SlaConversation): boolean {
  return (
    a.team_id === b.team_id &&
    a.priority === b.priority &&
    pauseOf(a) === pauseOf(b) &&
    INSTANTS.every((name) => a[name]?.getTime() === b[name]?.getTime())
  )
}

const INSTANTS = ['first_message_at', 'first_response_at', 'waiting_since', 'closed_at'] as const

function pauseOf({ status }: SlaConversation): string | null {
  return status === 'pending_customer' || status === 'closed' ? status : null
}
