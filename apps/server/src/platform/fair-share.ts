import { Failure } from './failure.ts'

interface Share {
  running: number
  waiting: (() => void)[]
}

/**
 * What one caller may have under way. Beyond that their own calls wait for each other, so that nobody's flood stands
 * between the others and the database; beyond so many that wait they are asked to come again.
 */
export class FairShare {
  readonly #limits: { atOnce: number; waiting: number }
  readonly #shares = new Map<string, Share>()

  constructor(limits: { atOnce: number; waiting: number }) {
    this.#limits = limits
  }

  /** @throws Failure `try_later` */
  async run<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const share = this.#shares.get(key) ?? { running: 0, waiting: [] }
    this.#shares.set(key, share)
    if (share.running < this.#limits.atOnce) share.running++
    else if (share.waiting.length >= this.#limits.waiting) throw new Failure('try_later')
    // The turn is handed over, and with it the place among those that run.
    else await new Promise<void>((resolve) => share.waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = share.waiting.shift()
      if (next !== undefined) next()
      else if (--share.running === 0) this.#shares.delete(key)
    }
  }
}
