/** Leaves an endpoint alone for a while that has failed several times in a row. */
export interface CircuitBreaker {
  /** Whether to try. After the pause one call at a time tries, until one succeeds. */
  mayTry(): boolean
  succeeded(): void
  /** @returns true where this failure began the pause */
  failed(): boolean
}

const FAILURES_IN_A_ROW = 5
const PAUSE_MS = 30_000

/** @param now a steady clock in milliseconds */
export function createCircuitBreaker(now: () => number): CircuitBreaker {
  let failures = 0
  let pausedUntil = 0
  let isProbing = false
  return {
    mayTry() {
      if (failures < FAILURES_IN_A_ROW) return true
      if (now() < pausedUntil || isProbing) return false
      isProbing = true
      return true
    },
    succeeded() {
      failures = 0
      isProbing = false
    },
    failed() {
      failures++
      const begins = failures === FAILURES_IN_A_ROW || isProbing
      isProbing = false
      if (begins) pausedUntil = now() + PAUSE_MS
      return begins
    },
  }
}
