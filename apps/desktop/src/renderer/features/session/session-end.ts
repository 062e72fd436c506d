const HOUR_MS = 3_600_000
const LAST_MS = 10 * 60_000

/** How near a session's end is, where that is worth saying: within the hour, and once more at its last minutes. */
export type SessionEnd = 'hour' | 'minutes'

export function sessionEndAt(endsAt: number, now: number): SessionEnd | null {
  const left = endsAt - now
  // What is over is said by the lock.
  if (left <= 0 || left > HOUR_MS) return null
  return left <= LAST_MS ? 'minutes' : 'hour'
}
