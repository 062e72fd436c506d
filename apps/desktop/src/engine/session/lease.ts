import { CacheTrouble } from '../store/cache-trouble.ts'
import { type Store } from '../store/store.ts'

/** A device that has not reached its server for this long forgets what it holds. */
export const LEASE_MS = 72 * 60 * 60 * 1000
/** Said this long before. */
export const LEASE_WARNING_MS = 12 * 60 * 60 * 1000
/** Where only the device's clock says that it is over, the server has this long to say otherwise. */
const DOUBT_MS = 2 * 60 * 1000
/** A power cut forgets no more than this of a connected day. */
const WRITE_EVERY_MS = 5 * 60 * 1000

export type LeaseState = 'good' | 'in_doubt' | 'over'

export interface LeaseClocks {
  /** The device's, which may be set to anything. */
  now(): number
  /** Goes on by itself, in this process and not while the machine sleeps. */
  monotonic(): number
}

const CLOCKS: LeaseClocks = { now: () => Date.now(), monotonic: () => performance.now() }

/**
 * How long ago the server was last heard of. The device's clock alone does not say: set back, it would never end, and
 * set forward, it would end what is good. So the time that was seen to pass is kept, too; and what only the clock
 * says is not believed before the server had its chance.
 */
export class Lease {
  readonly #store: Store
  readonly #clocks: LeaseClocks
  /** The last contact by the device's clock; null: there was none yet. */
  #reachedAt: number | null
  /** What was seen to pass since then, in this process and those before it. */
  #passedMs: number
  #lookedAt: number
  #writtenAt = Number.NEGATIVE_INFINITY
  #doubtedSince: number | null = null

  constructor(store: Store, clocks: LeaseClocks = CLOCKS) {
    this.#store = store
    this.#clocks = clocks
    const reachedAt = store.getMeta('reachedAt')
    this.#reachedAt = reachedAt === null ? null : Date.parse(reachedAt)
    this.#passedMs = Number(store.getMeta('leasePassedMs') ?? '0')
    this.#lookedAt = clocks.monotonic()
  }

  /** When the server was last heard of, by the device's clock. */
  get reachedAt(): string | null {
    return this.#reachedAt === null ? null : new Date(this.#reachedAt).toISOString()
  }

  contact(): void {
    const isFirst = this.#reachedAt === null || this.#passedMs > WRITE_EVERY_MS
    this.#reachedAt = this.#clocks.now()
    this.#passedMs = 0
    this.#lookedAt = this.#clocks.monotonic()
    this.#doubtedSince = null
    this.#write({ isUrgent: isFirst })
  }

  look(): LeaseState {
    if (this.#reachedAt === null) return 'good'
    const monotonic = this.#clocks.monotonic()
    this.#passedMs += monotonic - this.#lookedAt
    this.#lookedAt = monotonic
    this.#write({ isUrgent: false })
    if (this.#passedMs > LEASE_MS) return 'over'
    if (this.#clocks.now() - this.#reachedAt <= LEASE_MS) {
      this.#doubtedSince = null
      return 'good'
    }
    this.#doubtedSince ??= monotonic
    return monotonic - this.#doubtedSince >= DOUBT_MS ? 'over' : 'in_doubt'
  }

  /** Null while its end is far away. */
  warningEndsAt(): string | null {
    if (this.#reachedAt === null) return null
    const passedMs = Math.max(
      this.#clocks.now() - this.#reachedAt,
      this.#passedMs + this.#clocks.monotonic() - this.#lookedAt,
    )
    const leftMs = LEASE_MS - passedMs
    if (leftMs > LEASE_WARNING_MS) return null
    return new Date(this.#clocks.now() + Math.max(0, leftMs)).toISOString()
  }

  #write({ isUrgent }: { isUrgent: boolean }): void {
    const monotonic = this.#clocks.monotonic()
    if (this.#reachedAt === null) return
    if (!isUrgent && monotonic - this.#writtenAt < WRITE_EVERY_MS) return
    const reachedAt = new Date(this.#reachedAt).toISOString()
    try {
      this.#store.write(() => {
        this.#store.setMeta('reachedAt', reachedAt)
        this.#store.setMeta('leasePassedMs', String(Math.round(this.#passedMs)))
      })
      this.#writtenAt = monotonic
    } catch (error) {
      // The store has told whoever listens; the next look tries again.
      if (!(error instanceof CacheTrouble)) throw error
    }
  }
}
