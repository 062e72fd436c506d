import { OLDEST_SERVED_PROTOCOL_VERSION, PROTOCOL_VERSION } from '@parley/contracts'
import { createTRPCClient, httpLink } from '@trpc/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { codeOf, conversationOf, newCustomer, stateOf, write } from '../../testing/conversations.ts'
import {
  PASSWORD,
  connect,
  eventually,
  newId,
  signIn,
  startTestServer,
  type TestClient,
  type TestPerson,
  type TestServer,
} from '../../testing/test-server.ts'
import { newTeam, queueUp } from '../../testing/workstations.ts'
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

const anonymous = () =>
  createTRPCClient<AppRouter>({ links: [httpLink({ url: `${server.url}/trpc` })] })

function attempt(
  email: string,
  password: string,
  protocolVersion = PROTOCOL_VERSION,
): Promise<unknown> {
  return anonymous().session.signIn.mutate({
    email,
    password,
    device: { id: newId(), name: 'test', platform: 'linux' },
    protocolVersion,
  })
}

const agent = (): Promise<TestPerson> =>
  server.addPerson({ role: 'agent', teamIds: [server.teams.sales] })

/** Follows the feed; says how it ended. */
async function follow(
  client: TestClient,
): Promise<{ live: Promise<void>; ended: Promise<string> }> {
  const { cursor } = await client.trpc.sync.bootstrap.query({ page: null })
  let sayLive: () => void
  const live = new Promise<void>((resolve) => (sayLive = resolve))
  const ended = new Promise<string>((resolve) => {
    client.trpc.sync.feed.subscribe(
      { cursor: cursor as string },
      {
        onData: ({ data }) => data.type === 'live' && sayLive(),
        onError: (error) =>
          resolve((error.data as { app: { code: string } } | null)?.app.code ?? error.message),
        onComplete: () => resolve('completed'),
      },
    )
  })
  return { live, ended }
}

describe('signing in', () => {
  test('takes the right password only, and does not tell who exists', async () => {
    const { email } = await agent()
    expect(await codeOf(attempt(email, PASSWORD))).toBe('no failure')
    expect(await codeOf(attempt(email.toUpperCase(), PASSWORD))).toBe('no failure')
    expect(await codeOf(attempt(email, 'wrong'))).toBe('unauthenticated')
    expect(await codeOf(attempt('nobody@parley.example', 'wrong'))).toBe('unauthenticated')
  })

  test('is refused to who was switched off, and to another protocol', async () => {
    const person = await agent()
    expect(await codeOf(attempt(person.email, PASSWORD, PROTOCOL_VERSION + 1))).toBe(
      'protocol_mismatch',
    )
    expect(await codeOf(attempt(person.email, PASSWORD, OLDEST_SERVED_PROTOCOL_VERSION - 1))).toBe(
      'protocol_mismatch',
    )
    expect(await codeOf(attempt(person.email, PASSWORD, OLDEST_SERVED_PROTOCOL_VERSION))).toBe(
      'no failure',
    )
    await server.database.pool.query('UPDATE users SET is_active = FALSE WHERE id = $1', [
      person.id,
    ])
    expect(await codeOf(attempt(person.email, PASSWORD))).toBe('unauthenticated')
  })

  test('is throttled by account, for the right password, too, and for nobody else', async () => {
    const person = await agent()
    for (let index = 0; index < 8; index++) await codeOf(attempt(person.email, 'wrong'))
    expect(await codeOf(attempt(person.email, PASSWORD))).toBe('too_many_attempts')
    expect(await codeOf(attempt((await agent()).email, PASSWORD))).toBe('no failure')
  })

  test('stores argon2id', async () => {
    const { rows } = await server.database.pool.query('SELECT password_hash FROM users LIMIT 1')
    expect(rows[0].password_hash).toMatch(/^\$argon2id\$/)
  })
})

describe('an administrator', () => {
  test('who switches somebody off has all that they have given back, with nobody looking', async () => {
    const teamId = await newTeam(server, 'switched-off')
    const person = await server.addPerson({ role: 'agent', teamIds: [teamId], presence: 'online' })
    const [waiting, answered] = (await queueUp(server, teamId, 2)) as [string, string]
    for (const id of [waiting, answered]) {
      await eventually(async () => expect((await stateOf(server, id)).assigned_to).toBe(person.id))
    }
    await server.database.pool.query(
      `UPDATE conversations SET status = 'pending_customer' WHERE id = $1`,
      [answered],
    )
    await admin.trpc.people.setActive.mutate({ userId: person.id, isActive: false })
    for (const id of [waiting, answered]) {
      expect(await stateOf(server, id)).toMatchObject({ status: 'queued', assigned_to: null })
    }
    await admin.trpc.people.setActive.mutate({ userId: person.id, isActive: false })
  })

  test('who is the only one is neither demoted nor switched off, two at once included', async () => {
    const others = await server.database.pool.query<{ id: string }>(
      `UPDATE users SET is_active = FALSE WHERE role = 'admin' RETURNING id`,
    )
    const [one, two] = [
      await server.addPerson({ role: 'admin', teamIds: [] }),
      await server.addPerson({ role: 'admin', teamIds: [] }),
    ]
    const [first, second] = [await server.signIn(one), await server.signIn(two)]
    const [demoted, switchedOff] = await Promise.all([
      codeOf(first.trpc.people.setRole.mutate({ userId: one.id, role: 'agent' })),
      codeOf(second.trpc.people.setActive.mutate({ userId: two.id, isActive: false })),
    ])
    expect([demoted, switchedOff].toSorted()).toEqual(['last_admin', 'no failure'])
    const [left, client] = demoted === 'last_admin' ? [one, first] : [two, second]
    const { trpc } = client
    const userId = left.id
    expect(await codeOf(trpc.people.setRole.mutate({ userId, role: 'supervisor' }))).toBe(
      'last_admin',
    )
    expect(await codeOf(trpc.people.setActive.mutate({ userId, isActive: false }))).toBe(
      'last_admin',
    )
    expect(await codeOf(trpc.people.setRole.mutate({ userId, role: 'admin' }))).toBe('no failure')
    await server.database.pool.query('UPDATE users SET is_active = TRUE WHERE id = ANY($1)', [
      others.rows.map(({ id }) => id),
    ])
    first.close()
    second.close()
  })
})

describe('refresh tokens', () => {
  const refresh = (refreshToken: string) => anonymous().session.refresh.mutate({ refreshToken })

  test('come with how long the access token is good, which needs no clock of the device’s', async () => {
    const client = await server.signIn(await agent())
    expect(await refresh(client.refreshToken)).toMatchObject({ accessExpiresInSeconds: 600 })
    client.close()
  })

  test('rotate; the old one is good again only until its successor is used', async () => {
    const client = await server.signIn(await agent())
    const second = await refresh(client.refreshToken)
    // The answer was lost: asked again.
    const third = await refresh(client.refreshToken)
    expect(third.refreshToken).not.toBe(second.refreshToken)
    const fourth = await refresh(third.refreshToken)
    expect(await codeOf(refresh(fourth.refreshToken))).toBe('no failure')
    client.close()
  })

  test('presented after its successor was used ends the session', async () => {
    const client = await server.signIn(await agent())
    const second = await refresh(client.refreshToken)
    const third = await refresh(second.refreshToken)
    expect(await codeOf(refresh(client.refreshToken))).toBe('session_ended')
    expect(await codeOf(refresh(third.refreshToken))).toBe('session_ended')
    expect(await codeOf(client.trpc.session.me.query())).toBe('session_ended')
    client.close()
  })

  test('replaced by a second answer is reuse when it appears', async () => {
    const client = await server.signIn(await agent())
    const lost = await refresh(client.refreshToken)
    await refresh(client.refreshToken)
    expect(await codeOf(refresh(lost.refreshToken))).toBe('session_ended')
    client.close()
  })

  test('of a minute ago is too old, even if its successor was never used', async () => {
    const client = await server.signIn(await agent())
    await refresh(client.refreshToken)
    await server.database.pool.query(
      `UPDATE refresh_tokens SET rotated_at = NOW() - INTERVAL '61 seconds' WHERE session_id = $1 AND rotated_at IS NOT NULL`,
      [client.sessionId],
    )
    expect(await codeOf(refresh(client.refreshToken))).toBe('session_ended')
    client.close()
  })

  test('that are made up are refused', async () => {
    expect(await codeOf(refresh('made-up'))).toBe('session_ended')
  })
})

describe('open connections', () => {
  test('close at once when the session is signed out', async () => {
    const client = await server.signIn(await agent())
    const { live, ended } = await follow(client)
    await live
    await client.trpc.session.signOut.mutate()
    expect(await ended).toBe('session_ended')
    expect(await codeOf(client.trpc.session.me.query())).toBe('session_ended')
    client.close()
  })

  test('close at once when an administrator revokes, on another server process, too', async () => {
    const other = await server.startAnother()
    const person = await agent()
    const here = await server.signIn(person)
    const there = await signIn(other.url, person)
    const feeds = [await follow(here), await follow(there)]
    await Promise.all(feeds.map(({ live }) => live))
    const askedMs = performance.now()
    await admin.trpc.people.revokeSessions.mutate({ userId: person.id })
    const revokedMs = performance.now()
    expect(await Promise.all(feeds.map(({ ended }) => ended))).toEqual([
      'session_ended',
      'session_ended',
    ])
    // By the sweep it would be up to five seconds later.
    expect(performance.now() - revokedMs).toBeLessThan(1_000 + 10 * (revokedMs - askedMs))
    here.close()
    there.close()
    await other.stop()
  })

  test('lose at once what a change of role takes away', async () => {
    const person = await server.addPerson({ role: 'supervisor', teamIds: [] })
    const client = await server.signIn(person)
    const { cursor } = await client.trpc.sync.bootstrap.query({ page: null })
    const roles: string[] = []
    client.trpc.sync.feed.subscribe(
      { cursor: cursor as string },
      {
        onData: ({ data }) => {
          if (data.type !== 'batch') return
          for (const item of data.batch.items) if (item.op === 'access') roles.push(item.role)
        },
      },
    )
    await eventually(() => expect(roles).toEqual(['supervisor']))
    await admin.trpc.people.setRole.mutate({ userId: person.id, role: 'agent' })
    await eventually(() => expect(roles).toEqual(['supervisor', 'agent']))
    const { id } = await conversationOf(
      server,
      await write(server, newCustomer(), 'quiero comprar'),
    )
    expect(
      await codeOf(
        client.trpc.conversations.history.query({ conversationId: id, beforeSeq: null }),
      ),
    ).toBe('not_found')
    client.close()
  })

  test('with an altered or foreign token are nobody', async () => {
    const client = await server.signIn(await agent())
    const altered = connect(server.url, `${client.accessToken.slice(0, -2)}xx`, '')
    expect(await codeOf(altered.trpc.session.me.query())).toBe('unauthenticated')
    altered.close()
    client.close()
  })
})
