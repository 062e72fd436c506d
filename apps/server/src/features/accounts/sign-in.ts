import {
  isServedProtocolVersion,
  PROTOCOL_VERSION,
  type SecondFactorSetup,
  type SignInOutput,
} from '@parley/contracts'
import { type Role } from '@parley/domain'

import { databaseNow, type Queryable, type Transaction } from '../../platform/database.ts'
import { type Doer } from '../../platform/doer.ts'
import { Failure } from '../../platform/failure.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { TokenBuckets } from '../../platform/token-buckets.ts'
import { raiseProblem } from '../problems/index.ts'
import { endLinksOf, findLink } from './account-links.ts'
import { findPerson } from './accounts.queries.ts'
import {
  isKnownDevice,
  openSession,
  rememberDevice,
  type ProviderSession,
} from './devices.queries.ts'
import { findForcedProvider, isBreakGlass, requireNoSignOn } from './forced-sign-on.ts'
import { requireGoodPassword, type Passwords } from './passwords.ts'
import {
  confirmSecondFactor,
  hasBegunSecondFactor,
  secondFactorOf,
  setUpSecondFactor,
  takeCode,
  type Proof,
} from './second-factor.ts'
import { isSecondFactorRequired, readPolicy } from './security-policy.ts'
import { type Sessions } from './sessions.ts'
import { tooManyAttempts, type Attempt, type Throttle } from './throttle.ts'

/** Failures that the audit log takes one by one; of a flood it is told how many there were besides. */
const FAILURES_TOLD = { burst: 100, perSecond: 0.5 }

export interface Arrival {
  device: { id: string; name: string; platform: string }
  protocolVersion: number
  deviceSecret: string | null
  code: string | null
}

interface Person {
  id: string
  email: string
  full_name: string
  role: Role
}

interface Credentials extends Person {
  password_hash: string
  is_active: boolean
}

/** How the person was let in. */
interface LetIn {
  second: Proof | null
  recoveryCodes: string[] | null
  /** Who spoke for them; null: their password. */
  provider: ProviderSession | null
}

/** For whom a provider spoke, and which session of its own it was. */
export interface SignedOn {
  userId: string
  provider: ProviderSession
}

export function createSignIn(
  services: Services,
  {
    sessions,
    passwords,
    throttle,
  }: { sessions: Sessions; passwords: Passwords; throttle: Throttle },
) {
  const { db, secrets, audit, metrics } = services
  const told = new TokenBuckets(FAILURES_TOLD)
  let leftOut = 0

  return {
    /** @throws Failure `protocol_mismatch`, `too_many_attempts`, `unauthenticated`, `second_factor_required` */
    async signIn(
      { email, password, ...arrival }: Arrival & { email: string; password: string },
      by: Doer,
    ): Promise<SignInOutput> {
      requireServed(arrival)
      const found = await findCredentials(db, email)
      const attempt = await attemptOf(email, found, arrival, by)
      await count(attempt, found, by)
      const isRight = await passwords.verify(found?.password_hash ?? null, password)
      const forced = await findForcedProvider(db, email)
      const opensGlass = forced !== null && found !== null && (await isBreakGlass(db, found.id))
      // The same for everybody but who has the one password that counts, and in the same time: nobody learns whose that
      // is.
      if (forced !== null && !(opensGlass && isRight)) {
        await recordFailure(by, found, opensGlass ? 'password' : 'sign_on_required')
        throw new Failure('sign_on_required', { ...forced })
      }
      if (!isRight || !found?.is_active) {
        await recordFailure(by, found, isRight ? 'inactive' : 'password')
        throw new Failure('unauthenticated')
      }
      return letIn(found, arrival, attempt, by, {
        confirm: (tx) => requireUnchanged(tx, found),
        async arrive(tx) {
          if (opensGlass) await tellGlassBroken(tx, found, by)
        },
      })
    },

    /**
     * Somebody for whom a provider spoke: what it asked them for is its own affair, so that no second factor is asked
     * for here.
     * @param confirm takes what shows it, in the transaction that lets them in; null: it shows nothing, and is spent
     * @throws Failure `protocol_mismatch`, `sign_on_failed`
     */
    async signOn(
      arrival: Pick<Arrival, 'device' | 'protocolVersion'>,
      by: Doer,
      confirm: (tx: Transaction) => Promise<SignedOn | null>,
    ): Promise<SignInOutput> {
      requireServed(arrival)
      const output = await db.transaction(async (tx) => {
        const signedOn = await confirm(tx)
        // Returned and not thrown: that it is spent must be committed.
        if (signedOn === null) return null
        const { userId, provider } = signedOn
        // Locked as of a password: whoever switches them off then ends this session, too.
        const person = await tx.maybe<Person>(sql`
          SELECT id, email, full_name, role FROM users WHERE id = ${userId} AND is_active FOR SHARE`)
        if (person === null) throw new Failure('sign_on_failed', { reason: 'inactive' })
        return open(tx, person, arrival, { second: null, recoveryCodes: null, provider }, by)
      })
      metrics.signIns.inc({ outcome: output === null ? 'failed' : 'signed_in' })
      if (output === null) throw new Failure('sign_on_failed', { reason: 'over' })
      return output
    },

    /**
     * Chooses the password that a link is for, and signs in. The second factor is asked for all the same: a link says
     * that an administrator wants this, not who holds it.
     * @throws Failure `link_over`, `weak_password` and those of `signIn`
     */
    async useLink(
      { token, password, ...arrival }: Arrival & { token: string; password: string },
      by: Doer,
    ): Promise<SignInOutput> {
      requireServed(arrival)
      const link = await findLink(db, token)
      const { policy } = await readPolicy(db)
      await requireGoodPassword(password, [link.email, link.full_name], policy.passwordMinLength)
      const opensGlass = await requireNoSignOn(db, link)
      const found = await findCredentials(db, link.email)
      if (!found?.is_active) throw new Failure('link_over')
      const attempt = await attemptOf(link.email, found, arrival, by)
      await count(attempt, found, by)
      const hash = await passwords.hash(password)
      return letIn(found, arrival, attempt, by, {
        async confirm(tx) {
          await tx.run(sql`SELECT 1 FROM users WHERE id = ${found.id} FOR UPDATE`)
          await findLink(tx, token)
        },
        async arrive(tx) {
          await endLinksOf(tx, found.id)
          await tx.run(sql`UPDATE users SET password_hash = ${hash} WHERE id = ${found.id}`)
          await sessions.end(tx, { userId: found.id }, 'password_changed')
          audit.record(tx, by, {
            action: 'password.set_by_link',
            target: { kind: 'person', id: found.id },
            after: { purpose: link.purpose },
          })
          if (opensGlass) await tellGlassBroken(tx, found, by)
        },
      })
    },
  }

  /**
   * What else the account asks for, and a session.
   * @param door `confirm`: with the person's row locked, what was looked at before still holds; `arrive`: what is done
   *   once they are in
   */
  async function letIn(
    person: Person,
    arrival: Arrival,
    attempt: Attempt,
    by: Doer,
    door: {
      confirm(tx: Transaction): Promise<void>
      arrive?(tx: Transaction): Promise<void>
    },
  ): Promise<SignInOutput> {
    const outcome = await db.transaction(async (tx) => {
      await door.confirm(tx)
      const shown = await passSecondFactor(tx, person, arrival.code)
      // Returned and not thrown: what is set up for the person must be committed.
      if ('asked' in shown) return shown
      await door.arrive?.(tx)
      return open(tx, person, arrival, shown, by)
    })
    if (!('asked' in outcome)) {
      await throttle.forget(attempt)
      metrics.signIns.inc({ outcome: 'signed_in' })
      return outcome
    }
    if (outcome.asked.wrong) await recordFailure(by, person, 'second_factor')
    else await throttle.forgive(attempt)
    throw new Failure('second_factor_required', outcome.asked)
  }

  /** A password let in whom it lets in for when the provider fails: every administrator hears of it. */
  async function tellGlassBroken(tx: Transaction, person: Person, by: Doer): Promise<void> {
    const target = { kind: 'person', id: person.id } as const
    audit.record(tx, by, { action: 'session.break_glass_used', target })
    await raiseProblem(services, tx, { kind: 'break_glass_used' }, () => ({
      person: person.full_name,
    }))
  }

  async function passSecondFactor(
    tx: Transaction,
    person: Person,
    code: string | null,
  ): Promise<LetIn | { asked: { wrong: boolean; setup: SecondFactorSetup | null } }> {
    const { is_on: isOn } = await secondFactorOf(tx, person.id)
    if (isOn) {
      const proof = code === null ? null : await takeCode(tx, secrets, person.id, code, 'confirmed')
      if (proof !== null) return { second: proof, recoveryCodes: null, provider: null }
      return { asked: { wrong: code !== null, setup: null } }
    }
    // Read anew, with the row locked: they may have another one since they were looked up.
    const { role } = await tx.one<{ role: Role }>(
      sql`SELECT role FROM users WHERE id = ${person.id}`,
    )
    if (!(await isSecondFactorRequired(tx, { id: person.id, role })))
      return { second: null, recoveryCodes: null, provider: null }
    if (code !== null && (await takeCode(tx, secrets, person.id, code, 'begun')) !== null) {
      const recoveryCodes = await confirmSecondFactor(tx, person.id)
      return { second: 'code', recoveryCodes, provider: null }
    }
    // A slip must not void what an authenticator has just read. Nor is it shown again: not everybody who asks saw it.
    if (code !== null && (await hasBegunSecondFactor(tx, person.id))) {
      return { asked: { wrong: true, setup: null } }
    }
    const setup = await setUpSecondFactor(tx, secrets, person)
    return { asked: { wrong: code !== null, setup } }
  }

  async function open(
    tx: Transaction,
    person: Person,
    { device }: Pick<Arrival, 'device'>,
    { second, recoveryCodes, provider }: LetIn,
    by: Doer,
  ): Promise<SignInOutput> {
    await sessions.end(tx, { userId: person.id, deviceId: device.id }, 'replaced')
    const { address } = by
    const sessionId = await openSession(tx, { userId: person.id, device, address, provider })
    const signedIn: Doer = { ...by, kind: 'user', id: person.id, sessionId }
    audit.record(tx, signedIn, {
      action: 'session.signed_in',
      after: {
        device: device.name,
        platform: device.platform,
        secondFactor: second,
        provider: provider?.name ?? null,
      },
    })
    if (recoveryCodes !== null) audit.record(tx, signedIn, { action: 'second_factor.confirmed' })
    if (second === 'recovery_code')
      audit.record(tx, signedIn, { action: 'second_factor.code_spent' })
    return {
      tokens: await sessions.issueTokens(tx, sessionId, null),
      sessionId,
      person: await findPerson(tx, person.id),
      email: person.email,
      serverTime: (await databaseNow(tx)).toISOString(),
      deviceSecret: await rememberDevice(tx, person.id, device.id),
      recoveryCodes,
    }
  }

  async function attemptOf(
    email: string,
    found: Credentials | null,
    { device, deviceSecret }: Arrival,
    by: Doer,
  ): Promise<Attempt> {
    const isKnown =
      found !== null &&
      deviceSecret !== null &&
      (await isKnownDevice(db, found.id, device.id, deviceSecret))
    return { email, address: by.address ?? '', knownDeviceId: isKnown ? device.id : null }
  }

  /** @throws Failure `too_many_attempts` */
  async function count(attempt: Attempt, found: Credentials | null, by: Doer): Promise<void> {
    const refusal = await throttle.count(attempt)
    if (refusal === null) return
    metrics.signIns.inc({ outcome: 'throttled' })
    if (refusal.isFirst) await record(by, found, 'session.sign_in_throttled', {})
    throw tooManyAttempts(refusal)
  }

  async function recordFailure(by: Doer, found: Person | null, reason: string): Promise<void> {
    metrics.signIns.inc({ outcome: 'failed' })
    if (told.take('') > 0) {
      leftOut += 1
      return
    }
    const besides = leftOut
    leftOut = 0
    await record(by, found, 'session.sign_in_failed', {
      reason: found === null ? 'unknown' : reason,
      ...(besides > 0 && { besides }),
    })
  }

  /** Of an address that is nobody's it is not kept what was typed: it may be a password in the wrong field. */
  async function record(
    by: Doer,
    found: Person | null,
    action: 'session.sign_in_failed' | 'session.sign_in_throttled',
    after: object,
  ): Promise<void> {
    const target = found === null ? undefined : ({ kind: 'person', id: found.id } as const)
    await db.transaction(async (tx) => audit.record(tx, by, { action, target, after }))
  }
}

/**
 * Locked as it is until they are in: who is switched off, or has another password, in the moment after it was looked at
 * is not let in, and whoever switches them off then ends this session, too.
 */
async function requireUnchanged(tx: Transaction, person: Credentials): Promise<void> {
  const same = await tx.maybe(sql`
    SELECT 1 FROM users
    WHERE id = ${person.id} AND is_active AND password_hash = ${person.password_hash} FOR SHARE`)
  if (same === null) throw new Failure('unauthenticated')
}

function requireServed({ protocolVersion }: Pick<Arrival, 'protocolVersion'>): void {
  if (isServedProtocolVersion(protocolVersion)) return
  throw new Failure('protocol_mismatch', { server: PROTOCOL_VERSION, client: protocolVersion })
}

function findCredentials(db: Queryable, email: string): Promise<Credentials | null> {
  return db.maybe(sql`
    SELECT id, email, full_name, role, password_hash, is_active FROM users
    WHERE LOWER(email) = LOWER(${email})`)
}
