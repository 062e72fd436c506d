import { type FeedItem } from '@parley/contracts'

import { type EngineCore } from './feature.ts'
import { Refusal, retryDelayMs, toRefusal, type ServerClient } from './session/server-client.ts'
import { newApplied } from './store/applied.ts'
import { CacheTrouble } from './store/cache-trouble.ts'
import { type Cache } from './store/cache.ts'

/** What the server said is what is so for as long. */
const FRESH_MS = 30_000
/** Answers to so many questions are remembered, where nobody says of how many one thing that is shown is made. */
const MOST_KEPT = 40

/** What the server is asked, and what of its answer goes where. */
interface Asking<Question, Answer, Kept> {
  request(trpc: ServerClient['trpc'], question: Question): Promise<Answer>
  /** Into the cache. */
  itemsOf?(answer: Answer): readonly FeedItem[]
  /**
   * Into the memory, which has room for what is small.
   * @param before what was kept of the same question, if it was answered before
   */
  keep(answer: Answer, before: Kept | null): Kept
  /** More than are asked for one thing that is shown: answers that push each other out are asked for without end. */
  mostKept?: number
}

interface Entry<Kept> {
  answer: Kept | null
  /** By the monotonic clock: until then it is what is so, or, where there is none, is not asked for again. */
  endsAtMs: number
  /** How often it did not come, one after the other. */
  failures: number
  isAsking: boolean
}

export interface Besides<Answer> {
  /** What the server said within half a minute; null: nothing. */
  answer: Answer | null
  isAsking: boolean
}

const NOTHING: Besides<never> = { answer: null, isAsking: false }

function forgetFailure(entry: Entry<unknown>): void {
  entry.failures = 0
  entry.endsAtMs = Number.NEGATIVE_INFINITY
}

/**
 * The server, asked beside the cache where that does not reach. Whoever asks has at once what it said last, if that is
 * not old; what it says now is heard of as a change of the topic `beside`, upon which the window asks again. So is that
 * an answer has become old: who still shows it asks anew, and without a line shows that it is partial. The rows that an
 * answer brings are in the cache by then.
 */
export class Beside<Question, Answer, Kept> {
  readonly #engine: EngineCore
  readonly #asking: Asking<Question, Answer, Kept>
  /** Another person's answers are in another cache's memory. */
  readonly #memory = new WeakMap<Cache, Map<string, Entry<Kept>>>()

  constructor(engine: EngineCore, asking: Asking<Question, Answer, Kept>) {
    this.#engine = engine
    this.#asking = asking
  }

  /** @param freshMs for how long an answer is not asked for again */
  ask(question: Question, freshMs = FRESH_MS): Besides<Kept> {
    const { cache, isOnline } = this.#engine
    // Of what was said to who saw more or less, nothing is said.
    const entry = this.#entry(cache, JSON.stringify([cache.actor, question]))
    const isFresh = performance.now() < entry.endsAtMs
    if (!isFresh && !entry.isAsking && isOnline) void this.#send(question, entry, freshMs)
    // The line is broken, and when it is back nothing of what failed over it counts.
    if (!isOnline && entry.failures > 0) forgetFailure(entry)
    if (!isFresh && !isOnline) return NOTHING
    return { answer: entry.answer, isAsking: entry.isAsking }
  }

  #entry(cache: Cache, key: string): Entry<Kept> {
    const kept = this.#memory.get(cache) ?? new Map<string, Entry<Kept>>()
    this.#memory.set(cache, kept)
    const entry = kept.get(key) ?? {
      answer: null,
      endsAtMs: Number.NEGATIVE_INFINITY,
      failures: 0,
      isAsking: false,
    }
    // The most recently asked last.
    kept.delete(key)
    kept.set(key, entry)
    const [oldest] = kept.keys()
    if (kept.size > (this.#asking.mostKept ?? MOST_KEPT) && oldest !== undefined)
      kept.delete(oldest)
    return entry
  }

  async #send(question: Question, entry: Entry<Kept>, freshMs: number): Promise<void> {
    const { request, itemsOf, keep } = this.#asking
    entry.isAsking = true
    let lastsMs = freshMs
    try {
      const answer = await this.#engine.take(
        (trpc) => request(trpc, question),
        (brought) => itemsOf?.(brought) ?? [],
      )
      entry.answer = keep(answer, entry.answer)
      entry.failures = 0
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof CacheTrouble)) throw error
      // What is here is what there is, and the server is tried again as with anything else.
      entry.answer = null
      lastsMs = retryDelayMs(entry.failures++, Math.random(), toRefusal(error).error)
    } finally {
      entry.isAsking = false
      entry.endsAtMs = performance.now() + lastsMs
    }
    this.#tell()
    this.#tellOfEnd(entry, lastsMs)
  }

  #tellOfEnd(entry: Entry<Kept>, lastsMs: number): void {
    const { endsAtMs } = entry
    const timer = setTimeout(() => {
      if (entry.endsAtMs !== endsAtMs) return
      // The two clocks need not agree to the millisecond.
      entry.endsAtMs = Number.NEGATIVE_INFINITY
      this.#tell()
    }, lastsMs)
    // Nothing stays alive for it.
    timer.unref()
  }

  #tell(): void {
    this.#engine.changed(newApplied({ topics: ['beside'], isOwnDoing: true }))
  }
}
