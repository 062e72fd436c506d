import { duration, minutesAndSeconds } from '../i18n/moments.ts'

/** A service-level clock as it stands in the data: instants, and what stopped it if anything did. */
export interface ServiceClock {
  /** When it began, for the part of the ring that is gone; null where that is not known. */
  startedAt: number | null
  dueAt: number
  /** From here on it warns; null: when four fifths of the time are gone. */
  warnAt?: number | null
  paused?: boolean
  /** The time it took, once it is met. */
  metAfterMs?: number | null
}

export type DueClockState =
  | { state: 'on_time'; words: string; fractionGone: number; showsSeconds: false }
  | { state: 'warning'; words: string; showsSeconds: boolean }
  | { state: 'breached'; words: string; showsSeconds: false }
  | { state: 'paused' }
  | { state: 'met'; words: string }

const WARNING_FRACTION = 0.8
/** Where the beginning is not known, the last ten minutes warn. */
const WARNING_WITHOUT_START_MS = 10 * 60_000
export const SECONDS_UNDER_MS = 10 * 60_000

export function dueClockState(clock: ServiceClock, now: number): DueClockState {
  if (clock.metAfterMs !== undefined && clock.metAfterMs !== null) {
    const ms = clock.metAfterMs
    return { state: 'met', words: ms < 60 * 60_000 ? minutesAndSeconds(ms) : duration(ms) }
  }
  if (clock.paused) return { state: 'paused' }
  const left = clock.dueAt - now
  if (left <= 0) return { state: 'breached', words: `+${duration(-left)}`, showsSeconds: false }
  if (now >= warningBeginsAt(clock)) {
    const showsSeconds = left < SECONDS_UNDER_MS
    return {
      state: 'warning',
      words: showsSeconds ? minutesAndSeconds(left) : duration(left),
      showsSeconds,
    }
  }
  const whole = clock.startedAt === null ? null : clock.dueAt - clock.startedAt
  return {
    state: 'on_time',
    words: duration(left),
    fractionGone: whole && whole > 0 ? Math.min(1, Math.max(0, 1 - left / whole)) : 0,
    showsSeconds: false,
  }
}

/** When it begins to warn. */
export function warningBeginsAt({ warnAt, startedAt, dueAt }: ServiceClock): number {
  if (warnAt !== undefined && warnAt !== null) return warnAt
  if (startedAt === null) return dueAt - WARNING_WITHOUT_START_MS
  return startedAt + (dueAt - startedAt) * WARNING_FRACTION
}
