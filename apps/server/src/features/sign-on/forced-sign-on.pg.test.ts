import { PROTOCOL_VERSION } from '@parley/contracts'
import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { codeOf } from '../../testing/conversations.ts'
import {
  server,
  provider,
  admin,
  arrive,
  signedInThere,
  withSignOn,
  anonymous,
  providerId,
  setUp,
  actionsAbout,
  agent,
} from '../../testing/signing-on.ts'
import { PASSWORD, connect, newId, type TestPerson } from '../../testing/test-server.ts'

withSignOn()

describe('where single sign-on is forced', () => {
  let glass: TestPerson
  let secret: string

  const password = (person: { email: string }, typed = PASSWORD, code: string | null = null) =>
    anonymous().session.signIn.mutate({
      email: person.email,
      password: typed,
      code,
      device: { id: newId(), name: 'test', platform: 'linux' },
      protocolVersion: PROTOCOL_VERSION,
    })

  beforeAll(async () => {
    await setUp()
    glass = await server.addPerson({ role: 'admin', teamIds: [] })
  })
  afterAll(async () => {
    await setUp()
    await admin.trpc.signOn.setBreakGlass.mutate({ userId: null })
  })

  test('somebody is chosen first whom a password lets in', async () => {
    expect(await codeOf(setUp({ isForced: true }))).toBe('required')
    const person = await agent()
    expect(await codeOf(admin.trpc.signOn.setBreakGlass.mutate({ userId: person.id }))).toBe(
      'required',
    )
    // An administrator, and with a second factor.
    expect(await codeOf(admin.trpc.signOn.setBreakGlass.mutate({ userId: glass.id }))).toBe(
      'required',
    )
    const own = await server.signIn(glass)
    const begun = await own.trpc.accounts.beginSecondFactor.mutate({ password: PASSWORD })
    secret = begun.secret
    const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate()
    await own.trpc.accounts.confirmSecondFactor.mutate({ code })
    own.close()
    await admin.trpc.signOn.setBreakGlass.mutate({ userId: glass.id })
    await setUp({ isForced: true })
  })

  test('no password lets anybody else in, and nobody learns who has one that does', async () => {
    const person = await agent()
    for (const [who, typed] of [
      [person, PASSWORD],
      [person, 'wrong'],
      [glass, 'wrong'],
      [{ email: 'nobody@parley.example' }, PASSWORD],
    ] as const) {
      await expect(password(who, typed)).rejects.toMatchObject({
        data: { app: { code: 'sign_on_required', details: { providerId, name: 'Acme' } } },
      })
    }
    // Each is written down, so that none takes longer than another, and whoever guesses is seen.
    const { rows } = await server.database.pool.query<{ reason: string }>(`
      SELECT after->>'reason' AS reason FROM audit_log
      WHERE action = 'session.sign_in_failed' ORDER BY seq DESC LIMIT 4`)
    expect(rows.map(({ reason }) => reason)).toEqual([
      'unknown',
      'password',
      'sign_on_required',
      'sign_on_required',
    ])
  })

  test('no link for a password does', async () => {
    const person = await agent()
    const link = await admin.trpc.people.makeLink.mutate({ userId: person.id })
    expect(await codeOf(anonymous().session.lookAtLink.query({ token: link.token }))).toBe(
      'sign_on_required',
    )
    const use = anonymous().session.useLink.mutate({
      token: link.token,
      password: 'a whole new pass phrase',
      device: { id: newId(), name: 'test', platform: 'linux' },
      protocolVersion: PROTOCOL_VERSION,
    })
    expect(await codeOf(use)).toBe('sign_on_required')
  })

  test('people of other domains sign in as ever', async () => {
    const person = await agent()
    await server.database.pool.query('UPDATE users SET email = $1 WHERE id = $2', [
      `${person.id}@elsewhere.example`,
      person.id,
    ])
    expect((await password({ email: `${person.id}@elsewhere.example` })).person.id).toBe(person.id)
  })

  test('the one chosen is let in with both, and every administrator is told', async () => {
    expect(await codeOf(password(glass))).toBe('second_factor_required')
    // The code that set it up is spent: time goes on.
    await server.database.pool.query('UPDATE second_factors SET last_step = 0')
    const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate()
    expect((await password(glass, PASSWORD, code)).person.id).toBe(glass.id)
    expect(await actionsAbout(glass.id)).toContain('session.break_glass_used')
    const { rows } = await server.database.pool.query(
      "SELECT kind FROM problems WHERE kind = 'break_glass_used' AND ended_at IS NULL",
    )
    expect(rows).toHaveLength(1)
  })

  test('nor do they come in unseen by a link, and their second factor stays', async () => {
    await server.database.pool.query(
      "DELETE FROM problems WHERE kind = 'break_glass_used'; UPDATE second_factors SET last_step = 0",
    )
    const before = (await actionsAbout(glass.id)).length
    const { token } = await admin.trpc.people.makeLink.mutate({ userId: glass.id })
    const code = () => new TOTP({ secret: Secret.fromBase32(secret) }).generate()
    const chosen = 'a whole new pass phrase of theirs'
    const { tokens, sessionId } = await anonymous().session.useLink.mutate({
      token,
      password: chosen,
      code: code(),
      device: { id: newId(), name: 'test', platform: 'linux' },
      protocolVersion: PROTOCOL_VERSION,
    })
    expect((await actionsAbout(glass.id)).slice(before)).toContain('session.break_glass_used')
    const { rows } = await server.database.pool.query(
      "SELECT kind FROM problems WHERE kind = 'break_glass_used' AND ended_at IS NULL",
    )
    expect(rows).toHaveLength(1)
    await server.database.pool.query('UPDATE second_factors SET last_step = 0')
    const own = connect(server.url, tokens.accessToken, sessionId, tokens.refreshToken)
    expect((await own.trpc.accounts.own.query()).secondFactor.isRequired).toBe(true)
    const removal = own.trpc.accounts.removeSecondFactor.mutate({ password: chosen, code: code() })
    expect(await codeOf(removal)).toBe('required')
    own.close()
    const byColleague = admin.trpc.people.removeSecondFactor.mutate({ userId: glass.id })
    expect(await codeOf(byColleague)).toBe('break_glass')
  })

  test('they are not lost', async () => {
    expect(
      await codeOf(admin.trpc.people.setActive.mutate({ userId: glass.id, isActive: false })),
    ).toBe('break_glass')
    expect(
      await codeOf(admin.trpc.people.setRole.mutate({ userId: glass.id, role: 'agent' })),
    ).toBe('break_glass')
    expect(await codeOf(admin.trpc.signOn.setBreakGlass.mutate({ userId: null }))).toBe('required')
  })

  test('nor does the directory say what they may, once they have come by it', async () => {
    await setUp({ isForced: true, groupsClaim: 'groups' })
    signedInThere(glass)
    provider.person['groups'] = []
    ;(await arrive()).close()
    const { rows } = await server.database.pool.query<{ managed_by: string; role: string }>(
      'SELECT managed_by, role FROM users WHERE id = $1',
      [glass.id],
    )
    expect(rows).toEqual([{ managed_by: 'manual', role: 'admin' }])
  })
})
