import { type AccountOutput, type SecondFactorSetup } from '@parley/contracts'
import { type Role } from '@parley/domain'

import { type Transaction } from '../../platform/database.ts'
import { type Doer } from '../../platform/doer.ts'
import { Failure } from '../../platform/failure.ts'
import { type SessionActor } from '../../platform/actor.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { NO_PASSWORD, requireGoodPassword, type Passwords } from './passwords.ts'
import {
  confirmSecondFactor,
  removeSecondFactor,
  renewRecoveryCodes,
  secondFactorOf,
  setUpSecondFactor,
  takeCode,
} from './second-factor.ts'
import { isSecondFactorRequired, readPolicy } from './security-policy.ts'
import { type Sessions } from './sessions.ts'
import { tooManyAttempts, type Throttle } from './throttle.ts'

interface Account {
  email: string
  full_name: string
  role: Role
  password_hash: string
}

/** What people change about how they get in. Each change asks for the password again: a desk may be left open. */
export function createOwnAccount(
  services: Services,
  {
    sessions,
    passwords,
    throttle,
  }: { sessions: Sessions; passwords: Passwords; throttle: Throttle },
) {
  const { db, secrets, audit } = services

  return {
    async read({ userId }: SessionActor): Promise<AccountOutput> {
      const account = await accountOf(userId)
      const { policy } = await readPolicy(db)
      const factor = await secondFactorOf(db, userId)
      return {
        email: account.email,
        passwordMinLength: policy.passwordMinLength,
        hasPassword: account.password_hash !== NO_PASSWORD,
        secondFactor: {
          isOn: factor.is_on,
          isRequired: await isSecondFactorRequired(db, { id: userId, role: account.role }),
          recoveryCodesLeft: factor.codes_left,
        },
      }
    },

    /** The other sessions end: whoever had the old password may have opened them. */
    async changePassword(
      actor: SessionActor,
      { current, next }: { current: string; next: string },
      by: Doer,
    ): Promise<void> {
      const account = await requirePassword(actor, current, by)
      const { policy } = await readPolicy(db)
      await requireGoodPassword(next, [account.email, account.full_name], policy.passwordMinLength)
      const hash = await passwords.hash(next)
      await db.transaction(async (tx) => {
        await requireSamePassword(tx, actor.userId, account)
        await tx.run(sql`UPDATE users SET password_hash = ${hash} WHERE id = ${actor.userId}`)
        const which = { userId: actor.userId, except: actor.sessionId }
        await sessions.end(tx, which, 'password_changed')
        audit.record(tx, by, { action: 'password.changed' })
      })
    },

    /** @throws Failure `wrong_password`, `conflict` where there is one already */
    async beginSecondFactor(
      actor: SessionActor,
      password: string,
      by: Doer,
    ): Promise<SecondFactorSetup> {
      const { email } = await requirePassword(actor, password, by)
      return db.transaction(async (tx) => {
        if ((await secondFactorOf(tx, actor.userId)).is_on) throw new Failure('conflict')
        return setUpSecondFactor(tx, secrets, { id: actor.userId, email })
      })
    },

    /** @throws Failure `wrong_code` */
    confirmSecondFactor: (actor: SessionActor, code: string, by: Doer): Promise<string[]> =>
      guessed(actor, by, () =>
        db.transaction(async (tx) => {
          await requireCode(tx, actor.userId, code, 'begun')
          audit.record(tx, by, { action: 'second_factor.confirmed' })
          return confirmSecondFactor(tx, actor.userId)
        }),
      ),

    /** @throws Failure `wrong_password`, `wrong_code`, `required` where the role asks for it */
    async removeSecondFactor(
      actor: SessionActor,
      { password, code }: { password: string; code: string },
      by: Doer,
    ): Promise<void> {
      await requirePassword(actor, password, by)
      await guessed(actor, by, () =>
        db.transaction(async (tx) => {
          if (await isSecondFactorRequired(tx, { id: actor.userId, role: actor.role })) {
            throw new Failure('required', { what: 'second_factor' })
          }
          await requireCode(tx, actor.userId, code, 'confirmed')
          await removeSecondFactor(tx, actor.userId)
          audit.record(tx, by, { action: 'second_factor.removed' })
        }),
      )
    },

    /** @throws Failure `wrong_password`, `wrong_code` */
    async renewRecoveryCodes(
      actor: SessionActor,
      { password, code }: { password: string; code: string },
      by: Doer,
    ): Promise<string[]> {
      await requirePassword(actor, password, by)
      return guessed(actor, by, () =>
        db.transaction(async (tx) => {
          await requireCode(tx, actor.userId, code, 'confirmed')
          audit.record(tx, by, { action: 'second_factor.codes_renewed' })
          return renewRecoveryCodes(tx, actor.userId)
        }),
      )
    },
  }

  function accountOf(userId: string): Promise<Account> {
    return db.one(sql`SELECT email, full_name, role, password_hash FROM users WHERE id = ${userId}`)
  }

  /** @throws Failure `wrong_password`, `too_many_attempts` */
  async function requirePassword(
    actor: SessionActor,
    password: string,
    by: Doer,
  ): Promise<Account> {
    const account = await accountOf(actor.userId)
    await guessed(actor, by, async () => {
      const isRight = await passwords.verify(account.password_hash, password)
      if (!isRight) throw new Failure('wrong_password')
    })
    return account
  }

  /** Counted as attempts to sign in are, of this session. @throws Failure `too_many_attempts` */
  async function guessed<Result>(
    { sessionId }: SessionActor,
    by: Doer,
    work: () => Promise<Result>,
  ): Promise<Result> {
    const attempt = { email: sessionId, address: by.address ?? '', knownDeviceId: sessionId }
    const refusal = await throttle.count(attempt)
    if (refusal !== null) throw tooManyAttempts(refusal)
    const result = await work()
    await throttle.forget(attempt)
    return result
  }

  /** Nobody changed it between the look and the lock. */
  async function requireSamePassword(
    tx: Transaction,
    userId: string,
    { password_hash: hash }: Account,
  ): Promise<void> {
    const same = await tx.maybe(sql`
      SELECT 1 FROM users WHERE id = ${userId} AND password_hash = ${hash} FOR UPDATE`)
    if (same === null) throw new Failure('wrong_password')
  }

  async function requireCode(
    tx: Transaction,
    userId: string,
    code: string,
    of: 'confirmed' | 'begun',
  ): Promise<void> {
    if ((await takeCode(tx, secrets, userId, code, of)) === null) throw new Failure('wrong_code')
  }
}
