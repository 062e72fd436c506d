import { type Services } from '../../platform/services.ts'
import { startPeriodic } from '../../platform/periodic.ts'
import { reviewBreakGlass, reviewFailures } from './failure-bursts.ts'
import { createOwnAccount } from './own-account.ts'
import { createPasswords } from './passwords.ts'
import { createSessions } from './sessions.ts'
import { createSignIn } from './sign-in.ts'
import { createSignInThrottle } from './throttle.ts'

const REVIEWED_EVERY_MS = 60_000

export type Accounts = ReturnType<typeof startAccounts>

/** How people get in, stay in and are let out. */
export function startAccounts(services: Services) {
  const sessions = createSessions(services)
  const parts = {
    sessions,
    passwords: createPasswords(),
    throttle: createSignInThrottle(services.db.pool),
  }
  const review = startPeriodic('sessions', REVIEWED_EVERY_MS, services, async () => {
    await sessions.endExpired()
    await reviewFailures(services)
    await reviewBreakGlass(services)
  })
  return {
    sessions,
    ...createSignIn(services, parts),
    own: createOwnAccount(services, parts),
    stop: () => review.stop(),
  }
}
