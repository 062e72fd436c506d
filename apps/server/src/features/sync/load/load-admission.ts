import pLimit from 'p-limit'

import { Failure } from '../../../platform/failure.ts'
import { type Metrics } from '../../../platform/metrics.ts'

/** Loads under way: most of their time workstations write what they were given. */
const LOADS_AT_ONCE = 32
/** Pages that are read and sent at a time: what a process holds of them in memory. */
const PAGES_AT_ONCE = 8
/** Who has not asked for the next page by then has gone; whoever comes back goes on from theirs. */
const IDLE_LIMIT_MS = 8_000
/** Whose turn is next waits for it here, so that no place is empty until somebody comes back. */
const HELD_AT_ONCE = 64
const LONGEST_HELD_MS = 3_000
const FORGOTTEN_EVERY_MS = 250
/** Who was told to come back keeps their place for so much longer. */
const LATENESS_MS = 5_000
const SHORTEST_WAIT_MS = 1_000
/** What is to come is guessed: nobody is sent away for longer, and being asked again costs little. */
const LONGEST_WAIT_MS = 10_000
/** Until the first have shown how often one is through. */
const FIRST_GUESS_MS = 50
const LONGEST_BETWEEN_MS = 1_000

interface UnderWay {
  lastMs: number
}

interface Place {
  sessionId: string
  /** In the order in which they came. */
  number: number
  /** Until when it is kept for who was sent away. */
  untilMs: number
}

interface Held {
  place: Place
  /** Lets them in, or sends them away. */
  settle(isIn: boolean): void
}

/**
 * How many fresh loads a process carries at a time. Of the others those whose turn is next wait here; everybody else is
 * told in how many seconds to come back, and keeps their place until then. Whoever came first goes first, of those who
 * are here: no place stays empty for somebody who is not.
 */
export class LoadAdmission {
  readonly #metrics: Metrics
  readonly #pages = pLimit(PAGES_AT_ONCE)
  readonly #underWay = new Map<string, UnderWay>()
  /** Who waits, here or elsewhere. */
  readonly #places = new Map<string, Place>()
  /** By their places. */
  #held: Held[] = []
  #lastNumber = 0
  #betweenMs = FIRST_GUESS_MS
  #lastLeftMs: number | null = null
  #forgottenAtMs = Number.NEGATIVE_INFINITY

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
    const load = await this.#enter(sessionId)
    load.lastMs = performance.now()
    const page = await this.#pages(read)
    load.lastMs = performance.now()
    if (isLast(page)) this.#leave(sessionId)
    return page
  }

  /** Whoever waits here is sent away: the process ends. */
  stop(): void {
    for (const held of this.#held) held.settle(false)
  }

  async #enter(sessionId: string): Promise<UnderWay> {
    this.#forgetGone()
    const known = this.#underWay.get(sessionId)
    if (known !== undefined) return known
    const place = this.#placeOf(sessionId)
    const isIn = this.#underWay.size < LOADS_AT_ONCE || (await this.#hold(place))
    if (!isIn) throw this.#comeBack(place)
    return this.#begin(place)
  }

  /** Another request of the same session may have begun it meanwhile. */
  #begin({ sessionId }: Place): UnderWay {
    this.#places.delete(sessionId)
    const load = this.#underWay.get(sessionId) ?? { lastMs: performance.now() }
    this.#underWay.set(sessionId, load)
    return load
  }

  #placeOf(sessionId: string): Place {
    const place = this.#places.get(sessionId) ?? {
      sessionId,
      number: ++this.#lastNumber,
      untilMs: Number.POSITIVE_INFINITY,
    }
    this.#places.set(sessionId, place)
    return place
  }

  /** @returns whether it is their turn; not, where others come first or it takes too long */
  #hold(place: Place): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#forgetGone()
        held.settle(false)
      }, LONGEST_HELD_MS)
      const held: Held = {
        place,
        settle: (isIn) => {
          clearTimeout(timer)
          this.#held = this.#held.filter((other) => other !== held)
          if (isIn) this.#begin(place)
          resolve(isIn)
        },
      }
      place.untilMs = Number.POSITIVE_INFINITY
      this.#held = [...this.#held, held].toSorted((a, b) => a.place.number - b.place.number)
      if (this.#held.length > HELD_AT_ONCE) this.#held.at(-1)?.settle(false)
    })
  }

  #comeBack(place: Place): Failure {
    this.#metrics.turnedAway.inc({ limit: 'fresh loads' })
    let before = 0
    for (const { number } of this.#places.values()) if (number < place.number) before += 1
    // So early that they wait for the rest of it here.
    const turnMs = (before - HELD_AT_ONCE / 2) * this.#betweenMs
    const waitMs = Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, turnMs))
    place.untilMs = performance.now() + waitMs + LATENESS_MS
    return new Failure('try_later', { retryAfterMs: Math.round(waitMs) })
  }

  #leave(sessionId: string): void {
    if (!this.#underWay.delete(sessionId)) return
    const nowMs = performance.now()
    // How long one takes is told by how many others there are: what counts is how often one is through.
    if (this.#places.size > 0 && this.#lastLeftMs !== null) {
      const betweenMs = Math.min(LONGEST_BETWEEN_MS, nowMs - this.#lastLeftMs)
      this.#betweenMs += (betweenMs - this.#betweenMs) / LOADS_AT_ONCE
    }
    this.#lastLeftMs = nowMs
    this.#letIn()
  }

  #letIn(): void {
    while (this.#underWay.size < LOADS_AT_ONCE) {
      const [next] = this.#held
      if (next === undefined) return
      next.settle(true)
    }
  }

  #forgetGone(): void {
    const nowMs = performance.now()
    if (nowMs - this.#forgottenAtMs < FORGOTTEN_EVERY_MS) return
    this.#forgottenAtMs = nowMs
    for (const [sessionId, { lastMs }] of this.#underWay) {
      if (nowMs - lastMs > IDLE_LIMIT_MS) this.#underWay.delete(sessionId)
    }
    for (const [sessionId, { untilMs }] of this.#places) {
      if (nowMs > untilMs) this.#places.delete(sessionId)
    }
    this.#letIn()
  }
}
