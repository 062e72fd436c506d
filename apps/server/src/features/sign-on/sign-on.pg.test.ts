import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { type ServerResponse } from 'node:http'

import { PROTOCOL_VERSION, type ProviderSettings } from '@parley/contracts'
import { createTRPCClient, httpLink } from '@trpc/client'
import { type JWTPayload } from 'jose'
import { Secret, TOTP } from 'otpauth'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { codeOf } from '../../testing/conversations.ts'
import {
  FORGED,
  startIdentityProvider,
  type Lies,
  type TestProvider,
} from '../../testing/identity-provider.ts'
import {
  PASSWORD,
  connect,
  newId,
  startTestServer,
  type TestClient,
  type TestPerson,
  type TestServer,
} from '../../testing/test-server.ts'
import { type AppRouter } from '../../trpc/router.ts'

let server: TestServer
let provider: TestProvider
let admin: TestClient
let adminPerson: TestPerson

beforeAll(async () => {
  server = await startTestServer()
  provider = await startIdentityProvider()
  adminPerson = await server.addPerson({ role: 'admin', teamIds: [] })
  admin = await server.signIn(adminPerson)
})
afterAll(async () => {
  admin.close()
  await provider.stop()
  await server.stop()
})
afterEach(() => provider.behave())

const anonymous = (url = server.url) =>
  createTRPCClient<AppRouter>({ links: [httpLink({ url: `${url}/trpc` })] })

const settings = (changes: Partial<ProviderSettings> = {}): ProviderSettings => ({
  name: 'Acme',
  issuer: provider.issuer,
  clientId: provider.clientId,
  domains: ['parley.example'],
  isActive: true,
  isForced: false,
  trustsEmail: false,
  createsPeople: false,
  defaultRole: 'agent',
  groupsClaim: null,
  ...changes,
})

const providerId = newId()

/** As administrators set it up; the version is looked up, since tests change it in turn. */
async function setUp(changes: Partial<ProviderSettings> = {}): Promise<void> {
  const { providers } = await admin.trpc.signOn.providers.query()
  const known = providers.find(({ id }) => id === providerId)
  await admin.trpc.signOn.save.mutate({
    id: providerId,
    basedOn: known?.version ?? null,
    settings: settings(changes),
    clientSecret: provider.clientSecret,
  })
}

interface Waiting {
  verifier: string
  port: number
}
const waiting = (): Waiting => ({ verifier: randomBytes(32).toString('base64url'), port: 45_123 })
const challengeOf = ({ verifier }: Waiting): string =>
  createHash('sha256').update(verifier).digest('base64url')

/** A browser: follows one step, and keeps one cookie. */
class Browser {
  cookie = ''

  async get(url: string | URL): Promise<{ location: URL | null; status: number; text: string }> {
    const response = await fetch(url, { redirect: 'manual', headers: { cookie: this.cookie } })
    const set = response.headers.get('set-cookie')
    if (set !== null) this.cookie = set.split(';')[0] ?? ''
    const location = response.headers.get('location')
    return {
      location: location === null ? null : new URL(location),
      status: response.status,
      text: await response.text(),
    }
  }

  async leave({ port, ...own }: Waiting, id = providerId): Promise<URL> {
    const url = new URL('/sso/start', server.url)
    url.search = new URLSearchParams({
      provider: id,
      challenge: challengeOf({ port, ...own }),
      port: String(port),
    }).toString()
    const { location, text } = await this.get(url)
    if (location === null) throw new Error(text)
    return location
  }

  /** @returns where the provider sends it back to */
  async passProvider(waits: Waiting): Promise<URL> {
    const { location } = await this.get(await this.leave(waits))
    return location as URL
  }

  /** All of it. */
  async signOn(waits: Waiting): Promise<{ ticket: string; problem: string | null; back: URL }> {
    const { location } = await this.get(await this.passProvider(waits))
    const back = location ?? new URL('http://none.invalid')
    return {
      ticket: back.searchParams.get('ticket') ?? '',
      problem: back.searchParams.get('problem'),
      back,
    }
  }
}

const useTicket = (ticket: string, { verifier }: Pick<Waiting, 'verifier'>) =>
  anonymous().signOn.useTicket.mutate({
    ticket,
    verifier,
    device: { id: newId(), name: 'test', platform: 'linux' },
    protocolVersion: PROTOCOL_VERSION,
  })

async function arrive(): Promise<TestClient & { userId: string }> {
  const waits = waiting()
  const { ticket, problem } = await new Browser().signOn(waits)
  expect(problem).toBeNull()
  const answer = await useTicket(ticket, waits)
  const { tokens, sessionId, person } = answer
  return {
    ...connect(server.url, tokens.accessToken, sessionId, tokens.refreshToken),
    userId: person.id,
  }
}

async function countSessions(): Promise<number> {
  const { rows } = await server.database.pool.query<{ count: number }>(
    'SELECT COUNT(*)::int AS count FROM sessions WHERE provider_id IS NOT NULL',
  )
  return rows[0]?.count ?? 0
}

const actionsAbout = async (targetId: string): Promise<string[]> => {
  const { rows } = await server.database.pool.query<{ action: string }>(
    'SELECT action FROM audit_log WHERE target_id = $1 ORDER BY seq',
    [targetId],
  )
  return rows.map(({ action }) => action)
}

/** Whom the provider knows as this person. */
function signedInThere(person: { email: string }, sub: string = randomUUID()): string {
  provider.person = {
    sub,
    email: person.email,
    email_verified: true,
    name: 'Ana Ruiz',
    sid: `session of ${sub}`,
  }
  return sub
}

const agent = (): Promise<TestPerson> =>
  server.addPerson({ role: 'agent', teamIds: [server.teams.sales] })

const leavingOut =
  (...names: string[]) =>
  (claims: JWTPayload): JWTPayload =>
    Object.fromEntries(Object.entries(claims).filter(([name]) => !names.includes(name)))

describe('who comes by single sign-on', () => {
  beforeEach(() => setUp())

  test('is let in as the person whose address the provider vouches for, and by the subject from then on', async () => {
    const person = await agent()
    const sub = signedInThere(person)
    const first = await arrive()
    expect(first.userId).toBe(person.id)
    expect((await first.trpc.session.me.query()).id).toBe(person.id)
    first.close()
    // The address has changed hands meanwhile: the subject is still the same person's.
    provider.person = { ...provider.person, sub, email: adminPerson.email }
    const second = await arrive()
    expect(second.userId).toBe(person.id)
    second.close()
    expect(await actionsAbout(person.id)).toEqual(['person.linked'])
  })

  test('gets nothing of the provider but a ticket on the way, and leaves no secret behind', async () => {
    signedInThere(await agent())
    const waits = waiting()
    const { back } = await new Browser().signOn(waits)
    expect([...back.searchParams.keys()]).toEqual(['for', 'ticket'])
    expect(back.host).toBe(`127.0.0.1:${waits.port}`)
    const { rows } = await server.database.pool.query<{ row: string }>(
      'SELECT t::text AS row FROM sign_on_tickets t',
    )
    const ticket = back.searchParams.get('ticket') as string
    expect(rows.some(({ row }) => row.includes(ticket))).toBe(false)
  })

  test('is created where the provider may create people, once of two browsers at the same time', async () => {
    await setUp({ createsPeople: true, defaultRole: 'team_lead' })
    const email = `${randomUUID()}@parley.example`
    signedInThere({ email })
    const both = await Promise.all([arrive(), arrive()])
    expect(new Set(both.map(({ userId }) => userId)).size).toBe(1)
    const [userId = ''] = both.map((one) => one.userId)
    const { people } = await admin.trpc.people.find.query({
      text: email,
      roles: [],
      teamId: null,
      states: [],
      page: null,
      limit: 5,
    })
    expect(people).toMatchObject([
      { id: userId, fullName: 'Ana Ruiz', role: 'team_lead', state: 'active' },
    ])
    expect(await actionsAbout(userId)).toEqual(['person.created_by_sign_on', 'person.linked'])
    for (const one of both) one.close()
  })

  test('may what the groups say, at the next sign-in again', async () => {
    await setUp({ createsPeople: true, groupsClaim: 'groups' })
    const { version } = await admin.trpc.groups.mappings.query()
    await admin.trpc.groups.saveMappings.mutate({
      basedOn: version,
      mappings: [
        { name: 'Leads', role: 'team_lead', teamId: null },
        { name: 'Sales', role: null, teamId: server.teams.sales },
      ],
    })
    signedInThere({ email: `${randomUUID()}@parley.example` })
    provider.person['groups'] = ['leads', 'Sales', 'Chess']
    const lead = await arrive()
    expect(await lead.trpc.session.me.query()).toMatchObject({
      role: 'team_lead',
      teamIds: [server.teams.sales],
    })
    provider.person['groups'] = []
    const plain = await arrive()
    expect(await plain.trpc.session.me.query()).toMatchObject({ role: 'agent', teamIds: [] })
    lead.close()
    plain.close()
  })

  test('is let in after the provider has changed its keys', async () => {
    signedInThere(await agent())
    ;(await arrive()).close()
    await provider.rotateKeys()
    // Keys are not asked for again within a minute of the last time, but by who begins anew after that failed.
    expect((await new Browser().signOn(waiting())).problem).toBe('not_valid')
    ;(await arrive()).close()
  })

  test('is found by what the provider says on being asked, where its token does not say it', async () => {
    const person = await agent()
    signedInThere(person)
    provider.lies = { claims: leavingOut('email', 'email_verified') }
    const client = await arrive()
    expect(client.userId).toBe(person.id)
    client.close()
  })
})

describe('nobody is let in', () => {
  beforeEach(() => setUp())

  const shift = (seconds: number): Lies => ({
    claims: (claims) => ({
      ...claims,
      iat: (claims.iat ?? 0) + seconds,
      exp: (claims.exp ?? 0) + seconds,
    }),
  })
  const says = (changes: Record<string, unknown>): Lies => ({
    claims: (claims) => ({ ...claims, ...changes }),
  })
  const without = (...names: string[]): Lies => ({ claims: leavingOut(...names) })
  const backWith = (change: (query: URLSearchParams) => void): Lies => ({
    comeBack: ({ searchParams }) => change(searchParams),
  })

  const LIES: [string, string, () => Lies][] = [
    ['another nonce', 'not_valid', () => says({ nonce: 'another' })],
    ['no nonce', 'not_valid', () => without('nonce')],
    ['another audience', 'not_valid', () => says({ aud: 'somebody-else' })],
    [
      'several audiences, issued to another one',
      'not_valid',
      () => says({ aud: [provider.clientId, 'another'], azp: 'another' }),
    ],
    ['another issuer', 'not_valid', () => says({ iss: 'https://login.example' })],
    ['no signature', 'not_valid', () => ({ sign: FORGED.unsigned })],
    ['a key that is not the provider’s', 'not_valid', () => ({ sign: FORGED.byAnotherKey })],
    [
      'our shared secret as the key',
      'not_valid',
      () => ({ sign: FORGED.bySecret(provider.clientSecret) }),
    ],
    [
      'a token that was altered after it was signed',
      'not_valid',
      () => ({
        sign: async (claims, own) => {
          const [, , signature] = (await provider.logoutToken({}, {})).split('.')
          const body = Buffer.from(JSON.stringify(claims)).toString('base64url')
          const header = Buffer.from(JSON.stringify({ alg: 'RS256' })).toString('base64url')
          expect(own).toBeDefined()
          return `${header}.${body}.${signature}`
        },
      }),
    ],
    ['a clock ten minutes behind', 'not_valid', () => shift(-600)],
    [
      'a clock ten minutes ahead',
      'not_valid',
      () => ({
        claims: (claims) => ({
          ...claims,
          nbf: (claims.iat ?? 0) + 600,
          iat: (claims.iat ?? 0) + 600,
        }),
      }),
    ],
    ['a token without an end', 'not_valid', () => without('exp')],
    ['a token without a subject', 'not_valid', () => without('sub')],
    ['an empty subject', 'not_valid', () => says({ sub: '' })],
    ['a subject without an end', 'not_valid', () => says({ sub: 'x'.repeat(4_000) })],
    ['an address that is not verified', 'email_unverified', () => says({ email_verified: false })],
    ['an address that is none', 'email_unverified', () => says({ email: 'nobody' })],
    [
      'an address of another company',
      'other_domain',
      () => says({ email: 'ana@elsewhere.example' }),
    ],
    [
      'an address of a domain below ours',
      'other_domain',
      () => says({ email: 'ana@parley.example.elsewhere.example' }),
    ],
    [
      'an address that nobody has here',
      'unknown_person',
      () => says({ email: `${randomUUID()}@parley.example` }),
    ],
    ['another state', 'over', () => backWith((query) => query.set('state', 'another'))],
    ['no state', 'over', () => backWith((query) => query.delete('state'))],
    ['two states', 'not_valid', () => backWith((query) => query.append('state', 'b'))],
    [
      'another provider’s answer (mix-up)',
      'not_valid',
      () => backWith((query) => query.set('iss', 'https://login.example')),
    ],
    ['no word of who answers', 'not_valid', () => backWith((query) => query.delete('iss'))],
    ['another code', 'not_valid', () => backWith((query) => query.set('code', 'another'))],
    [
      'a person who said no',
      'refused',
      () =>
        backWith((query) => {
          query.delete('code')
          query.set('error', 'access_denied')
        }),
    ],
    [
      'a provider that breaks',
      'not_valid',
      () => ({ token: (response) => void response.writeHead(500).end('<h1>broken</h1>') }),
    ],
    [
      'a provider that hangs up',
      'provider_unavailable',
      () => ({ token: (response) => void response.destroy() }),
    ],
    [
      'an answer without an end',
      'not_valid',
      () => ({
        token: (response) => {
          response.writeHead(200, { 'content-type': 'application/json' })
          response.end(`{"id_token":"${'x'.repeat(3_000_000)}"}`)
        },
      }),
    ],
    [
      'an answer that leads elsewhere',
      'not_valid',
      () => ({
        token: (response) => void response.writeHead(307, { location: provider.issuer }).end(),
      }),
    ],
    [
      'an answer without an ID token',
      'not_valid',
      () => ({
        token: (response) => {
          response.writeHead(200, { 'content-type': 'application/json' })
          response.end('{"access_token":"a","token_type":"Bearer"}')
        },
      }),
    ],
    [
      'another subject on being asked',
      'not_valid',
      () => ({
        claims: leavingOut('email'),
        userInfo: (claims) => ({ ...claims, sub: 'another' }),
      }),
    ],
  ]
  test.each(LIES)('by %s', async (_name, problem, lies) => {
    signedInThere(await agent())
    const before = await countSessions()
    provider.lies = lies()
    const result = await new Browser().signOn(waiting())
    expect(result.problem ?? (result.back.host === 'none.invalid' ? 'over' : null)).toBe(problem)
    expect(result.ticket).toBe('')
    expect(await countSessions()).toBe(before)
  })

  test('by groups that cannot be read, where they are looked at', async () => {
    await setUp({ groupsClaim: 'groups' })
    signedInThere(await agent())
    provider.lies = says({ groups: [{ id: 'an object' }] })
    expect((await new Browser().signOn(waiting())).problem).toBe('not_valid')
  })

  test('as somebody whom the provider knew by another subject: an address that was given to a successor', async () => {
    const person = await agent()
    signedInThere(person)
    const predecessor = await arrive()
    signedInThere(person, 'the successor')
    const result = await new Browser().signOn(waiting())
    expect(result).toMatchObject({ problem: 'linked_otherwise', ticket: '' })
    // Until an administrator says that it is the same person.
    await admin.trpc.signOn.unlink.mutate({ userId: person.id })
    expect(await codeOf(predecessor.trpc.session.me.query())).toBe('session_ended')
    predecessor.close()
    const client = await arrive()
    expect(client.userId).toBe(person.id)
    client.close()
  })

  test('who is switched off, before or after the ticket', async () => {
    const person = await agent()
    signedInThere(person)
    const waits = waiting()
    const { ticket } = await new Browser().signOn(waits)
    await admin.trpc.people.setActive.mutate({ userId: person.id, isActive: false })
    expect(await codeOf(useTicket(ticket, waits))).toBe('sign_on_failed')
    expect(await new Browser().signOn(waiting())).toMatchObject({ problem: 'inactive' })
  })

  test('by a browser that did not leave from here', async () => {
    signedInThere(await agent())
    const waits = waiting()
    const back = await new Browser().passProvider(waits)
    const { location, status, text } = await new Browser().get(back)
    expect({ location, status }).toEqual({ location: null, status: 400 })
    expect(text).toContain('No pudimos iniciar tu sesión')
  })

  test('by coming back a second time', async () => {
    signedInThere(await agent())
    const browser = new Browser()
    const back = await browser.passProvider(waiting())
    const kept = browser.cookie
    expect((await browser.get(back)).location?.searchParams.has('ticket')).toBe(true)
    browser.cookie = kept
    expect((await browser.get(back)).status).toBe(400)
  })

  test('by coming back too late', async () => {
    signedInThere(await agent())
    const browser = new Browser()
    const back = await browser.passProvider(waiting())
    await server.database.pool.query('UPDATE sign_on_attempts SET expires_at = NOW()')
    expect((await browser.get(back)).status).toBe(400)
  })

  test('by a ticket without its verifier, which is spent by trying', async () => {
    const person = await agent()
    signedInThere(person)
    const waits = waiting()
    const { ticket } = await new Browser().signOn(waits)
    expect(await codeOf(useTicket(ticket, waiting()))).toBe('sign_on_failed')
    expect(await codeOf(useTicket(ticket, waits))).toBe('sign_on_failed')
    expect(await actionsAbout(person.id)).toEqual(['person.linked', 'session.sign_on_failed'])
  })

  test('by a ticket that was used, by two at once, or that is too old', async () => {
    signedInThere(await agent())
    const waits = waiting()
    const { ticket } = await new Browser().signOn(waits)
    const results = await Promise.allSettled([useTicket(ticket, waits), useTicket(ticket, waits)])
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const late = await new Browser().signOn(waits)
    await server.database.pool.query('UPDATE sign_on_tickets SET expires_at = NOW()')
    expect(await codeOf(useTicket(late.ticket, waits))).toBe('sign_on_failed')
  })

  test.each([
    ['another machine', { port: '80' }],
    ['no challenge', { challenge: '' }],
    ['a challenge that is none', { challenge: 'x'.repeat(43) + '!' }],
    ['a provider that is none', { provider: randomUUID() }],
  ])('whose workstation names %s', async (_name, changes) => {
    const url = new URL('/sso/start', server.url)
    url.search = new URLSearchParams({
      provider: providerId,
      challenge: challengeOf(waiting()),
      port: '45123',
      ...changes,
    }).toString()
    const { location, status } = await new Browser().get(url)
    expect(location).toBeNull()
    expect(status).toBeGreaterThanOrEqual(400)
  })

  test('by a provider that is switched off meanwhile', async () => {
    signedInThere(await agent())
    const waits = waiting()
    const browser = new Browser()
    const back = await browser.passProvider(waits)
    const { ticket } = await new Browser().signOn(waits)
    await setUp({ isActive: false })
    expect((await browser.get(back)).location?.searchParams.get('problem')).toBe('over')
    expect(await codeOf(useTicket(ticket, waits))).toBe('sign_on_failed')
  })
})

describe('a provider that says somebody signed out there', () => {
  beforeEach(() => setUp())

  const tell = async (token: string): Promise<number> => {
    const response = await fetch(new URL('/sso/backchannel-logout', server.url), {
      method: 'POST',
      body: new URLSearchParams({ logout_token: token }),
    })
    return response.status
  }
  const lives = async ({ sessionId }: TestClient): Promise<boolean> => {
    const { rows } = await server.database.pool.query<{ end_reason: string | null }>(
      'SELECT end_reason FROM sessions WHERE id = $1',
      [sessionId],
    )
    expect([null, 'provider_ended']).toContain(rows[0]?.end_reason)
    return rows[0]?.end_reason === null
  }

  test('ends what hangs on that session of its own, within two seconds and on another process too', async () => {
    const another = await server.startAnother()
    const person = await agent()
    const sub = signedInThere(person)
    const client = await arrive()
    const far = connect(another.url, client.accessToken, client.sessionId)
    provider.person['sid'] = 'another session'
    const other = await arrive()
    const { cursor } = await far.trpc.sync.bootstrap.query({ page: null })
    const ended = new Promise<string>((resolve) => {
      far.trpc.sync.feed.subscribe(
        { cursor: cursor as string },
        { onError: (error) => resolve((error.data as { app: { code: string } }).app.code) },
      )
    })
    const startedMs = performance.now()
    expect(await tell(await provider.logoutToken({ sub, sid: `session of ${sub}` }))).toBe(200)
    expect(await ended).toBe('session_ended')
    expect(performance.now() - startedMs).toBeLessThan(2_000)
    expect(await lives(client)).toBe(false)
    expect(await lives(other)).toBe(true)
    for (const one of [client, far, other]) one.close()
    await another.stop()
  })

  test('ends all of a subject’s, once, and nobody else’s', async () => {
    const sub = signedInThere(await agent())
    const first = await arrive()
    const token = await provider.logoutToken({ sub })
    signedInThere(await agent())
    const stranger = await arrive()
    expect(await tell(token)).toBe(200)
    expect(await lives(first)).toBe(false)
    expect(await lives(stranger)).toBe(true)
    // Somebody who kept it cannot throw them out again.
    provider.person = { ...provider.person, sub, sid: 'later' }
    await server.database.pool.query(
      "UPDATE provider_logouts SET said_at = said_at - INTERVAL '1 minute'",
    )
    const again = await arrive()
    expect(await tell(token)).toBe(200)
    expect(await lives(again)).toBe(true)
    for (const one of [first, stranger, again]) one.close()
  })

  test('ends what is under way', async () => {
    const sub = signedInThere(await agent())
    const waits = waiting()
    const { ticket } = await new Browser().signOn(waits)
    expect(await tell(await provider.logoutToken({ sub }))).toBe(200)
    expect(await codeOf(useTicket(ticket, waits))).toBe('sign_on_failed')
  })

  const FALSE: [string, () => Promise<string>][] = [
    ['nothing', async () => ''],
    ['junk', async () => 'x.y.z'],
    ['for another client', () => provider.logoutToken({ aud: 'another' })],
    ['of an unknown provider', () => provider.logoutToken({ iss: 'https://login.example' })],
    ['by nobody', () => provider.logoutToken({}, { sign: FORGED.unsigned })],
    ['by another key', () => provider.logoutToken({}, { sign: FORGED.byAnotherKey })],
    [
      'by our shared secret',
      () => provider.logoutToken({}, { sign: FORGED.bySecret(provider.clientSecret) }),
    ],
    ['about nobody', () => provider.logoutToken({ sub: '' })],
    ['without an id', () => provider.logoutToken({ jti: '' })],
    ['with a nonce, as an ID token has', () => provider.logoutToken({ nonce: 'n' })],
    ['without the event', () => provider.logoutToken({ events: {} })],
    [
      'of yesterday',
      () =>
        provider.logoutToken({
          iat: Math.floor(Date.now() / 1000) - 86_400,
          exp: Math.floor(Date.now() / 1000) + 60,
        }),
    ],
    ['of tomorrow', () => provider.logoutToken({ iat: Math.floor(Date.now() / 1000) + 86_400 })],
  ]
  test.each(FALSE)('is not believed %s', async (_name, make) => {
    signedInThere(await agent())
    const client = await arrive()
    expect(await tell(await make())).toBe(400)
    expect(await lives(client)).toBe(true)
    client.close()
  })
})

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
})

describe('what an attacker tried', () => {
  beforeEach(() => setUp())

  test('a provider that becomes another one does not say who the people of the first one are', async () => {
    const person = await agent()
    const sub = signedInThere(person)
    const client = await arrive()
    const waits = waiting()
    const { ticket } = await new Browser().signOn(waits)
    const second = await startIdentityProvider()
    await setUp({ issuer: second.issuer })
    expect(await codeOf(client.trpc.session.me.query())).toBe('session_ended')
    expect(await codeOf(useTicket(ticket, waits))).toBe('sign_on_failed')
    second.person = { sub, email: (await agent()).email, email_verified: true }
    const { location } = await new Browser().get(await new Browser().passProvider(waits))
    expect(location).toBeNull()
    const other = await arrive()
    expect(other.userId).not.toBe(person.id)
    client.close()
    other.close()
    await setUp()
    await second.stop()
  })

  test('a provider that was changed while it was asked has said nothing', async () => {
    const person = await agent()
    signedInThere(person)
    const browser = new Browser()
    const back = await browser.passProvider(waiting())
    let changed: Promise<void> | undefined
    provider.lies = {
      claims: (claims) => {
        changed = setUp({ name: 'Another' })
        return claims
      },
      sign: async (claims) => {
        await changed
        return provider.logoutToken({ ...claims, events: undefined })
      },
    }
    expect((await browser.get(back)).location?.searchParams.get('problem')).toBe('over')
    expect(await actionsAbout(person.id)).toEqual([])
  })

  test('a subject that two browsers bring at once is one person, by whatever address', async () => {
    const [person, other] = [await agent(), await agent()]
    const sub = signedInThere(other)
    const browser = new Browser()
    const back = await browser.passProvider(waiting())
    const blocker = await server.database.pool.connect()
    await blocker.query('BEGIN')
    await blocker.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 29))', [other.email])
    const second = browser.get(back)
    for (;;) {
      const { rowCount } = await server.database.pool.query(
        "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted",
      )
      if (rowCount === 1) break
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    signedInThere(person, sub)
    const client = await arrive()
    expect(client.userId).toBe(person.id)
    await blocker.query('COMMIT')
    blocker.release()
    expect((await second).location?.searchParams.get('problem')).toBe('linked_otherwise')
    client.close()
  })

  test('a provider that is removed while somebody’s rights are looked at lets nobody in', async () => {
    const id = newId()
    const second = await startIdentityProvider()
    await admin.trpc.signOn.save.mutate({
      id,
      basedOn: null,
      settings: settings({
        issuer: second.issuer,
        domains: ['second.example'],
        createsPeople: true,
        groupsClaim: 'groups',
      }),
      clientSecret: second.clientSecret,
    })
    const email = `${randomUUID()}@second.example`
    second.person = { sub: randomUUID(), email, email_verified: true, groups: [] }
    const browser = new Browser()
    const { location } = await browser.get(await browser.leave(waiting(), id))
    const blocker = await server.database.pool.connect()
    await blocker.query('BEGIN')
    await blocker.query('SELECT 1 FROM group_mapping_list FOR UPDATE')
    const coming = browser.get(location as URL)
    for (;;) {
      const { rowCount } = await server.database.pool.query(
        'SELECT 1 FROM users WHERE email = $1',
        [email],
      )
      if (rowCount === 1) break
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    await admin.trpc.signOn.remove.mutate({ id })
    await blocker.query('COMMIT')
    blocker.release()
    expect((await coming).location?.searchParams.get('problem')).toBe('over')
    await second.stop()
  })

  test.each([
    ['a subject', { sub: 'a\u0000b' }],
    ['a session', { sid: 'a\u0000b' }],
    ['a time', { iat: 1e300 }],
  ])(
    '%s that no database holds is not valid, and whoever waits is told',
    async (_name, changes) => {
      signedInThere(await agent())
      provider.lies = { claims: (claims) => ({ ...claims, ...changes }) }
      expect(await new Browser().signOn(waiting())).toMatchObject({ problem: 'not_valid' })
    },
  )

  const tell = (token: string): Promise<Response> =>
    fetch(new URL('/sso/backchannel-logout', server.url), {
      method: 'POST',
      body: new URLSearchParams({ logout_token: token }),
    })

  test.each(['sub', 'sid', 'jti'])(
    'a logout with a %s that no database holds is none',
    async (name) => {
      expect((await tell(await provider.logoutToken({ [name]: 'a\u0000b' }))).status).toBe(400)
    },
  )

  test.each([
    ['itself', { issuer: 'https://login.example' }],
    ['its keys', { jwks_uri: 'http://127.0.0.1:9/jwks' }],
    ['its keys, which are none', { jwks_uri: 'http://127.0.0.1:1/nothing' }],
  ])(
    'a logout is asked for again while the provider does not answer for %s',
    async (_name, changes) => {
      const sub = signedInThere(await agent())
      const client = await arrive()
      const token = await provider.logoutToken({ sub })
      provider.lies = { metadata: (own) => ({ ...own, ...changes }) }
      await setUp()
      expect((await tell(token)).status).toBe(503)
      provider.behave()
      await setUp()
      expect((await tell(token)).status).toBe(200)
      expect(await codeOf(client.trpc.session.me.query())).toBe('session_ended')
      client.close()
    },
  )

  test('a provider that is switched off still says who signed out', async () => {
    const sub = signedInThere(await agent())
    const client = await arrive()
    await setUp({ isActive: false })
    expect((await tell(await provider.logoutToken({ sub }))).status).toBe(200)
    expect(await codeOf(client.trpc.session.me.query())).toBe('session_ended')
    client.close()
  })

  test.each([
    ['no place to sign in', { authorization_endpoint: undefined }],
    ['no keys', { jwks_uri: undefined }],
  ])(
    'a provider that names %s shows so at once, and to a person in words',
    async (_name, changes) => {
      provider.lies = { metadata: (own) => ({ ...own, ...changes }) }
      await setUp()
      expect(await admin.trpc.signOn.check.mutate({ id: providerId })).toEqual({
        fault: 'not_openid',
      })
      await expect(new Browser().leave(waiting())).rejects.toThrow('Espera un momento')
    },
  )

  test('another page begins no sign-in, and ends none', async () => {
    signedInThere(await agent())
    const browser = new Browser()
    const back = await browser.passProvider(waiting())
    const kept = browser.cookie
    const start = new URL('/sso/start', server.url)
    start.search = new URLSearchParams({
      provider: providerId,
      challenge: challengeOf(waiting()),
      port: '45123',
    }).toString()
    const led = await fetch(start, {
      redirect: 'manual',
      headers: { 'sec-fetch-site': 'cross-site', cookie: kept },
    })
    expect([led.status, led.headers.get('set-cookie')]).toEqual([400, null])
    const bogus = await fetch(new URL('/sso/callback?state=bogus', server.url), {
      redirect: 'manual',
      headers: { 'sec-fetch-site': 'cross-site', cookie: kept },
    })
    expect([bogus.status, bogus.headers.get('set-cookie')]).toEqual([400, null])
    expect((await browser.get(back)).location?.searchParams.has('ticket')).toBe(true)
  })

  test('a provider that does not answer keeps nobody else waiting', async () => {
    signedInThere(await agent())
    const held: ServerResponse[] = []
    const enough = Promise.withResolvers<void>()
    // As many as strangers of one address may have under way.
    const browsers = Array.from({ length: 8 }, () => new Browser())
    const backs = await Promise.all(browsers.map((browser) => browser.passProvider(waiting())))
    provider.lies = {
      token: (response) => {
        if (held.push(response) === browsers.length) enough.resolve()
      },
    }
    const coming = browsers.map((browser, at) => browser.get(backs[at] as URL))
    await enough.promise
    const startedMs = performance.now()
    expect(await anonymous().signOn.options.query()).toHaveLength(1)
    // The provider is given ten seconds.
    expect(performance.now() - startedMs).toBeLessThan(5_000)
    for (const response of held) response.destroy()
    for (const { location } of await Promise.all(coming)) {
      expect(location?.searchParams.get('problem')).toBe('provider_unavailable')
    }
  })

  test('whoever waits is told, too, where the database is gone in the middle', async () => {
    signedInThere(await agent())
    const browser = new Browser()
    const back = await browser.passProvider(waiting())
    await server.database.pool.query(`
      CREATE FUNCTION gone() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE 'gone' USING ERRCODE = 'cannot_connect_now'; END $$;
      CREATE TRIGGER gone BEFORE INSERT ON sign_on_tickets FOR EACH ROW EXECUTE FUNCTION gone();
      CREATE TRIGGER gone BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION gone()`)
    const { location } = await browser.get(back)
    await server.database.pool.query('DROP FUNCTION gone CASCADE')
    expect(location?.searchParams.get('problem')).toBe('try_later')
  })
})

describe('setting a provider up', () => {
  test('keeps the secret sealed, and tells nobody of it', async () => {
    await setUp()
    const { rows } = await server.database.pool.query<{ text: string }>(
      'SELECT p::text AS text FROM identity_providers p UNION ALL SELECT a::text FROM audit_log a',
    )
    expect(rows.some(({ text }) => text.includes(provider.clientSecret))).toBe(false)
    const listed = await admin.trpc.signOn.providers.query()
    expect(JSON.stringify(listed)).not.toContain(provider.clientSecret)
    expect(listed).toMatchObject({
      callbackUrl: `${server.url}/sso/callback`,
      providers: [{ id: providerId, hasSecret: true }],
    })
  })

  test('of two who change it at once the second is told, and a domain is one provider’s', async () => {
    const { providers } = await admin.trpc.signOn.providers.query()
    const basedOn = providers.find(({ id }) => id === providerId)?.version ?? 0
    const save = () =>
      admin.trpc.signOn.save.mutate({
        id: providerId,
        basedOn,
        settings: settings({ name: 'Other' }),
        clientSecret: null,
      })
    const results = await Promise.allSettled([save(), save()])
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const another = admin.trpc.signOn.save.mutate({
      id: newId(),
      basedOn: null,
      settings: settings({ issuer: 'https://login.example' }),
      clientSecret: null,
    })
    await expect(another).rejects.toMatchObject({
      data: { app: { code: 'taken', details: { what: 'domain' } } },
    })
  })

  test('a mistake shows at once, before it is switched on too', async () => {
    await setUp({ isActive: false })
    const check = () => admin.trpc.signOn.check.mutate({ id: providerId })
    expect(await check()).toEqual({ fault: null })
    provider.lies = { metadata: (own) => ({ ...own, issuer: 'https://login.example' }) }
    expect(await check()).toEqual({ fault: 'other_issuer' })
    await setUp({ issuer: `${provider.issuer}/nothing` })
    expect(await check()).toEqual({ fault: 'not_openid' })
    await setUp({ issuer: 'http://127.0.0.1:9' })
    expect(await check()).toEqual({ fault: 'unreachable' })
    await setUp({ issuer: 'http://login.example' })
    expect(await check()).toEqual({ fault: 'insecure' })
    await setUp()
  })

  test('who signed in by one that is removed signs in again', async () => {
    const id = newId()
    const second = await startIdentityProvider()
    await admin.trpc.signOn.save.mutate({
      id,
      basedOn: null,
      settings: settings({ issuer: second.issuer, domains: ['second.example'] }),
      clientSecret: second.clientSecret,
    })
    const person = await agent()
    const { rows } = await server.database.pool.query<{ id: string }>(
      `WITH device AS (INSERT INTO devices (id, name, platform) VALUES ($1, 'd', 'linux') RETURNING id)
       INSERT INTO sessions (id, user_id, device_id, provider_id, subject)
       SELECT new_id(), $2, id, $3, 's' FROM device RETURNING id`,
      [newId(), person.id, id],
    )
    await admin.trpc.signOn.remove.mutate({ id })
    const ended = await server.database.pool.query<{ end_reason: string }>(
      'SELECT end_reason FROM sessions WHERE id = $1',
      [rows[0]?.id],
    )
    expect(ended.rows).toEqual([{ end_reason: 'provider_ended' }])
    await second.stop()
  })
})
