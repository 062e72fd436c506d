/** A page that ran this long after it was loaded again is well. */
const WELL_AFTER_MS = 60_000

/** Decides what follows when the page is gone: one more try, then the page that says so. */
export class RendererRecovery {
  #reloadedAt: number | null = null

  next(now: number): 'reload' | 'give_up' {
    const isTooSoon = this.#reloadedAt !== null && now - this.#reloadedAt < WELL_AFTER_MS
    this.#reloadedAt = isTooSoon ? null : now
    return isTooSoon ? 'give_up' : 'reload'
  }
}
