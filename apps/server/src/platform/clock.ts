/**
 * The database's time, wherever this process needs it between statements: for tokens, and for what workstations set
 * their countdowns by. Several servers then agree, and a host whose clock jumps misleads nobody: from one
 * comparison to the next it counts by the monotonic clock.
 */
export interface Clock {
  now(): Date
}

interface Compared {
  databaseMs: number
  monotonicMs: number
}

export class DatabaseClock implements Clock {
  readonly #ask: () => Promise<Date>
  #compared: Compared

  private constructor(ask: () => Promise<Date>, compared: Compared) {
    this.#ask = ask
    this.#compared = compared
  }

  /** @param ask the database's time */
  static async start(ask: () => Promise<Date>): Promise<DatabaseClock> {
    return new DatabaseClock(ask, await compare(ask))
  }

  now(): Date {
    const { databaseMs, monotonicMs } = this.#compared
    return new Date(databaseMs + performance.now() - monotonicMs)
  }

  /** Once in a while: a host that slept counted less, and a database that moved has another clock. */
  async compareAgain(): Promise<void> {
    this.#compared = await compare(this.#ask)
  }
}

async function compare(ask: () => Promise<Date>): Promise<Compared> {
  const askedMs = performance.now()
  const databaseMs = (await ask()).getTime()
  return { databaseMs, monotonicMs: (askedMs + performance.now()) / 2 }
}
