import { randomBytes } from 'node:crypto'

import { type Role } from '@parley/domain'
import { createTestDatabase, type TestDatabase } from '@parley/database/testing'
import { startFakeGraphApi, type FakeGraphApi, type FakeGraphApiOptions } from '@parley/simulator'
import { hash } from '@node-rs/argon2'
import {
  createTRPCClient,
  createWSClient,
  httpLink,
  splitLink,
  wsLink,
  type TRPCClient,
} from '@trpc/client'
import { PROTOCOL_VERSION } from '@parley/contracts'
import { randomUUID } from 'node:crypto'

import { readEnv } from '../env.ts'
import { createLogger, type Logger } from '../platform/logger.ts'
import { startServer, type RunningServer } from '../server.ts'
import { type AppRouter } from '../trpc/router.ts'

/** A whole server on a database of its own, with a fake Graph API behind it. */

export const APP_SECRET = 'an-app-secret'
export const VERIFY_TOKEN = 'a-verify-token'
export const ACCESS_TOKEN = 'a-graph-token'
export const CHAT_APP_SECRET = 'a-chat-app-secret'
export const PASSWORD = 'correct horse battery staple'
export const BUSINESS = { phoneNumberId: '106540352242922', displayPhoneNumber: '15550783881' }

// One hash for all people of a run: argon2 is slow on purpose.
const passwordHash = hash(PASSWORD, { memoryCost: 1024, timeCost: 1 })

export interface TestPerson {
  id: string
  email: string
  teamIds: string[]
}

export interface TestServer {
  url: string
  metricsUrl: string
  database: TestDatabase
  graph: FakeGraphApi
  teams: { sales: string; support: string; customerService: string }
  addPerson(options: {
    role: Role
    teamIds: string[]
    name?: string
    capacity?: number
    presence?: 'online' | 'offline'
  }): Promise<TestPerson>
  /** @param at the further server's address; default: this one's */
  signIn(person: TestPerson, at?: string): Promise<TestClient>
  /** Another process would do the same: stops without waiting for anything. */
  restart(): Promise<void>
  /** A further server on the same database, by another way to it where one is given. */
  startAnother(connectionString?: string): Promise<RunningServer>
  stop(): Promise<void>
}

export interface TestClient {
  trpc: TRPCClient<AppRouter>
  sessionId: string
  accessToken: string
  refreshToken: string
  close(): void
}

/** What differs from how a server is set up otherwise. */
interface ServerUnderTest {
  env?: Record<string, string>
  logger?: Logger
  /** How the server comes to its database; default: as its owner. */
  connectTo?(database: TestDatabase): Promise<string>
}

export async function startTestServer(
  graphOptions: Partial<FakeGraphApiOptions> = {},
  chatAppUrl = 'http://127.0.0.1:9',
  {
    env = {},
    logger = createLogger(process.env['TEST_LOG_LEVEL'] ?? 'fatal'),
    connectTo = async ({ connectionString }) => connectionString,
  }: ServerUnderTest = {},
): Promise<TestServer> {
  const database = await createTestDatabase()
  // The server refuses to start on a database that would not keep its promises.
  await database.pool.query(`ALTER DATABASE ${database.name} SET synchronous_commit = on`)
  let url = ''
  const graph = await startFakeGraphApi({
    business: BUSINESS,
    accessToken: ACCESS_TOKEN,
    appSecret: APP_SECRET,
    webhookUrl: () => `${url}/webhooks/whatsapp`,
    latencyMs: 2,
    receiptsMs: { sent: 5, delivered: 10, read: 20 },
    ...graphOptions,
  })
  const settings = {
    connectionString: await connectTo(database),
    secretKey: randomBytes(32).toString('base64'),
    logger,
    env: readEnv({
      PORT: '0',
      METRICS_PORT: '0',
      WHATSAPP_APP_SECRET: `${APP_SECRET},an-older-secret`,
      WHATSAPP_VERIFY_TOKEN: VERIFY_TOKEN,
      WHATSAPP_ACCESS_TOKEN: ACCESS_TOKEN,
      WHATSAPP_PHONE_NUMBER_ID: BUSINESS.phoneNumberId,
      WHATSAPP_GRAPH_URL: graph.url,
      CHAT_APP_SECRET,
      CHAT_APP_URL: chatAppUrl,
      ...env,
    }),
  }
  let server = await startServer(settings)
  url = server.url
  const { rows: teams } = await database.pool.query<{ id: string; slug: string }>(
    'SELECT id, slug FROM teams',
  )
  const team = (slug: string): string => {
    const found = teams.find((row) => row.slug === slug)
    if (found === undefined) throw new Error(`no team ${slug}`)
    return found.id
  }

  return {
    get url() {
      return url
    },
    get metricsUrl() {
      return server.metricsUrl as string
    },
    database,
    graph,
    teams: {
      sales: team('sales'),
      support: team('support'),
      customerService: team('customer_service'),
    },
    async addPerson({ role, teamIds, name = 'Somebody', capacity = 5, presence = 'offline' }) {
      const id = randomUUID()
      const email = `${id}@parley.example`
      await database.pool.query(
        'INSERT INTO users (id, email, password_hash, full_name, role) VALUES ($1, $2, $3, $4, $5)',
        [id, email, await passwordHash, name, role],
      )
      for (const teamId of teamIds) {
        await database.pool.query(
          'INSERT INTO team_memberships (user_id, team_id) VALUES ($1, $2)',
          [id, teamId],
        )
      }
      await database.pool.query(
        'INSERT INTO agent_presence (user_id, status, capacity, last_seen_at) VALUES ($1, $2, $3, NOW())',
        [id, presence, capacity],
      )
      return { id, email, teamIds }
    },
    signIn: (person, at = url) => signIn(at, person),
    async restart() {
      await server.stop()
      server = await startServer(settings)
      url = server.url
    },
    startAnother: (connectionString = settings.connectionString) =>
      startServer({ ...settings, connectionString }),
    async stop() {
      await graph.stop()
      await server.stop()
      await database.drop()
    },
  }
}

/** What a workstation does to get a session, without the workstation. */
export async function signIn(
  url: string,
  person: { email: string },
  password = PASSWORD,
): Promise<TestClient> {
  const anonymous = createTRPCClient<AppRouter>({ links: [httpLink({ url: `${url}/trpc` })] })
  const answer = await anonymous.session.signIn.mutate({
    email: person.email,
    password,
    device: { id: newId(), name: 'test', platform: 'linux' },
    protocolVersion: PROTOCOL_VERSION,
  })
  return connect(url, answer.tokens.accessToken, answer.sessionId, answer.tokens.refreshToken)
}

export function connect(
  url: string,
  accessToken: string,
  sessionId: string,
  refreshToken = '',
  options: { WebSocket?: typeof WebSocket } = {},
): TestClient {
  const webSocket = createWSClient({
    ...options,
    url: `${url.replace('http', 'ws')}/trpc`,
    connectionParams: () => ({ accessToken }),
    lazy: { enabled: true, closeMs: 0 },
    retryDelayMs: () => 50,
  })
  return {
    sessionId,
    accessToken,
    refreshToken,
    trpc: createTRPCClient<AppRouter>({
      links: [
        splitLink({
          condition: ({ type }) => type === 'subscription',
          true: wsLink({ client: webSocket }),
          false: httpLink({
            url: `${url}/trpc`,
            headers: { authorization: `Bearer ${accessToken}` },
          }),
        }),
      ],
    }),
    close: () => void webSocket.close(),
  }
}

/** UUIDv7, as workstations make them. */
export function newId(): string {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(Date.now(), 0, 6)
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x70
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** Polls until it holds; fails with the last error. */
export async function eventually<Result>(
  check: () => Promise<Result> | Result,
  timeoutMs = 15_000,
): Promise<Result> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    try {
      return await check()
    } catch (error) {
      if (Date.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, 15))
    }
  }
}
