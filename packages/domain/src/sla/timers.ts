import { type ConversationState } from '../conversation/lifecycle.ts'
import { type Pause } from '../calendar/business-time.ts'
import { type BusinessCalendar } from '../calendar/business-calendar.ts'
import { computeClocks, type SlaClock, type SlaClockName, type SlaTargets } from './clocks.ts'

/**
 * What is stored of a conversation's clocks, and what has to be done at which instant. Servers only compare
 * `nextAtMs` with the time. Epoch milliseconds and whole seconds.
 */
export interface SlaTimer extends SlaClock {
  /** For this start the warning was given. */
  warnedAtMs: number | null
  /** Likewise: the due instant was acted upon. */
  firedAtMs: number | null
  /** When the clock stopped. */
  stoppedAtMs: number | null
  /** When something has to be done next; null: nothing. */
  nextAtMs: number | null
}

/** A breach of these is recorded. */
export const VIOLATION_TYPE_OF = {
  first_response: 'frt',
  resolution: 'resolution',
} as const satisfies Partial<Record<SlaClockName, string>>
export type BreachableClock = keyof typeof VIOLATION_TYPE_OF

export function isBreachable(clock: SlaClockName): clock is BreachableClock {
  return Object.hasOwn(VIOLATION_TYPE_OF, clock)
}

/** An escalation is not announced: the warning of the answer's own clocks comes before it. */
function warns(clock: SlaClockName): boolean {
  return clock !== 'escalation'
}

/** The next response warns only; its due instant is for the eye. */
function fires(clock: SlaClockName): boolean {
  return clock !== 'next_response'
}

/** A conversation as far as its clocks are concerned, epoch milliseconds. */
export interface SlaSubject {
  status: ConversationState
  firstMessageAtMs: number | null
  firstResponseAtMs: number | null
  waitingSinceMs: number | null
  closedAtMs: number | null
}

/** A time in which the conversation waited for its customer, or was closed. */
export interface ConversationPause extends Pause {
  kind: 'pending_customer' | 'closed'
}

/** What a team promises and when it works. */
export interface SlaTerms {
  targets: SlaTargets
  pausesOnCustomer: boolean
  calendar: BusinessCalendar
}

/**
 * The timers that follow from what is known, with what was done already carried over: nobody is told twice of
 * the same clock, unless other terms have moved its instant to a time that is still to come. A clock that has
 * stopped keeps what it was measured by: a promise that was kept is not broken by a stricter one made later.
 * @param terms null: nothing is promised, so there are none
 */
export function planTimers(
  subject: SlaSubject,
  pauses: readonly ConversationPause[],
  terms: SlaTerms | null,
  before: readonly SlaTimer[],
): SlaTimer[] {
  if (terms === null) return []
  const closedPauses = pauses.filter(({ kind }) => kind === 'closed')
  const facts = {
    ...subject,
    closedPauses,
    resolutionPauses: terms.pausesOnCustomer ? pauses : closedPauses,
  }
  return computeClocks(facts, terms.targets, terms.calendar).map((clock) => {
    const same = before.find(
      ({ name, startedAtMs }) => name === clock.name && startedAtMs === clock.startedAtMs,
    )
    const stoppedAtMs = stopOf(clock, subject)
    if (same !== undefined && stoppedAtMs !== null && same.stoppedAtMs === stoppedAtMs) return same
    const done = {
      warnedAtMs: stillDone(same?.warnedAtMs, clock.warnsAtMs),
      firedAtMs: stillDone(same?.firedAtMs, clock.dueAtMs),
    }
    return {
      ...clock,
      ...done,
      stoppedAtMs,
      nextAtMs: nextInstant({ ...clock, ...done }),
    }
  })
}

/** What was done at its instant stays done while the clock stands still, or that instant was before it. */
function stillDone(doneAtMs: number | null | undefined, instantMs: number | null): number | null {
  if (doneAtMs === null || doneAtMs === undefined) return null
  return instantMs === null || instantMs <= doneAtMs ? doneAtMs : null
}

/** The pauses once the conversation is in this state: its own ends, or begins. */
export function pausesAfter(
  pauses: readonly ConversationPause[],
  before: ConversationState,
  after: ConversationState,
  nowMs: number,
): ConversationPause[] {
  if (before === after) return [...pauses]
  const ended = pauses.map((pause) => ({
    ...pause,
    toMs: pause.toMs ?? Math.max(pause.fromMs, nowMs),
  }))
  if (after !== 'pending_customer' && after !== 'closed') return ended
  return [...ended, { kind: after, fromMs: nowMs, toMs: null }]
}

/** What has to be done for a timer now that its instant has come. */
export type TimerAct = 'warn' | 'breach' | 'escalate'

/** @returns null: nothing (yet). Who is late already is not warned any more. */
export function actOf(timer: SlaTimer, nowMs: number): TimerAct | null {
  if (timer.state === 'stopped') return null
  const { name, dueAtMs, warnsAtMs, firedAtMs, warnedAtMs } = timer
  if (fires(name) && firedAtMs === null && dueAtMs !== null && dueAtMs <= nowMs) {
    return name === 'escalation' ? 'escalate' : 'breach'
  }
  const isWarning = warns(name) && warnedAtMs === null && warnsAtMs !== null && warnsAtMs <= nowMs
  return isWarning && (dueAtMs === null || nowMs < dueAtMs) ? 'warn' : null
}

/** The timer after what had to be done at `nowMs` was done. */
export function afterAct(timer: SlaTimer, nowMs: number): SlaTimer {
  const { dueAtMs, name } = timer
  const isDue = dueAtMs !== null && dueAtMs <= nowMs
  const done = {
    ...timer,
    warnedAtMs: timer.warnedAtMs ?? nowMs,
    firedAtMs: timer.firedAtMs ?? (isDue && fires(name) ? nowMs : null),
  }
  return { ...done, nextAtMs: nextInstant(done) }
}

function nextInstant(
  timer: Pick<SlaTimer, 'name' | 'state' | 'warnsAtMs' | 'dueAtMs' | 'warnedAtMs' | 'firedAtMs'>,
): number | null {
  const { name, state, warnsAtMs, dueAtMs, warnedAtMs, firedAtMs } = timer
  if (state === 'stopped') return null
  if (warns(name) && warnedAtMs === null && firedAtMs === null && warnsAtMs !== null) {
    return warnsAtMs
  }
  return fires(name) && firedAtMs === null ? dueAtMs : null
}

function stopOf(
  { name, state }: SlaClock,
  { firstResponseAtMs, closedAtMs }: SlaSubject,
): number | null {
  if (state !== 'stopped') return null
  return name === 'first_response' ? (firstResponseAtMs ?? closedAtMs) : closedAtMs
}
