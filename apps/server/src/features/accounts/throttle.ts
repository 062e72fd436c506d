import type pg from 'pg'
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'

import { Failure } from '../../platform/failure.ts'

const QUARTER_HOUR_SECONDS = 15 * 60
const HOUR_SECONDS = 60 * 60

/** Attempts that fail, in a quarter of an hour: of an account from one address, from one address, of a known device. */
const PER_ACCOUNT_AND_ADDRESS = 8
const PER_ADDRESS = 100
const PER_DEVICE = 8
/** In an hour, of an account from all addresses together. */
const PER_ACCOUNT = 40

export interface Attempt {
  email: string
  address: string
  /** Of a device that the account was signed in on before. */
  knownDeviceId: string | null
}

export type Throttle = ReturnType<typeof createSignInThrottle>

/** `isFirst` of its kind: a flood of refusals is told of once. */
export type Throttled = { retryAfterMs: number; isFirst: boolean }

/**
 * Counts sign-in attempts for all server processes together. Whoever guesses at an account is slowed down wherever
 * they guess from; the account's person is not locked out by it, since the devices that they have used are counted
 * by themselves.
 */
export function createSignInThrottle(pool: pg.Pool) {
  const limiter = (keyPrefix: string, points: number, duration: number): RateLimiterPostgres =>
    new RateLimiterPostgres({
      storeClient: pool,
      storeType: 'pool',
      tableName: 'sign_in_attempts',
      tableCreated: true,
      keyPrefix,
      points,
      duration,
    })
  const perAddress = limiter('address', PER_ADDRESS, QUARTER_HOUR_SECONDS)
  const perPair = limiter('account', PER_ACCOUNT_AND_ADDRESS, QUARTER_HOUR_SECONDS)
  const perAccount = limiter('everywhere', PER_ACCOUNT, HOUR_SECONDS)
  const perDevice = limiter('device', PER_DEVICE, QUARTER_HOUR_SECONDS)

  const countersOf = ({
    email,
    address,
    knownDeviceId,
  }: Attempt): [RateLimiterPostgres, string][] => {
    const account = email.toLowerCase().slice(0, 150)
    if (knownDeviceId !== null) return [[perDevice, `${account}|${knownDeviceId}`]]
    return [
      [perAddress, address],
      [perPair, `${account}|${address}`],
      [perAccount, account],
    ]
  }

  return {
    /** Before the password is looked at. @returns null where it may be */
    async count(attempt: Attempt): Promise<Throttled | null> {
      for (const [counter, key] of countersOf(attempt)) {
        try {
          await counter.consume(key)
        } catch (refusal) {
          if (!(refusal instanceof RateLimiterRes)) throw refusal
          return {
            retryAfterMs: refusal.msBeforeNext,
            isFirst: refusal.consumedPoints === counter.points + 1,
          }
        }
      }
      return null
    },
    /** It was the right person: a call centre behind one address signs in all at once. */
    async forget(attempt: Attempt): Promise<void> {
      for (const [counter, key] of countersOf(attempt)) {
        if (counter === perAddress) await counter.reward(key)
        else await counter.delete(key)
      }
    },
    /** The password was right, and a code is still to come. */
    async forgive(attempt: Attempt): Promise<void> {
      for (const [counter, key] of countersOf(attempt)) await counter.reward(key)
    },
  }
}

export function tooManyAttempts({ retryAfterMs }: Throttled): Failure {
  return new Failure('too_many_attempts', { retryAfterMs })
}
