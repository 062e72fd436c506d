import { type BusinessCalendar } from '../calendar/business-calendar.ts'
import { dueAtWithPauses, measureBusinessMs, type Pause } from '../calendar/business-time.ts'

/**
 * The promises of a service level as clocks in business time. Computed anew from the conversation's facts
 * whenever one of them changes; the instants are stored, so that servers only compare and workstations
 * count down without a network.
 */

export const SLA_CLOCKS = ['first_response', 'resolution', 'escalation', 'next_response'] as const
export type SlaClockName = (typeof SLA_CLOCKS)[number]

/** What a policy promises, in seconds of business time. */
export interface SlaTargets {
  firstResponseSeconds: number
  resolutionSeconds: number
  /** Without an answer for so long a lead is called; null: nobody is. */
  escalationSeconds: number | null
  /** A clock warns when this share of its time has gone, 1 to 99. */
  warningPercent: number
}

/** What clocks are computed from. Epoch milliseconds. */
export interface SlaFacts {
  /** The customer's first message: nothing runs before it. */
  firstMessageAtMs: number | null
  /** The first message by a person was accepted. */
  firstResponseAtMs: number | null
  closedAtMs: number | null
  /** The customer's oldest message that nobody has answered. */
  waitingSinceMs: number | null
  /** Times for which the resolution stands still: the customer had to answer, or it had been closed. */
  resolutionPauses: readonly Pause[]
  /** Times between a close and the reopening, for which nothing runs. */
  closedPauses: readonly Pause[]
}

export interface SlaClock {
  name: SlaClockName
  /** `stopped`: what was promised has happened, or the conversation was closed. */
  state: 'running' | 'paused' | 'stopped'
  startedAtMs: number
  targetMs: number
  /** When the target is reached; null: it stands still, or its calendar never opens again. */
  dueAtMs: number | null
  warnsAtMs: number | null
  /** Business time that a stopped clock took. */
  tookMs: number | null
  /** A stopped clock that took longer than its target. A running one is late once `dueAtMs` has passed. */
  isMissed: boolean
}

/** The clocks that this conversation has; one that has nothing to measure is not among them. */
export function computeClocks(
  facts: SlaFacts,
  targets: SlaTargets,
  calendar: BusinessCalendar,
): SlaClock[] {
  const { firstMessageAtMs, firstResponseAtMs, closedAtMs, waitingSinceMs } = facts
  if (firstMessageAtMs === null) return []
  const clock = (
    name: SlaClockName,
    startedAtMs: number,
    stoppedAtMs: number | null,
    targetSeconds: number,
    pauses: readonly Pause[],
  ): SlaClock =>
    measure(
      { name, startedAtMs, stoppedAtMs, targetMs: targetSeconds * 1000, pauses },
      targets.warningPercent,
      calendar,
    )

  const clocks = [
    clock(
      'first_response',
      firstMessageAtMs,
      firstResponseAtMs ?? closedAtMs,
      targets.firstResponseSeconds,
      facts.closedPauses,
    ),
    clock(
      'resolution',
      firstMessageAtMs,
      closedAtMs,
      targets.resolutionSeconds,
      facts.resolutionPauses,
    ),
  ]
  if (waitingSinceMs === null || closedAtMs !== null) return clocks
  if (targets.escalationSeconds !== null) {
    clocks.push(clock('escalation', waitingSinceMs, null, targets.escalationSeconds, []))
  }
  if (firstResponseAtMs !== null) {
    clocks.push(clock('next_response', waitingSinceMs, null, targets.firstResponseSeconds, []))
  }
  return clocks
}

/** The clock that a list shows: the running one that is due first. */
export function nearestClock(clocks: readonly SlaClock[]): SlaClock | null {
  const running = clocks.filter(({ state, dueAtMs }) => state === 'running' && dueAtMs !== null)
  return running.toSorted((a, b) => (a.dueAtMs ?? 0) - (b.dueAtMs ?? 0))[0] ?? null
}

function measure(
  given: {
    name: SlaClockName
    startedAtMs: number
    stoppedAtMs: number | null
    targetMs: number
    pauses: readonly Pause[]
  },
  warningPercent: number,
  calendar: BusinessCalendar,
): SlaClock {
  const { name, startedAtMs, stoppedAtMs, targetMs, pauses } = given
  const common = { name, startedAtMs, targetMs }
  if (stoppedAtMs !== null) {
    const tookMs = measureBusinessMs(calendar, startedAtMs, stoppedAtMs, pauses)
    const stopped = { state: 'stopped', dueAtMs: null, warnsAtMs: null, tookMs } as const
    return { ...common, ...stopped, isMissed: tookMs > targetMs }
  }
  const dueAtMs = dueAtWithPauses(calendar, startedAtMs, targetMs, pauses)
  const warningMs = Math.floor((targetMs * warningPercent) / 100)
  const isPaused = pauses.some(({ toMs }) => toMs === null)
  return {
    ...common,
    state: isPaused ? 'paused' : 'running',
    // A clock that was late before it was paused stays late.
    dueAtMs,
    warnsAtMs: dueAtWithPauses(calendar, startedAtMs, warningMs, pauses),
    tookMs: null,
    isMissed: false,
  }
}
