import { PROTOCOL_VERSION, type SignInOutput } from '@parley/contracts'
import { type Role } from '@parley/domain'
import { createTRPCClient, httpLink, TRPCClientError } from '@trpc/client'
import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { codeOf } from '../../testing/conversations.ts'
import {
  connect,
  eventually,
  newId,
  PASSWORD,
  startTestServer,
  type TestClient,
  type TestPerson,
  type TestServer,
} from '../../testing/test-server.ts'
import { type AppRouter } from '../../trpc/router.ts'

let server: TestServer
let admin: TestClient

beforeAll(async () => {
  server = await startTestServer()
  admin = await server.signIn(await server.addPerson({ role: 'admin', teamIds: [] }))
})
afterAll(async () => {
  admin.close()
  await server.stop()
})
// Everybody of these tests comes from one address.
beforeEach(() => server.database.pool.query('DELETE FROM sign_in_attempts'))

const anonymous = () =>
  createTRPCClient<AppRouter>({ links: [httpLink({ url: `${server.url}/trpc` })] })
const person = (role: Role = 'agent'): Promise<TestPerson> =>
  server.addPerson({ role, teamIds: [server.teams.sales] })
const GOOD = 'zafiro lluvia cobre tren'

interface Attempt {
  email: string
  password?: string
  deviceId?: string
  deviceSecret?: string | null
  code?: string | null
}

function signIn({ email, password = PASSWORD, deviceId = newId(), ...more }: Attempt) {
  return anonymous().session.signIn.mutate({
    email,
    password,
    device: { id: deviceId, name: 'test', platform: 'linux' },
    protocolVersion: PROTOCOL_VERSION,
    deviceSecret: null,
    code: null,
    ...more,
  })
}

function useLink(token: string, password: string, code: string | null = null) {
  return anonymous().session.useLink.mutate({
    token,
    password,
    device: { id: newId(), name: 'test', platform: 'linux' },
    protocolVersion: PROTOCOL_VERSION,
    deviceSecret: null,
    code,
  })
}

function as({ tokens, sessionId }: SignInOutput): TestClient {
  return connect(server.url, tokens.accessToken, sessionId, tokens.refreshToken)
}

/** What a refusal says besides its code. */
async function detailsOf(attempt: Promise<unknown>): Promise<Record<string, unknown>> {
  try {
    await attempt
  } catch (error) {
    if (error instanceof TRPCClientError) return error.data.app.details
    throw error
  }
  throw new Error('it was not refused')
}

const codeNow = (secret: string, stepsAhead = 0): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({
    timestamp: Date.now() + stepsAhead * 30_000,
  })

const actions = async (about: string): Promise<string[]> => {
  const { entries } = await admin.trpc.audit.find.query({
    before: null,
    limit: 50,
    actorId: null,
    targetId: about,
    actions: [],
    from: null,
    to: null,
  })
  return entries.map(({ action }) => action).toReversed()
}
const doings = async (actorId: string): Promise<string[]> => {
  const { rows } = await server.database.pool.query<{ action: string }>(
    'SELECT action FROM audit_log WHERE actor_id = $1 ORDER BY seq',
    [actorId],
  )
  return rows.map(({ action }) => action)
}
const age = (sessionId: string, column: 'created_at' | 'last_used_at', by: string) =>
  server.database.pool.query(`UPDATE sessions SET ${column} = NOW() - $2::interval WHERE id = $1`, [
    sessionId,
    by,
  ])

describe('guessing', () => {
  test('from one address stops after eight; the person’s own device goes on', async () => {
    const { id, email } = await person()
    const deviceId = newId()
    const { deviceSecret } = await signIn({ email, deviceId })
    for (let n = 0; n < 8; n++) await codeOf(signIn({ email, password: 'wrong' }))
    expect(await codeOf(signIn({ email }))).toBe('too_many_attempts')
    expect(await codeOf(signIn({ email, deviceId, deviceSecret }))).toBe('no failure')
    // Of a stranger's device the secret is worth nothing.
    const { deviceSecret: other } = await signIn({ email: (await person()).email, deviceId })
    expect(await codeOf(signIn({ email, deviceId, deviceSecret: other }))).toBe('too_many_attempts')
    expect(await actions(id)).toEqual([
      ...Array<string>(8).fill('session.sign_in_failed'),
      'session.sign_in_throttled',
    ])
  })

  test('with a known device stops after eight as well', async () => {
    const { email } = await person()
    const deviceId = newId()
    const { deviceSecret } = await signIn({ email, deviceId })
    const wrong = { email, deviceId, deviceSecret, password: 'wrong' }
    for (let n = 0; n < 8; n++) expect(await codeOf(signIn(wrong))).toBe('unauthenticated')
    expect(await codeOf(signIn({ email, deviceId, deviceSecret }))).toBe('too_many_attempts')
  })

  test('from many addresses at one account stops after forty in an hour', async () => {
    const { email } = await person()
    const deviceId = newId()
    const { deviceSecret } = await signIn({ email, deviceId })
    for (let n = 0; n < 40; n++) {
      await codeOf(signIn({ email, password: 'wrong' }))
      // As from another address each time.
      await server.database.pool.query(
        `DELETE FROM sign_in_attempts WHERE key NOT LIKE 'everywhere:%'`,
      )
    }
    expect(await codeOf(signIn({ email }))).toBe('too_many_attempts')
    expect(await codeOf(signIn({ email, deviceId, deviceSecret }))).toBe('no failure')
  }, 60_000)

  test('keeps nothing of what was typed where nobody has that address', async () => {
    const typed = `my-password-${newId()}@parley.example`
    expect(await codeOf(signIn({ email: typed }))).toBe('unauthenticated')
    const { rows } = await server.database.pool.query(
      `SELECT * FROM audit_log WHERE audit_log::text LIKE '%my-password%'`,
    )
    expect(rows).toEqual([])
  })

  test('in a flood is told of with a number, and raises a problem', async () => {
    const flood = Array.from({ length: 110 }, (_, n) => `nobody-${n}-${newId()}@parley.example`)
    for (const email of flood) {
      await codeOf(signIn({ email, password: 'wrong' }))
      await server.database.pool.query('DELETE FROM sign_in_attempts')
    }
    const other = await server.startAnother()
    await eventually(async () => {
      const { rows } = await server.database.pool.query(
        `SELECT details FROM problems WHERE kind = 'sign_in_failures' AND ended_at IS NULL`,
      )
      expect(rows[0]?.details.failures).toBeGreaterThanOrEqual(60)
    })
    await other.stop()
  }, 120_000)
})

test('a wrong password takes as long whether the account is there, switched off, invited or nobody’s', async () => {
  const somebody = await person()
  const left = await person()
  for (const { id, email } of [somebody, left]) {
    const { token } = await admin.trpc.people.makeLink.mutate({ userId: id })
    // Hashed as the server does it.
    as(await useLink(token, GOOD)).close()
    expect(await codeOf(signIn({ email, password: GOOD }))).toBe('no failure')
  }
  await admin.trpc.people.setActive.mutate({ userId: left.id, isActive: false })
  const invited = `${newId()}@parley.example`
  await admin.trpc.people.invite.mutate({
    fullName: 'Nora Villa',
    email: invited,
    role: 'agent',
    teamIds: [],
  })
  const fastest = async (email: string): Promise<number> => {
    const tookMs: number[] = []
    for (let n = 0; n < 7; n++) {
      const beganMs = performance.now()
      expect(await codeOf(signIn({ email, password: 'wrong' }))).toBe('unauthenticated')
      tookMs.push(performance.now() - beganMs)
    }
    return Math.min(...tookMs)
  }
  const known = await fastest(somebody.email)
  for (const email of [left.email, invited, `${newId()}@parley.example`]) {
    expect(await fastest(email)).toBeGreaterThan(known / 2)
  }
})

describe('a session', () => {
  test('is not ended by who knows its device', async () => {
    const deviceId = newId()
    const victim = as(await signIn({ email: (await person()).email, deviceId }))
    await signIn({ email: (await person()).email, deviceId })
    expect(await codeOf(victim.trpc.session.me.query())).toBe('no failure')
    victim.close()
  })

  test('is replaced by the person’s next one on that device', async () => {
    const { email } = await person()
    const deviceId = newId()
    const before = as(await signIn({ email, deviceId }))
    await signIn({ email, deviceId })
    expect(await detailsOf(before.trpc.session.me.query())).toEqual({ reason: 'replaced' })
    before.close()
  })

  test('ends for a reason that the log has, with whose it was', async () => {
    const { id, email } = await person()
    const [first, second, third] = [
      as(await signIn({ email })),
      as(await signIn({ email })),
      as(await signIn({ email })),
    ]
    await first.trpc.session.signOut.mutate()
    const refresh = (refreshToken: string) => anonymous().session.refresh.mutate({ refreshToken })
    await refresh((await refresh(second.refreshToken)).refreshToken)
    expect(await detailsOf(refresh(second.refreshToken))).toEqual({ reason: 'token_reused' })
    await admin.trpc.people.revokeSessions.mutate({ userId: id })
    expect((await doings(id)).at(-1)).toBe('session.signed_out')
    expect(await actions(id)).toEqual(['session.token_reused', 'session.revoked'])
    for (const client of [first, second, third]) client.close()
  })

  test.each([
    ['unheard of for a week', 'last_used_at', '8 days'],
    ['that nobody used for 400 days', 'last_used_at', '400 days'],
    ['thirty days old, however much it was used', 'created_at', '31 days'],
  ] as const)('%s is over, in every way', async (_what, column, by) => {
    const answer = await signIn({ email: (await person()).email })
    const client = as(answer)
    await age(answer.sessionId, column, by)
    expect(await detailsOf(client.trpc.session.me.query())).toEqual({ reason: 'expired' })
    const refreshed = anonymous().session.refresh.mutate({ refreshToken: client.refreshToken })
    expect(await detailsOf(refreshed)).toEqual({ reason: 'expired' })
    client.close()
  })

  test('says when it ends', async () => {
    const { tokens, serverTime } = await signIn({ email: (await person()).email })
    const lifetimeMs = Date.parse(tokens.sessionEndsAt) - Date.parse(serverTime)
    expect(Math.abs(lifetimeMs - 30 * 24 * 3_600_000)).toBeLessThan(60_000)
  })

  test('is over at once where the policy becomes stricter', async () => {
    const answer = await signIn({ email: (await person()).email })
    const client = as(answer)
    await age(answer.sessionId, 'created_at', '2 hours')
    expect(await codeOf(client.trpc.session.me.query())).toBe('no failure')
    const { version, policy } = await admin.trpc.security.policy.query()
    const stricter = { ...policy, sessionLifetimeMinutes: 60 }
    const saved = await admin.trpc.security.savePolicy.mutate({
      policy: stricter,
      basedOn: version,
    })
    expect(await detailsOf(client.trpc.session.me.query())).toEqual({ reason: 'expired' })
    const again = { policy: stricter, basedOn: version }
    expect(await codeOf(admin.trpc.security.savePolicy.mutate(again))).toBe('conflict')
    await admin.trpc.security.savePolicy.mutate({ policy, basedOn: saved.version })
    client.close()
  })

  test('of somebody who is switched off while their password is looked at does not begin', async () => {
    const { id, email } = await person()
    for (let n = 0; n < 12; n++) {
      await admin.trpc.people.setActive.mutate({ userId: id, isActive: true })
      await Promise.all([
        codeOf(signIn({ email })),
        admin.trpc.people.setActive.mutate({ userId: id, isActive: false }),
      ])
      const { rows } = await server.database.pool.query(
        'SELECT 1 FROM sessions WHERE user_id = $1 AND ended_at IS NULL',
        [id],
      )
      expect(rows).toEqual([])
      await server.database.pool.query('DELETE FROM sign_in_attempts')
    }
  }, 60_000)
})

describe('a second factor', () => {
  async function withFactor(role: Role = 'agent') {
    const somebody = await person(role)
    const client = as(await signIn({ email: somebody.email }))
    const { secret, uri } = await client.trpc.accounts.beginSecondFactor.mutate({
      password: PASSWORD,
    })
    // The half minute before counts, and leaves the present one for signing in.
    const { recoveryCodes } = await client.trpc.accounts.confirmSecondFactor.mutate({
      code: codeNow(secret, -1),
    })
    return { ...somebody, client, secret, uri, recoveryCodes }
  }

  test('is asked for after the password, and each code is taken once', async () => {
    const { id, email, client, secret, uri } = await withFactor()
    expect(uri).toMatch(/^otpauth:\/\/totp\/Parley:/)
    expect(await codeOf(signIn({ email, password: 'wrong', code: codeNow(secret) }))).toBe(
      'unauthenticated',
    )
    expect(await detailsOf(signIn({ email }))).toEqual({ wrong: false, setup: null })
    expect(await detailsOf(signIn({ email, code: '000000' }))).toEqual({ wrong: true, setup: null })
    const code = codeNow(secret)
    const typed = `${code.slice(0, 3)} ${code.slice(3)}`
    expect(await codeOf(signIn({ email, code: typed }))).toBe('no failure')
    expect(await codeOf(signIn({ email, code }))).toBe('second_factor_required')
    expect(await codeOf(signIn({ email, code: codeNow(secret, -1) }))).toBe(
      'second_factor_required',
    )
    expect(await doings(id)).toEqual([
      'session.signed_in',
      'second_factor.confirmed',
      'session.signed_in',
    ])
    client.close()
  })

  test('of two who show one code at once lets one in', async () => {
    const { email, client, secret } = await withFactor()
    const code = codeNow(secret)
    const outcomes = await Promise.all(
      Array.from({ length: 4 }, () => codeOf(signIn({ email, code }))),
    )
    expect(outcomes.filter((outcome) => outcome === 'no failure')).toHaveLength(1)
    client.close()
  })

  test('cannot be guessed: wrong codes count as wrong passwords do', async () => {
    const { email, client, secret } = await withFactor()
    for (let n = 0; n < 8; n++) {
      // The password alone is right each time, and gives no attempt back for the code.
      await codeOf(signIn({ email }))
      await codeOf(signIn({ email, code: String(100_000 + n) }))
    }
    expect(await codeOf(signIn({ email, code: codeNow(secret) }))).toBe('too_many_attempts')
    client.close()
  })

  test('that is lost is replaced by a code from the list, each once', async () => {
    const { id, email, client, recoveryCodes } = await withFactor()
    expect(new Set(recoveryCodes).size).toBe(10)
    const code = (recoveryCodes[0] as string).toLowerCase()
    expect(await codeOf(signIn({ email, code }))).toBe('no failure')
    expect(await codeOf(signIn({ email, code }))).toBe('second_factor_required')
    const { secondFactor } = await client.trpc.accounts.own.query()
    expect(secondFactor).toEqual({ isOn: true, isRequired: false, recoveryCodesLeft: 9 })
    expect(await doings(id)).toContain('second_factor.code_spent')
    // Somebody else's list opens nothing.
    const other = await withFactor()
    expect(await codeOf(signIn({ email: other.email, code: recoveryCodes[1] ?? null }))).toBe(
      'second_factor_required',
    )
    client.close()
    other.client.close()
  })

  test('is set up at the door where the role asks for one', async () => {
    const { version, policy } = await admin.trpc.security.policy.query()
    const saved = await admin.trpc.security.savePolicy.mutate({
      policy: { ...policy, secondFactorRoles: ['supervisor'] },
      basedOn: version,
    })
    const { email } = await person('supervisor')
    expect(await codeOf(signIn({ email: (await person()).email }))).toBe('no failure')
    const { setup } = (await detailsOf(signIn({ email }))) as { setup: { secret: string } }
    // What was shown last counts; what was shown before is void.
    const { setup: shown } = (await detailsOf(signIn({ email }))) as { setup: { secret: string } }
    expect(await detailsOf(signIn({ email, code: codeNow(setup.secret) }))).toEqual({
      wrong: true,
      setup: null,
    })
    // A slip leaves what an authenticator has read as it is, and does not show it to whoever has the password only.
    expect(await detailsOf(signIn({ email, code: '000000' }))).toEqual({ wrong: true, setup: null })
    const answer = await signIn({ email, code: codeNow(shown.secret) })
    expect(answer.recoveryCodes).toHaveLength(10)
    const client = as(answer)
    const code = codeNow(shown.secret, 1)
    const removal = client.trpc.accounts.removeSecondFactor.mutate({ password: PASSWORD, code })
    expect(await codeOf(removal)).toBe('required')
    await admin.trpc.security.savePolicy.mutate({ policy, basedOn: saved.version })
    client.close()
  })

  test('is removed by its person with password and code, and by an administrator', async () => {
    const { email, client, secret } = await withFactor()
    const removal = (password: string, code: string) =>
      codeOf(client.trpc.accounts.removeSecondFactor.mutate({ password, code }))
    expect(await removal('wrong', codeNow(secret))).toBe('wrong_password')
    expect(await removal(PASSWORD, '000000')).toBe('wrong_code')
    expect(await removal(PASSWORD, codeNow(secret))).toBe('no failure')
    expect(await codeOf(signIn({ email }))).toBe('no failure')

    const other = await withFactor()
    await admin.trpc.people.removeSecondFactor.mutate({ userId: other.id })
    expect(await codeOf(other.client.trpc.session.me.query())).toBe('session_ended')
    expect(await codeOf(signIn({ email: other.email }))).toBe('no failure')
    expect(await actions(other.id)).toEqual(['second_factor.removed'])
    client.close()
    other.client.close()
  })

  test('is stored sealed', async () => {
    const { id, client, secret, recoveryCodes } = await withFactor()
    const { rows } = await server.database.pool.query<{ secret: Buffer }>(
      'SELECT secret FROM second_factors WHERE user_id = $1',
      [id],
    )
    expect(rows[0]?.secret.includes(Buffer.from(secret))).toBe(false)
    const { rows: codes } = await server.database.pool.query<{ hash: Buffer }>(
      'SELECT hash FROM recovery_codes WHERE user_id = $1',
      [id],
    )
    const plain = Buffer.from((recoveryCodes[0] as string).replaceAll('-', ''))
    expect(codes.some(({ hash }) => hash.includes(plain))).toBe(false)
    client.close()
  })
})

describe('an invitation', () => {
  const invite = (email = `${newId()}@parley.example`) =>
    admin.trpc.people.invite.mutate({
      fullName: 'Nora Villa',
      email,
      role: 'agent',
      teamIds: [server.teams.sales],
    })

  test('lets its person choose a password and in, once', async () => {
    const email = `Nora.${newId()}@Parley.example`
    const { userId, token } = await invite(email)
    expect(await codeOf(signIn({ email, password: '*' }))).toBe('unauthenticated')
    expect(await anonymous().session.lookAtLink.query({ token })).toEqual({
      purpose: 'invitation',
      email: email.toLowerCase(),
      fullName: 'Nora Villa',
      passwordMinLength: 12,
    })
    expect(await codeOf(useLink(token, 'corta'))).toBe('weak_password')
    expect(await codeOf(useLink(token, 'nora villa nora'))).toBe('weak_password')
    const outcomes = await Promise.all([
      codeOf(useLink(token, GOOD)),
      codeOf(useLink(token, `${GOOD} dos`)),
    ])
    expect(outcomes.toSorted()).toEqual(['link_over', 'no failure'])
    expect(await codeOf(anonymous().session.lookAtLink.query({ token }))).toBe('link_over')
    const chosen = outcomes[0] === 'no failure' ? GOOD : `${GOOD} dos`
    expect(await codeOf(signIn({ email, password: chosen }))).toBe('no failure')
    // Failures may have been left out: there was a flood of them just now.
    const said = (await actions(userId)).filter((action) => action !== 'session.sign_in_failed')
    expect(said).toEqual(['person.invited', 'person.link_made', 'password.set_by_link'])
  })

  test('is void when it is too old, withdrawn by a newer one, or of somebody switched off', async () => {
    const old = await invite()
    await server.database.pool.query(
      `UPDATE account_links SET expires_at = NOW() WHERE user_id = $1`,
      [old.userId],
    )
    expect(await codeOf(useLink(old.token, GOOD))).toBe('link_over')
    const renewed = await admin.trpc.people.makeLink.mutate({ userId: old.userId })
    const newest = await admin.trpc.people.makeLink.mutate({ userId: old.userId })
    expect(await codeOf(useLink(renewed.token, GOOD))).toBe('link_over')
    await admin.trpc.people.setActive.mutate({ userId: old.userId, isActive: false })
    expect(await codeOf(useLink(newest.token, GOOD))).toBe('link_over')
    await admin.trpc.people.setActive.mutate({ userId: old.userId, isActive: true })
    expect(await codeOf(useLink(newest.token, GOOD))).toBe('link_over')
    expect(await codeOf(useLink('made-up', GOOD))).toBe('link_over')
  })

  test('is not made twice for one address, two at once included', async () => {
    const email = `${newId()}@parley.example`
    const outcomes = await Promise.all([codeOf(invite(email)), codeOf(invite(email.toUpperCase()))])
    expect(outcomes.toSorted()).toEqual(['no failure', 'taken'])
  })

  test('of a reset ends what was open, and does not pass the second factor by', async () => {
    const { id, email } = await person()
    const client = as(await signIn({ email }))
    const { secret } = await client.trpc.accounts.beginSecondFactor.mutate({ password: PASSWORD })
    await client.trpc.accounts.confirmSecondFactor.mutate({ code: codeNow(secret, -1) })
    const { token } = await admin.trpc.people.makeLink.mutate({ userId: id })
    expect((await anonymous().session.lookAtLink.query({ token })).purpose).toBe('reset')
    expect(await codeOf(useLink(token, GOOD))).toBe('second_factor_required')
    // Nothing has changed yet.
    expect(await codeOf(client.trpc.session.me.query())).toBe('no failure')
    expect(await codeOf(useLink(token, GOOD, codeNow(secret)))).toBe('no failure')
    expect(await detailsOf(client.trpc.session.me.query())).toEqual({ reason: 'password_changed' })
    expect(await codeOf(signIn({ email }))).toBe('unauthenticated')
    client.close()
  })
})

describe('one’s own password', () => {
  test('is changed with the present one, and ends the other sessions', async () => {
    const { id, email } = await person()
    const [here, there] = [as(await signIn({ email })), as(await signIn({ email }))]
    const change = (current: string, next: string) =>
      codeOf(here.trpc.accounts.changePassword.mutate({ current, next }))
    expect(await change('wrong', GOOD)).toBe('wrong_password')
    expect(await change(PASSWORD, 'Contraseña2026!')).toBe('weak_password')
    expect(await change(PASSWORD, GOOD)).toBe('no failure')
    expect(await codeOf(here.trpc.session.me.query())).toBe('no failure')
    expect(await detailsOf(there.trpc.session.me.query())).toEqual({ reason: 'password_changed' })
    expect(await codeOf(signIn({ email }))).toBe('unauthenticated')
    expect(await codeOf(signIn({ email, password: GOOD }))).toBe('no failure')
    expect(await doings(id)).toContain('password.changed')
    here.close()
    there.close()
  })

  test('cannot be guessed at a desk that was left', async () => {
    const { email } = await person()
    const client = as(await signIn({ email }))
    const change = (current: string) =>
      codeOf(client.trpc.accounts.changePassword.mutate({ current, next: GOOD }))
    for (let n = 0; n < 8; n++) expect(await change(`wrong ${n}`)).toBe('wrong_password')
    expect(await change(PASSWORD)).toBe('too_many_attempts')
    client.close()
  })
})
