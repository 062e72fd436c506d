import pLimit from 'p-limit'

import { Failure } from '../../../platform/failure.ts'
import { type Metrics } from '../../../platform/metrics.ts'

/** Loads under way: most of their time workstations write what they were given. */
const LOADS_AT_ONCE = 32
/** Pages that are read and sent at a time: what a process holds of them in memory. */
const PAGES_AT_ONCE = 4
/** Who has not asked for the next page by then has gone; whoever comes back goes on from theirs. */
const IDLE_LIMIT_MS = 8_000
/** Who was told to come back is waited for so much longer. */
const LATENESS_MS = 5_000
const SHORTEST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 60_000
/** Until the first have shown how long one takes. */
const FIRST_GUESS_MS = 3_000

interface UnderWay {
  beganMs: number
  lastMs: number
}

/**
 * How many fresh loads a process carries at a time. The others are told in how many seconds it is their turn, and keep
 * their place until then; who comes back in time goes before whoever comes anew.
 */
export class LoadAdmission {
  readonly #metrics: Metrics
  readonly #pages = pLimit(PAGES_AT_ONCE)
  readonly #underWay = new Map<string, UnderWay>()
  /** Until when each is waited for, in the order in which they came. */
  readonly #waiting = new Map<string, number>()
  #takesMs = FIRST_GUESS_MS

  constructor(metrics: Metrics) {
    this.#metrics = metrics
  }

  /** Whether no other load is under way beside the one that asks. */
  get isAlone(): boolean {
    return this.#underWay.size <= 1
  }

  /**
   * @param isLast whether the page says that the load is complete
   * @throws Failure `try_later`
   */
  async page<Page>(
    sessionId: string,
    read: () => Promise<Page>,
    isLast: (page: Page) => boolean,
  ): Promise<Page> {
    const load = this.#enter(sessionId)
    const page = await this.#pages(read)
    load.lastMs = performance.now()
    if (isLast(page)) this.#leave(sessionId, load)
    return page
  }

  #enter(sessionId: string): UnderWay {
    const nowMs = performance.now()
    this.#forgetGone(nowMs)
    const known = this.#underWay.get(sessionId)
    if (known !== undefined) {
      known.lastMs = nowMs
      return known
    }
    const places = [...this.#waiting.keys()]
    const place = places.indexOf(sessionId)
    const before = place === -1 ? places.length : place
    if (before >= LOADS_AT_ONCE - this.#underWay.size) {
      this.#metrics.turnedAway.inc({ limit: 'fresh loads' })
      throw this.#comeBack(sessionId, before, nowMs)
    }
    this.#waiting.delete(sessionId)
    const load = { beganMs: nowMs, lastMs: nowMs }
    this.#underWay.set(sessionId, load)
    return load
  }

  #comeBack(sessionId: string, before: number, nowMs: number): Failure {
    const turns = (before + 1) / LOADS_AT_ONCE
    const waitMs = Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, turns * this.#takesMs))
    this.#waiting.set(sessionId, nowMs + waitMs + LATENESS_MS)
    return new Failure('try_later', { retryAfterMs: Math.round(waitMs) })
  }

  #leave(sessionId: string, { beganMs }: UnderWay): void {
    this.#underWay.delete(sessionId)
    this.#takesMs += (performance.now() - beganMs - this.#takesMs) / 4
  }

  #forgetGone(nowMs: number): void {
    for (const [sessionId, { lastMs }] of this.#underWay) {
      if (nowMs - lastMs > IDLE_LIMIT_MS) this.#underWay.delete(sessionId)
    }
    for (const [sessionId, untilMs] of this.#waiting) {
      if (nowMs > untilMs) this.#waiting.delete(sessionId)
    }
  }
}
