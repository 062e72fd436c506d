import { nearestClock, pausesAfter, planTimers, type SlaTimer } from '@parley/domain'

import { type Transaction } from '../../platform/database.ts'
import { type Services } from '../../platform/services.ts'
import { settleAlerts } from '../alerts/index.ts'
import { actOnDue, recordMissed } from './act.ts'
import {
  readSituations,
  subjectOf,
  type SlaConversation,
  type SlaSituation,
} from './situations.queries.ts'
import { storeTimers } from './timers.queries.ts'

/** Nearer than this nobody waits for the sweep: whoever fires the clocks is woken. */
const WAKE_WITHIN_MS = 1000

/** A conversation whose row the caller holds locked, and what it is about to become. */
export interface ClockedChange {
  current: SlaConversation & { next_due_at: Date | null; now: Date }
  next: SlaConversation
}

interface Affected extends ClockedChange {
  situation: SlaSituation
}

/**
 * Brings conversations' clocks to what these are about to become, in the transaction that changes them. What had come
 * due before and nobody has acted upon yet is acted upon first. All of them were read at one moment.
 * @returns in order, each conversation's new `next_due_at`
 */
export async function updateClocks(
  services: Services,
  tx: Transaction,
  changes: readonly ClockedChange[],
): Promise<(Date | null)[]> {
  const affected = changes.filter(
    (change) => !hasSameClocks(change) || change.current.assigned_to !== change.next.assigned_to,
  )
  const situations =
    affected.length === 0
      ? new Map<string, SlaSituation>()
      : await readSituations(
          tx,
          affected.map(({ next }) => next),
        )
  const known = affected.map((change): Affected => {
    const situation = situations.get(change.next.id)
    if (situation === undefined) throw new Error(`the clocks of ${change.next.id} were not read`)
    return { ...change, situation }
  })
  for (const { next, situation } of known.filter(hasSameClocks)) {
    if (situation.hasAlerts) await settleAlerts(services, tx, standing(next, situation.timers))
  }
  const planned = await planAgain(
    services,
    tx,
    known.filter((change) => !hasSameClocks(change)),
  )
  return changes.map(({ current }) => {
    const timers = planned.get(current.id)
    return timers === undefined ? current.next_due_at : nextDueAt(timers)
  })
}

async function planAgain(
  services: Services,
  tx: Transaction,
  changes: readonly Affected[],
): Promise<Map<string, SlaTimer[]>> {
  const planned = new Map<string, SlaTimer[]>()
  const [first] = changes
  if (first === undefined) return planned
  const nowMs = first.current.now.getTime()
  const held = changes.map(({ current, situation: { timers } }) => ({
    conversation: current,
    timers,
  }))
  const acted = await actOnDue(services, tx, held, nowMs)
  for (const { current, next, situation } of changes) {
    const { terms } = situation
    const pauses = pausesAfter(situation.pauses, current.status, next.status, nowMs)
    const follows = planTimers(subjectOf(next), pauses, terms, acted.timersOf(current.id))
    planned.set(
      next.id,
      terms ? await recordMissed(services, tx, next, terms.policyId, follows, nowMs) : follows,
    )
  }
  const timersOf = ({ next }: Affected): SlaTimer[] => planned.get(next.id) ?? []
  await storeTimers(
    tx,
    changes.map((change) => ({
      conversationId: change.next.id,
      policyId: change.situation.terms?.policyId ?? null,
      timers: timersOf(change),
    })),
    {
      hasViolations: changes.some(
        (change) =>
          change.situation.hasViolations ||
          timersOf(change).some(({ firedAtMs }) => firedAtMs !== null),
      ),
    },
  )
  for (const change of changes) {
    const { next, situation } = change
    const wasDue = acted.due.some(({ conversation }) => conversation.id === next.id)
    if (situation.hasAlerts || wasDue) {
      await settleAlerts(services, tx, standing(next, timersOf(change)))
    }
    wakeIfSoon(services, tx, timersOf(change), nowMs)
  }
  return planned
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
function hasSameClocks({ current: a, next: b }: ClockedChange): boolean {
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
