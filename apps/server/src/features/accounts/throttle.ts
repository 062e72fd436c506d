import type pg from 'pg'
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'

import { Failure } from '../../platform/failure.ts'

const WINDOW_SECONDS = 15 * 60
/** For one account from one address, and from one address over all accounts. */
const ATTEMPTS_PER_ACCOUNT = 8
const ATTEMPTS_PER_ADDRESS = 100

/** Counts sign-in attempts for all server processes together. */
export function createSignInThrottle(pool: pg.Pool) {
  const common = {
    storeClient: pool,
    storeType: 'pool' as const,
    tableName: 'sign_in_attempts',
    tableCreated: true,
    duration: WINDOW_SECONDS,
  }
  const perAccount = new RateLimiterPostgres({
    ...common,
    keyPrefix: 'account',
    points: ATTEMPTS_PER_ACCOUNT,
  })
  const perAddress = new RateLimiterPostgres({
    ...common,
    keyPrefix: 'address',
    points: ATTEMPTS_PER_ADDRESS,
  })
  const accountKey = (email: string, address: string): string =>
    `${email.toLowerCase()}|${address}`.slice(0, 200)

  return {
    /** @throws Failure `too_many_attempts` */
    async count(email: string, address: string): Promise<void> {
      try {
        await perAddress.consume(address)
        await perAccount.consume(accountKey(email, address))
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal
        throw new Failure('too_many_attempts', { retryAfterMs: refusal.msBeforeNext })
      }
    },
    /** It was the right person: a call centre behind one address signs in all at once. */
    async forget(email: string, address: string): Promise<void> {
      await perAccount.delete(accountKey(email, address))
      await perAddress.reward(address)
    },
  }
}
