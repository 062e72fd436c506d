import { randomUUID } from 'node:crypto'

import { beforeEach, describe, expect, test } from 'vitest'

import { codeOf } from '../../testing/conversations.ts'
import { FORGED, type Lies } from '../../testing/identity-provider.ts'
import {
  server,
  provider,
  admin,
  adminPerson,
  withSignOn,
  providerId,
  setUp,
  waiting,
  challengeOf,
  Browser,
  useTicket,
  arrive,
  countSessions,
  actionsAbout,
  signedInThere,
  agent,
  leavingOut,
} from '../../testing/signing-on.ts'

withSignOn()

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

  test('is called as the provider says from then on, where it says what they may', async () => {
    await setUp({ groupsClaim: 'groups' })
    const person = await agent()
    signedInThere(person)
    ;(await arrive()).close()
    provider.person['name'] = 'Ana Ruiz de Soto'
    const client = await arrive()
    expect((await client.trpc.session.me.query()).fullName).toBe('Ana Ruiz de Soto')
    client.close()
    expect(await actionsAbout(person.id)).toEqual([
      'person.linked',
      'person.changed',
      'person.changed',
    ])
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
    const predecessorsSubject = signedInThere(person)
    const predecessor = await arrive()
    signedInThere(person, 'the successor')
    const result = await new Browser().signOn(waiting())
    expect(result).toMatchObject({ problem: 'linked_otherwise', ticket: '' })
    // Until an administrator says that it is the same person.
    signedInThere(person, predecessorsSubject)
    const waits = waiting()
    const { ticket } = await new Browser().signOn(waits)
    signedInThere(person, 'the successor')
    await admin.trpc.signOn.unlink.mutate({ userId: person.id })
    expect(await codeOf(useTicket(ticket, waits))).toBe('sign_on_failed')
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
