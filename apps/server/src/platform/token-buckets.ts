/** Forgotten at once beyond this many: remembering strangers must not become the attack. */
const MOST_KEYS = 100_000

/** How often something may happen, by key: `burst` at once, then `perSecond`. */
export class TokenBuckets {
  readonly #limits: { burst: number; perSecond: number }
  readonly #buckets = new Map<string, { tokens: number; atMs: number }>()

  constructor(limits: { burst: number; perSecond: number }) {
    this.#limits = limits
  }

  /** @returns 0 where it may happen now, else in how many milliseconds */
  take(key: string): number {
    const nowMs = performance.now()
    const tokens = this.#tokensOf(key, nowMs)
    // Again at the end of the map: those longest unseen stand first.
    this.#buckets.delete(key)
    this.#buckets.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, atMs: nowMs })
    this.#forget()
    return this.#waitFor(tokens)
  }

  /** What something turned out to be beyond one: it is paid for later, if need be. */
  spend(key: string, tokens: number): void {
    const nowMs = performance.now()
    this.#buckets.set(key, { tokens: this.#tokensOf(key, nowMs) - tokens, atMs: nowMs })
    this.#forget()
  }

  /** The same as `take` without taking. */
  wait(key: string): number {
    return this.#waitFor(this.#tokensOf(key, performance.now()))
  }

  #tokensOf(key: string, nowMs: number): number {
    const { burst, perSecond } = this.#limits
    const before = this.#buckets.get(key)
    if (before === undefined) return burst
    return Math.min(burst, before.tokens + ((nowMs - before.atMs) / 1000) * perSecond)
  }

  #waitFor(tokens: number): number {
    return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) / this.#limits.perSecond) * 1000)
  }

  #forget(): void {
    for (const key of this.#buckets.keys()) {
      if (this.#buckets.size <= MOST_KEYS) return
      this.#buckets.delete(key)
    }
  }
}
