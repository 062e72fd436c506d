import { OLDEST_SERVED_PROTOCOL_VERSION, PROTOCOL_VERSION, TAG_COLORS } from '@parley/contracts'
import {
  DEFAULT_ALERT_PREFERENCES,
  DEFAULT_ROUTING_SETTINGS,
  PERMISSIONS,
  ROLES,
  mayEver,
  type Permission,
  type Role,
} from '@parley/domain'
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
import { appRouter, type AppRouter } from '../../trpc/router.ts'

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
    await admin.trpc.people.revokeSessions.mutate({ userId: person.id })
    expect(await Promise.all(feeds.map(({ ended }) => ended))).toEqual([
      'session_ended',
      'session_ended',
    ])
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

describe('every procedure', () => {
  type Inputs = Record<
    string,
    (ids: { conversationId: string; messageId: string; userId: string; teamId: string }) => unknown
  >

  const SLA_SETTINGS = {
    policies: { urgent: null, high: null, normal: null, low: null },
    warningPercent: 80,
    pausesOnCustomer: true,
    warnLeads: 'unattended',
  }
  const ALWAYS_OPEN = { timeZone: 'UTC', windows: [], holidays: [] }

  /** An input that is well formed, aimed at somebody else's things. */
  const INPUTS: Inputs = {
    'session.signOut': () => undefined,
    'session.me': () => undefined,
    'session.list': () => undefined,
    'session.revoke': () => ({ sessionId: newId() }),
    'people.revokeSessions': ({ userId }) => ({ userId }),
    'people.setRole': ({ userId }) => ({ userId, role: 'agent' }),
    'people.setTeams': ({ userId }) => ({ userId, teamIds: [] }),
    'people.setActive': ({ userId }) => ({ userId, isActive: true }),
    'sync.conversations': ({ conversationId }) => ({ ids: [conversationId], threads: true }),
    'lists.page': ({ teamId }) => ({ view: { kind: 'team', teamId }, limit: 10 }),
    'lists.ofCustomer': ({ userId }) => ({ customerId: userId, besides: userId }),
    'lists.counts': () => undefined,
    'search.query': () => ({ text: 'error', limit: 10 }),
    'accounts.presence': ({ userId }) => ({ userIds: [userId] }),
    'people.skills': () => undefined,
    'people.setSkills': ({ userId }) => ({ userId, skills: { english: 3 } }),
    'presence.set': () => ({ status: 'busy', reason: null }),
    'presence.report': () => ({ state: 'active' }),
    'presence.setFinishing': () => ({ isFinishing: false }),
    'presence.endShift': () => undefined,
    'presence.setOf': ({ userId }) => ({
      userId,
      status: 'online',
      reason: null,
      isFinishing: false,
    }),
    'presence.setCapacity': ({ userId }) => ({ userId, capacity: 5 }),
    'presence.history': ({ userId }) => ({
      userId,
      from: '2026-01-01T00:00:00Z',
      to: '2026-02-01T00:00:00Z',
    }),
    'offers.accept': () => ({ intentId: newId(), offerId: newId() }),
    'offers.refuse': () => ({ intentId: newId(), offerId: newId() }),
    'routing.settings': ({ teamId }) => ({ teamId }),
    'routing.saveSettings': ({ teamId }) => ({
      teamId,
      settings: DEFAULT_ROUTING_SETTINGS,
      basedOn: 999,
    }),
    'routing.queue': ({ teamId }) => ({ teamId }),
    'routing.replay': ({ teamId }) => ({
      teamId,
      from: '2026-01-01T00:00:00Z',
      to: '2026-01-02T00:00:00Z',
      settings: DEFAULT_ROUTING_SETTINGS,
      capacity: null,
    }),
    'sla.settings': ({ teamId }) => ({ teamId }),
    'sla.previewSettings': ({ teamId }) => ({ teamId, settings: SLA_SETTINGS }),
    'sla.saveSettings': ({ teamId }) => ({ teamId, settings: SLA_SETTINGS, basedOn: 999 }),
    'businessHours.get': ({ teamId }) => ({ teamId }),
    'businessHours.preview': ({ teamId }) => ({ teamId, settings: ALWAYS_OPEN }),
    'businessHours.save': ({ teamId }) => ({ teamId, settings: ALWAYS_OPEN, basedOn: 999 }),
    'sync.bootstrap': () => ({ page: null }),
    'sync.feed': () => ({ cursor: '00000000-0000-0000-0000-000000000000:1:1' }),
    'conversations.claim': ({ conversationId }) => ({ intentId: newId(), conversationId }),
    'conversations.claimNext': ({ teamId }) => ({ intentId: newId(), teamId }),
    'conversations.assign': ({ conversationId, userId }) => ({
      intentId: newId(),
      conversationId,
      userId,
    }),
    'conversations.transfer': ({ conversationId, userId }) => ({
      intentId: newId(),
      conversationId,
      to: { kind: 'person', userId },
    }),
    'conversations.release': ({ conversationId }) => ({ intentId: newId(), conversationId }),
    'conversations.takeOver': ({ conversationId }) => ({ intentId: newId(), conversationId }),
    'conversations.close': ({ conversationId }) => ({
      intentId: newId(),
      conversationId,
      reason: 'other',
    }),
    'conversations.setPriority': ({ conversationId }) => ({
      intentId: newId(),
      conversationId,
      priority: 'urgent',
    }),
    'conversations.undo': ({ conversationId }) => ({
      intentId: newId(),
      conversationId,
      of: newId(),
    }),
    'conversations.reopen': ({ conversationId }) => ({ intentId: newId(), conversationId }),
    'conversations.history': ({ conversationId }) => ({ conversationId, beforeSeq: null }),
    'messages.send': ({ conversationId }) => ({
      id: newId(),
      conversationId,
      text: 'x',
      lastSeenSeq: null,
    }),
    'messages.settle': ({ messageId }) => ({ intentId: newId(), messageId, as: 'discarded' }),
    'messages.retry': ({ messageId }) => ({ intentId: newId(), messageId }),
    'triage.getRules': () => ({ version: null }),
    'triage.ruleVersions': () => ({ before: null }),
    'triage.saveRules': () => ({ basedOn: 0, note: '', content: { kind: 'rules', rules: [] } }),
    'triage.saveSettings': ({ teamId }) => ({
      basedOn: 999,
      settings: { steps: ['built_in'], fallbackTeamId: teamId, overallLimitMs: 2000 },
    }),
    'triage.dryRun': () => ({ rules: [], days: 1 }),
    'triage.getModel': () => undefined,
    'triage.saveModel': () => ({
      settings: {
        isActive: false,
        provider: 'openai',
        baseUrl: 'https://model.invalid',
        model: 'm',
        responseFormat: 'json_schema',
        temperature: null,
        timeLimitMs: 100,
        inputPrice: 0,
        outputPrice: 0,
        teamIds: null,
        priorities: ['normal'],
        skills: [],
        allowPrivateAddress: false,
      },
      apiKey: 'a-key',
    }),
    'triage.testModel': () => ({ text: 'hola' }),
    'alerts.acknowledge': () => ({ intentId: newId(), alertId: newId() }),
    'alerts.savePreferences': () => ({ preferences: DEFAULT_ALERT_PREFERENCES }),
    'problems.acknowledge': () => ({ problemId: newId() }),
    'tags.create': ({ teamId }) => ({ id: newId(), name: newId(), color: TAG_COLORS[0], teamId }),
    'tags.save': ({ teamId }) => ({
      id: newId(),
      name: newId(),
      color: TAG_COLORS[0],
      teamId,
      basedOn: 1,
    }),
    'tags.remove': () => ({ id: newId() }),
    'tags.setRule': ({ teamId }) => ({ teamId, requiredOnClose: true }),
    'tags.add': ({ conversationId }) => ({ intentId: newId(), conversationId, tagId: newId() }),
    'tags.drop': ({ conversationId }) => ({
      intentId: newId(),
      conversationId,
      tagId: newId(),
      seen: null,
    }),
    'reads.mark': ({ conversationId }) => ({ marks: [{ conversationId, turn: 0, seq: 1 }] }),
    'reports.violations': ({ teamId }) => ({
      teamId,
      userId: null,
      type: null,
      from: '2026-01-01T00:00:00Z',
      to: '2027-01-01T00:00:00Z',
      page: null,
    }),
    'reports.hourFigures': () => undefined,
  }

  interface Procedure {
    path: string
    type: string
    permission: Permission | 'public'
  }

  function procedures(): Procedure[] {
    return Object.entries(appRouter._def.procedures).map(([path, procedure]) => {
      const { type, meta } = (
        procedure as unknown as {
          _def: { type: string; meta?: { permission: Permission | 'public' } }
        }
      )._def
      if (meta === undefined) throw new Error(`${path} declares no permission`)
      return { path, type, permission: meta.permission }
    })
  }

  const own = (): Procedure[] => procedures().filter(({ permission }) => permission !== 'public')

  function call(client: TestClient, { path, type }: Procedure, input: unknown): Promise<unknown> {
    const [router, name] = path.split('.') as [string, string]
    const target = (
      client.trpc as never as Record<
        string,
        Record<string, Record<string, (input: unknown, handlers?: object) => unknown>>
      >
    )[router]?.[name]
    if (target === undefined) throw new Error(`no procedure ${path}`)
    if (type === 'subscription') {
      return new Promise((resolve, reject) => {
        target['subscribe']?.(input, {
          onData: resolve,
          onError: reject,
          onComplete: () => resolve(null),
        })
      })
    }
    return target[type === 'query' ? 'query' : 'mutate']?.(input) as Promise<unknown>
  }

  test('declares a permission, and the public ones are these', () => {
    for (const { permission } of own()) expect(PERMISSIONS).toContain(permission)
    const open = procedures().filter(({ permission }) => permission === 'public')
    expect(open.map(({ path }) => path)).toEqual(['session.signIn', 'session.refresh'])
  })

  test('has an input here, so that none is forgotten', () => {
    expect(Object.keys(INPUTS).toSorted()).toEqual(
      own()
        .map(({ path }) => path)
        .toSorted(),
    )
  })

  async function somebodyElses(): Promise<Parameters<Inputs[string]>[0]> {
    const owner = await server.addPerson({ role: 'agent', teamIds: [server.teams.support] })
    const client = await server.signIn(owner)
    const { id } = await conversationOf(
      server,
      await write(server, newCustomer(), 'tengo un error'),
    )
    await client.trpc.conversations.claim.mutate({ intentId: newId(), conversationId: id })
    const messageId = newId()
    await client.trpc.messages.send.mutate({
      id: messageId,
      conversationId: id,
      text: 'hola',
      lastSeenSeq: null,
    })
    client.close()
    return { conversationId: id, messageId, userId: owner.id, teamId: server.teams.support }
  }

  test('is closed without a session', async () => {
    const nobody = connect(server.url, 'nothing', '')
    const ids = await somebodyElses()
    for (const procedure of own()) {
      const input = INPUTS[procedure.path]?.(ids)
      expect([procedure.path, await codeOf(call(nobody, procedure, input))]).toEqual([
        procedure.path,
        'unauthenticated',
      ])
    }
    nobody.close()
  })

  test.each([...ROLES])(
    'refuses a %s of another team whatever is not theirs, and changes nothing',
    async (role: Role) => {
      const ids = await somebodyElses()
      const snapshot = async () => {
        const { rows } = await server.database.pool.query(
          `SELECT c.version, c.status, c.assigned_to, u.role, u.is_active,
           (SELECT COUNT(*)::int FROM messages WHERE conversation_id = c.id) AS messages
         FROM conversations c, users u WHERE c.id = $1 AND u.id = $2`,
          [ids.conversationId, ids.userId],
        )
        return rows[0]
      }
      await eventually(async () => {
        const { rows } = await server.database.pool.query(
          'SELECT status FROM messages WHERE id = $1',
          [ids.messageId],
        )
        expect(rows[0].status).toBe('read')
      })
      const reachesAll = role === 'supervisor' || role === 'admin'
      for (const procedure of own()) {
        const permission = procedure.permission as Permission
        const person = await server.addPerson({ role, teamIds: [server.teams.sales] })
        const client = await server.signIn(person)
        const before = await snapshot()
        const code = await codeOf(call(client, procedure, INPUTS[procedure.path]?.(ids)))
        client.close()
        const about = [role, procedure.path]
        if (!mayEver(role, permission)) expect([...about, code]).toEqual([...about, 'forbidden'])
        const isAboutTheConversation =
          procedure.path.startsWith('conversations.') &&
          procedure.path !== 'conversations.claimNext'
        if (
          !reachesAll &&
          mayEver(role, permission) &&
          (isAboutTheConversation || procedure.path.startsWith('messages.'))
        ) {
          expect([...about, code]).toEqual([...about, 'not_found'])
        }
        if (code !== 'no failure') expect([...about, await snapshot()]).toEqual([...about, before])
        if (!reachesAll && (await snapshot()).version !== before.version)
          expect.fail(`${role} changed it by ${procedure.path}`)
      }
    },
    120_000,
  )

  test('keeps the queue of another team closed', async () => {
    const { id } = await conversationOf(
      server,
      await write(server, newCustomer(), 'tengo un error'),
    )
    const client = await server.signIn(await agent())
    const attempt = client.trpc.conversations.claimNext.mutate({
      intentId: newId(),
      teamId: server.teams.support,
    })
    expect(await codeOf(attempt)).toBe('forbidden')
    const { rows } = await server.database.pool.query(
      'SELECT status FROM conversations WHERE id = $1',
      [id],
    )
    expect(rows[0].status).toBe('queued')
    client.close()
  })
})
