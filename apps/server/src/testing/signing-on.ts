import { createHash, randomBytes, randomUUID } from 'node:crypto'

import { PROTOCOL_VERSION, type ProviderSettings } from '@parley/contracts'
import { createTRPCClient, httpLink } from '@trpc/client'
import { type JWTPayload } from 'jose'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'

import { startIdentityProvider, type TestProvider } from './identity-provider.ts'
import {
  connect,
  newId,
  startTestServer,
  type TestClient,
  type TestPerson,
  type TestServer,
} from './test-server.ts'
import { type AppRouter } from '../trpc/router.ts'

export let server: TestServer
export let provider: TestProvider
export let admin: TestClient
export let adminPerson: TestPerson

/** A server, a provider, and an administrator, for the tests of a file. */
export function withSignOn(): void {
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
}

export const anonymous = (url = server.url) =>
  createTRPCClient<AppRouter>({ links: [httpLink({ url: `${url}/trpc` })] })

export const settings = (changes: Partial<ProviderSettings> = {}): ProviderSettings => ({
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

export const providerId = newId()

/** As administrators set it up; the version is looked up, since tests change it in turn. */
export async function setUp(changes: Partial<ProviderSettings> = {}): Promise<void> {
  const { providers } = await admin.trpc.signOn.providers.query()
  const known = providers.find(({ id }) => id === providerId)
  await admin.trpc.signOn.save.mutate({
    id: providerId,
    basedOn: known?.version ?? null,
    settings: settings(changes),
    clientSecret: provider.clientSecret,
  })
}

export interface Waiting {
  verifier: string
  port: number
}
export const waiting = (): Waiting => ({
  verifier: randomBytes(32).toString('base64url'),
  port: 45_123,
})
export const challengeOf = ({ verifier }: Waiting): string =>
  createHash('sha256').update(verifier).digest('base64url')

/** A browser: follows one step, and keeps one cookie. */
export class Browser {
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

export const useTicket = (ticket: string, { verifier }: Pick<Waiting, 'verifier'>) =>
  anonymous().signOn.useTicket.mutate({
    ticket,
    verifier,
    device: { id: newId(), name: 'test', platform: 'linux' },
    protocolVersion: PROTOCOL_VERSION,
  })

export async function arrive(): Promise<TestClient & { userId: string }> {
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

export async function countSessions(): Promise<number> {
  const { rows } = await server.database.pool.query<{ count: number }>(
    'SELECT COUNT(*)::int AS count FROM sessions WHERE provider_id IS NOT NULL',
  )
  return rows[0]?.count ?? 0
}

export const actionsAbout = async (targetId: string): Promise<string[]> => {
  const { rows } = await server.database.pool.query<{ action: string }>(
    'SELECT action FROM audit_log WHERE target_id = $1 ORDER BY seq',
    [targetId],
  )
  return rows.map(({ action }) => action)
}

/** Whom the provider knows as this person. */
export function signedInThere(person: { email: string }, sub: string = randomUUID()): string {
  provider.person = {
    sub,
    email: person.email,
    email_verified: true,
    name: 'Ana Ruiz',
    sid: `session of ${sub}`,
  }
  return sub
}

export const agent = (): Promise<TestPerson> =>
  server.addPerson({ role: 'agent', teamIds: [server.teams.sales] })

export const leavingOut =
  (...names: string[]) =>
  (claims: JWTPayload): JWTPayload =>
    Object.fromEntries(Object.entries(claims).filter(([name]) => !names.includes(name)))
