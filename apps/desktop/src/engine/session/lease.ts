import { CacheTrouble } from '../store/cache-trouble.ts'
import { type Store } from '../store/store.ts'

/** Said this long before its end, and of a short one for the last half. */
const WARNING_MS = 12 * 60 * 60 * 1000
/** Where only the device's clock says that it is over, the server has this long to say otherwise. */
const DOUBT_MS = 2 * 60 * 1000
/**
 * So often what has passed is written, and so much more than that: who ends the workstation again and again just before
 * it would be written gains nothing.
 */
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
  readonly #lengthMs: number
  readonly #clocks: LeaseClocks
  /** The last contact by the device's clock; null: there was none yet. */
  #reachedAt: number | null
  /** What was seen to pass since then, in this process and those before it. */
  #passedMs: number
  #lookedAt: number
  #writtenAt = Number.NEGATIVE_INFINITY
  #doubtedSince: number | null = null

  constructor(store: Store, lengthMs: number, clocks: LeaseClocks = CLOCKS) {
    this.#store = store
    this.#lengthMs = lengthMs
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
    if (this.#passedMs > this.#lengthMs) return 'over'
    if (this.#clocks.now() - this.#reachedAt <= this.#lengthMs) {
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
    const leftMs = this.#lengthMs - passedMs
    if (leftMs > Math.min(WARNING_MS, this.#lengthMs / 2)) return null
    return new Date(this.#clocks.now() + Math.max(0, leftMs)).toISOString()
  }

  /** The workstation stops: exactly what has passed is written. */
  settle(): void {
    this.look()
    this.#write({ isUrgent: true, aheadMs: 0 })
  }

  #write({ isUrgent, aheadMs = WRITE_EVERY_MS }: { isUrgent: boolean; aheadMs?: number }): void {
    const monotonic = this.#clocks.monotonic()
    if (this.#reachedAt === null) return
    if (!isUrgent && monotonic - this.#writtenAt < WRITE_EVERY_MS) return
    const reachedAt = new Date(this.#reachedAt).toISOString()
    try {
      this.#store.write(() => {
        this.#store.setMeta('reachedAt', reachedAt)
        this.#store.setMeta('leasePassedMs', String(Math.round(this.#passedMs) + aheadMs))
      })
      this.#writtenAt = monotonic
    } catch (error) {
      // The store has told whoever listens; the next look tries again.
      if (!(error instanceof CacheTrouble)) throw error
    }
  }
}
