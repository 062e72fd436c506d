import { Failure } from './failure.ts'
import { FairShare } from './fair-share.ts'
import { type Metrics } from './metrics.ts'
import { TokenBuckets } from './token-buckets.ts'

/**
 * What happens before sign-in, from one address: a call centre behind one begins its shift within a minute, and each
 * of its workstations renews its token every nine.
 */
const STRANGERS_CALLS = { burst: 300, perSecond: 20 }
const STRANGERS_AT_ONCE = { atOnce: 8, waiting: 300 }
/** Of all of them together, from however many addresses they come. */
const ALL_STRANGERS_AT_ONCE = { atOnce: 16, waiting: 2_000 }
/**
 * Who waits for a company's own directory, which may take its time: a company comes at eight, behind one address. Nobody
 * who asks nothing of a directory waits behind them.
 */
const DIRECTORYS_CALLS = { burst: 1_500, perSecond: 40 }
const DIRECTORYS_AT_ONCE = { atOnce: 48, waiting: 2_000 }
/** A workstation has a few calls under way; the pool of connections is for all of them. */
const SESSIONS_AT_ONCE = { atOnce: 6, waiting: 100 }

/** However many sessions somebody begins. */
const PEOPLE_AT_ONCE = { atOnce: 8, waiting: 200 }

/** How much anybody may ask, so that whoever asks too much waits for themselves and nobody waits for them. */
export class CallLimits {
  readonly #metrics: Metrics
  readonly #strangersCalls = new TokenBuckets(STRANGERS_CALLS)
  readonly #strangers = new FairShare(STRANGERS_AT_ONCE)
  readonly #allStrangers = new FairShare(ALL_STRANGERS_AT_ONCE)
  readonly #directorysCalls = new TokenBuckets(DIRECTORYS_CALLS)
  readonly #directorys = new FairShare(DIRECTORYS_AT_ONCE)
  readonly #sessions = new FairShare(SESSIONS_AT_ONCE)
  readonly #people = new FairShare(PEOPLE_AT_ONCE)

  constructor(metrics: Metrics) {
    this.#metrics = metrics
  }

  /** @throws Failure `try_later` */
  async ofStranger<Result>(address: string, call: () => Promise<Result>): Promise<Result> {
    this.#count(this.#strangersCalls, address)
    return this.#strangers.run(address, () => this.#allStrangers.run('', call))
  }

  /** @throws Failure `try_later` */
  async ofDirectory<Result>(address: string, call: () => Promise<Result>): Promise<Result> {
    this.#count(this.#directorysCalls, address)
    return this.#directorys.run('', call)
  }

  /** @throws Failure `try_later` */
  ofSession<Result>(sessionId: string, call: () => Promise<Result>): Promise<Result> {
    return this.#sessions.run(sessionId, call)
  }

  /** @throws Failure `try_later` */
  ofPerson<Result>(userId: string, call: () => Promise<Result>): Promise<Result> {
    return this.#people.run(userId, call)
  }

  /** @throws Failure `try_later` */
  #count(calls: TokenBuckets, address: string): void {
    const retryAfterMs = calls.take(address)
    if (retryAfterMs <= 0) return
    this.#metrics.turnedAway.inc({ limit: 'public calls' })
    throw new Failure('try_later', { retryAfterMs })
  }
}
