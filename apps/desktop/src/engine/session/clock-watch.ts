const LOOKED_EVERY_MS = 5_000
/** Less is what a clock is put right by little by little. */
const LEAST_MS = 1_000

/**
 * Notices that this device's clock was set, by the one that nobody sets. Whoever knows how far it is from the server's
 * does not know that any more.
 */
export class ClockWatch {
  readonly #wasSet: (byMs: number) => void
  #betweenMs = between()
  #timer: NodeJS.Timeout | undefined

  /** @param wasSet by how many milliseconds: forward, or back if less than 0 */
  constructor(wasSet: (byMs: number) => void) {
    this.#wasSet = wasSet
  }

  start(): void {
    this.beginAfresh()
    this.#timer = setInterval(() => this.#look(), LOOKED_EVERY_MS)
    // Nothing stays alive for it.
    this.#timer.unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /**
   * What was before does not count: the machine slept, while the other clock may have stood still, or it has just been
   * learnt how far this one is from the server's, whatever happened to it since the last look.
   */
  beginAfresh(): void {
    this.#betweenMs = between()
  }

  #look(): void {
    const nowBetweenMs = between()
    const byMs = nowBetweenMs - this.#betweenMs
    this.#betweenMs = nowBetweenMs
    if (Math.abs(byMs) >= LEAST_MS) this.#wasSet(byMs)
  }
}

const between = (): number => Date.now() - performance.now()
