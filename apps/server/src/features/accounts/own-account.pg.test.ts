import { randomUUID } from 'node:crypto'

import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { type SessionActor } from '../../platform/actor.ts'
import { SYSTEM, type Doer } from '../../platform/doer.ts'
import { createSecrets } from '../../platform/secrets.ts'
import { createBareServices, TEST_SECRETS, type BareServices } from '../../testing/bare-services.ts'
import { findLink, makeLink } from './account-links.ts'
import { isKnownDevice, openSession, rememberDevice } from './devices.queries.ts'
import { reviewFailures } from './failure-bursts.ts'
import { createOwnAccount } from './own-account.ts'
import { createPasswords, type Passwords } from './passwords.ts'
import {
  confirmSecondFactor,
  removeSecondFactor,
  renewRecoveryCodes,
  secondFactorOf,
  setUpSecondFactor,
  takeCode,
} from './second-factor.ts'
import { readPolicy, savePolicy } from './security-policy.ts'
import { createSessions } from './sessions.ts'
import { createSignInThrottle } from './throttle.ts'

const PASSWORD = 'zafiro lluvia cobre tren'
const OTHER = 'manzana nube piedra río'
let services: BareServices
let actor: SessionActor
let by: Doer
const passwords = createPasswords()

beforeAll(async () => {
  services = await createBareServices()
})
afterAll(() => services.database.drop())
beforeEach(async () => {
  const userId = await services.addPerson('agent', 'offline')
  await services.rows('UPDATE users SET password_hash = $2 WHERE id = $1', [
    userId,
    await passwords.hash(PASSWORD),
  ])
  const sessionId = await sessionOf(userId)
  actor = { userId, sessionId, role: 'agent', teamIds: [] }
  by = { ...SYSTEM, kind: 'user', id: userId, sessionId, address: '198.51.100.7' }
})

const deviceOf = (id = randomUUID()) => ({ id, name: 'test', platform: 'linux' })
const sessionOf = (userId: string): Promise<string> =>
  services.db.transaction((tx) =>
    openSession(tx, { userId, device: deviceOf(), address: null, provider: null }),
  )
const account = (used: Passwords = passwords) =>
  createOwnAccount(services, {
    sessions: createSessions(services),
    passwords: used,
    throttle: createSignInThrottle(services.database.pool),
  })
const codeFor = (secret: string, stepsAway = 0): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({
    timestamp: Date.now() + stepsAway * 30_000,
  })
const refused = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no failure',
    (error: { code?: string; message: string }) => error.code ?? error.message,
  )
/** With a second factor that stands. @returns its secret and its recovery codes */
async function withFactor(): Promise<{ secret: string; codes: string[] }> {
  return services.db.transaction(async (tx) => {
    const { secret } = await setUpSecondFactor(tx, TEST_SECRETS, {
      id: actor.userId,
      email: 'ana@parley.example',
    })
    return { secret, codes: await confirmSecondFactor(tx, actor.userId) }
  })
}
const take = (code: string, of: 'confirmed' | 'begun' = 'confirmed', secrets = TEST_SECRETS) =>
  services.db.transaction((tx) => takeCode(tx, secrets, actor.userId, code, of))

describe('one’s own account', () => {
  test('is not changed by who knew a password that was changed in between', async () => {
    const slow: Passwords = {
      ...passwords,
      async hash(password) {
        await services.rows(`UPDATE users SET password_hash = 'another' WHERE id = $1`, [
          actor.userId,
        ])
        return passwords.hash(password)
      },
    }
    const change = account(slow).changePassword(actor, { current: PASSWORD, next: OTHER }, by)
    expect(await refused(change)).toBe('wrong_password')
    expect(
      await services.rows('SELECT password_hash FROM users WHERE id = $1', [actor.userId]),
    ).toEqual([{ password_hash: 'another' }])
  })

  test('asks for the password before a second factor is begun, and for a right code before it stands', async () => {
    const own = account()
    expect(await refused(own.beginSecondFactor(actor, OTHER, by))).toBe('wrong_password')
    const { secret } = await own.beginSecondFactor(actor, PASSWORD, by)
    expect(await refused(own.confirmSecondFactor(actor, codeFor(secret, 5), by))).toBe('wrong_code')
    expect((await own.read(actor)).secondFactor.isOn).toBe(false)
    expect(await own.confirmSecondFactor(actor, codeFor(secret), by)).toHaveLength(10)
    expect((await own.read(actor)).secondFactor).toMatchObject({
      isOn: true,
      recoveryCodesLeft: 10,
    })
    expect(await refused(own.beginSecondFactor(actor, PASSWORD, by))).toBe('conflict')
  })

  test('renews recovery codes for who shows password and code, and those from before are over', async () => {
    const own = account()
    const { secret, codes } = await withFactor()
    const renew = (password: string, code: string) =>
      own.renewRecoveryCodes(actor, { password, code }, by)
    expect(await refused(renew(OTHER, codeFor(secret)))).toBe('wrong_password')
    expect(await refused(renew(PASSWORD, '000000'))).toBe('wrong_code')
    expect(await take(String(codes[0]))).toBe('recovery_code')
    const renewed = await renew(PASSWORD, codeFor(secret))
    expect(await take(String(codes[1]))).toBeNull()
    expect(codes.map((code) => code.replaceAll('-', '').length)).toEqual(Array(10).fill(24))
    expect(await take(String(renewed[0]))).toBe('recovery_code')
  })

  test('may be looked after by its person as often as they like', async () => {
    const own = account()
    for (let times = 0; times < 12; times++) await own.beginSecondFactor(actor, PASSWORD, by)
  })
})

describe('a second factor', () => {
  test('that stands is not set up anew over its person’s head', async () => {
    const { secret } = await withFactor()
    await services.db.transaction((tx) =>
      setUpSecondFactor(tx, TEST_SECRETS, { id: actor.userId, email: 'x@parley.example' }),
    )
    expect(await take(codeFor(secret))).toBe('code')
  })

  test('that was only begun lets nobody in, and one that stands confirms none', async () => {
    const { secret } = await services.db.transaction((tx) =>
      setUpSecondFactor(tx, TEST_SECRETS, { id: actor.userId, email: 'x@parley.example' }),
    )
    expect(await take(codeFor(secret))).toBeNull()
    expect(await take(codeFor(secret), 'begun')).toBe('code')
    // Left from an earlier one.
    const [left] = await services.db.transaction((tx) => renewRecoveryCodes(tx, actor.userId))
    expect(await take(String(left), 'begun')).toBeNull()
    await services.db.transaction((tx) => confirmSecondFactor(tx, actor.userId))
    expect(await take(codeFor(secret, 1), 'begun')).toBeNull()
    expect(await take(codeFor(secret, 1))).toBe('code')
  })

  test('takes a code of the half minute before or after, and of no other', async () => {
    const { secret } = await withFactor()
    for (const away of [-3, -2, 2, 3]) expect(await take(codeFor(secret, away))).toBeNull()
    expect(await take(codeFor(secret, -1))).toBe('code')
    expect(await take(codeFor(secret, 1))).toBe('code')
  })

  test('that another key has sealed is said to be so', async () => {
    const { secret } = await withFactor()
    const other = createSecrets(Buffer.alloc(32, 9).toString('base64'))
    await expect(take(codeFor(secret), 'confirmed', other)).rejects.toThrow('PARLEY_SECRET_KEY')
  })

  test('that is removed takes its codes along; one that was only begun was none', async () => {
    const { codes } = await withFactor()
    const remove = () => services.db.transaction((tx) => removeSecondFactor(tx, actor.userId))
    expect(await remove()).toBe(true)
    expect(await secondFactorOf(services.db, actor.userId)).toEqual({ is_on: false, codes_left: 0 })
    expect(await take(String(codes[0]))).toBeNull()
    await services.db.transaction((tx) =>
      setUpSecondFactor(tx, TEST_SECRETS, { id: actor.userId, email: 'x@parley.example' }),
    )
    expect(await remove()).toBe(false)
  })
})

describe('a link', () => {
  test.each([
    ['invitation', 7 * 24],
    ['reset', 24],
  ] as const)('for an %s is good for %i hours, and for who has access', async (purpose, hours) => {
    const { token, expiresAt } = await services.db.transaction((tx) =>
      makeLink(tx, actor.userId, purpose),
    )
    expect(Math.abs(expiresAt.getTime() - Date.now() - hours * 3_600_000)).toBeLessThan(60_000)
    expect(await findLink(services.db, token)).toMatchObject({ purpose, user_id: actor.userId })
    await services.rows('UPDATE users SET is_active = FALSE WHERE id = $1', [actor.userId])
    expect(await refused(findLink(services.db, token))).toBe('link_over')
  })
})

test('a device is known by its own secret', async () => {
  const [one, other] = [deviceOf(), deviceOf()]
  const [secret, otherSecret] = await services.db.transaction(async (tx) => {
    for (const device of [one, other]) {
      await openSession(tx, { userId: actor.userId, device, address: null, provider: null })
    }
    return [
      await rememberDevice(tx, actor.userId, one.id),
      await rememberDevice(tx, actor.userId, other.id),
    ]
  })
  const knows = (id: string, said: string) => isKnownDevice(services.db, actor.userId, id, said)
  expect(await knows(one.id, String(secret))).toBe(true)
  expect(await knows(one.id, String(otherSecret))).toBe(false)
  expect(await knows(other.id, String(secret))).toBe(false)
})

describe('failures to sign in', () => {
  const record = (after: object) =>
    services.db.transaction(async (tx) =>
      services.audit.record(tx, by, { action: 'session.sign_in_failed', after }),
    )
  const open = () =>
    services.rows(
      `SELECT details FROM problems WHERE kind = 'sign_in_failures' AND ended_at IS NULL`,
    )

  test('are a problem from sixty in a quarter of an hour on, those that were only counted included', async () => {
    await record({ reason: 'password', besides: 57 })
    await reviewFailures(services)
    expect(await open()).toEqual([])
    await record({ reason: 'password' })
    await record({ reason: 'password' })
    await reviewFailures(services)
    expect(await open()).toHaveLength(1)
    await services.rows('ALTER TABLE audit_log DISABLE TRIGGER USER')
    await services.rows(`UPDATE audit_log SET at = at - INTERVAL '16 minutes'`)
    await services.rows('ALTER TABLE audit_log ENABLE TRIGGER USER')
    await reviewFailures(services)
    expect(await open()).toEqual([])
  })
})

test('of two who change the policy at once one is told of the other', async () => {
  const { version, policy } = await readPolicy(services.db)
  const save = (passwordMinLength: number) =>
    savePolicy(services, by, { policy: { ...policy, passwordMinLength }, basedOn: version })
  const outcomes = await Promise.all([13, 14, 15, 16].map((length) => refused(save(length))))
  expect(outcomes.toSorted()).toEqual(['conflict', 'conflict', 'conflict', 'no failure'])
  expect((await readPolicy(services.db)).version).toBe(version + 1)
})

describe('sessions', () => {
  test('of others are not ended by who manages their own', async () => {
    const other = await sessionOf(await services.addPerson('agent', 'offline'))
    const sessions = createSessions(services)
    expect(await refused(sessions.revoke(other, actor.userId, by))).toBe('not_found')
    const [row] = await services.rows('SELECT ended_at FROM sessions WHERE id = $1', [other])
    expect(row).toEqual({ ended_at: null })
  })

  test('have one token to go on with, however many ask for the next one at once', async () => {
    const sessions = createSessions(services)
    const { refreshToken } = await services.db.transaction((tx) =>
      sessions.issueTokens(tx, actor.sessionId, null),
    )
    await Promise.all(Array.from({ length: 6 }, () => sessions.refresh(refreshToken, by)))
    const [living] = await services.rows(
      `SELECT COUNT(*)::int AS count FROM refresh_tokens
       WHERE session_id = $1 AND predecessor IS NOT NULL AND retired_at IS NULL`,
      [actor.sessionId],
    )
    expect(living).toEqual({ count: 1 })
  })
})
