import type { SlaClockRow } from '@parley/contracts'

import { duration, minutesAndSeconds } from '../i18n/moments.ts'

/** How a service-level clock stands at an instant: its shape, its words, and whether they change by the second. */
export type DueClockState =
  | { state: 'on_time'; words: string; fractionGone: number; showsSeconds: boolean }
  | { state: 'warning'; words: string; showsSeconds: boolean }
  | { state: 'breached'; words: string; showsSeconds: boolean }
  | { state: 'paused' }
  /** It stopped: in time, or after its target. */
  | { state: 'met' | 'missed'; words: string }

const MINUTE = 60_000
export const SECONDS_UNDER_MS = 10 * MINUTE

/** @param now by the server's clock, epoch milliseconds */
export function dueClockState(clock: SlaClockRow, now: number): DueClockState {
  if (clock.state === 'stopped') {
    const words = took((clock.tookSeconds ?? 0) * 1000)
    return { state: clock.isMissed ? 'missed' : 'met', words }
  }
  const dueAt = instant(clock.dueAt)
  const left = dueAt === null ? null : dueAt - now
  // What was late before it was paused stays late.
  if (left !== null && left <= 0) {
    // Its first minute is counted: nobody reads +0 min.
    const showsSeconds = left > -MINUTE
    const late = showsSeconds ? minutesAndSeconds(-left) : duration(-left)
    return { state: 'breached', words: `+${late}`, showsSeconds }
  }
  // Without a due instant it stands still: paused, or its team never opens again.
  if (clock.state === 'paused' || left === null) return { state: 'paused' }
  const warnsAt = instant(clock.warnsAt)
  if (warnsAt !== null && now >= warnsAt) {
    const showsSeconds = left < SECONDS_UNDER_MS
    return {
      state: 'warning',
      words: showsSeconds ? minutesAndSeconds(left) : duration(left),
      showsSeconds,
    }
  }
  const whole = left + now - Date.parse(clock.startedAt)
  const showsSeconds = left < MINUTE
  return {
    state: 'on_time',
    words: showsSeconds ? minutesAndSeconds(left) : duration(left),
    fractionGone: whole > 0 ? Math.min(1, Math.max(0, 1 - left / whole)) : 0,
    showsSeconds,
  }
}

/** While seconds are shown, and for a minute around each of its turning points, so that none comes late. */
export function needsSeconds(clock: SlaClockRow, now: number): boolean {
  const face = dueClockState(clock, now)
  if ('showsSeconds' in face && face.showsSeconds) return true
  if (clock.state !== 'running') return false
  const dueAt = instant(clock.dueAt)
  const turns = [instant(clock.warnsAt), dueAt, dueAt === null ? null : dueAt - SECONDS_UNDER_MS]
  return turns.some((at) => at !== null && Math.abs(at - now) <= MINUTE)
}

/** 2:40, 2 h 05 */
function took(ms: number): string {
  return ms < 60 * MINUTE ? minutesAndSeconds(ms) : duration(ms)
}

const instant = (written: string | null) => (written === null ? null : Date.parse(written))
