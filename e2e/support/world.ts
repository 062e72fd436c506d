import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'

import { createTestDatabase } from '@parley/database/testing'
import {
  messageBody,
  newWamid,
  startFakeGraphApi,
  type FakeGraphApi,
  type SimulatedContact,
} from '@parley/simulator'
import { hash } from '@node-rs/argon2'
import type pg from 'pg'

import { ROOT } from './workstation.ts'

const BUSINESS = { phoneNumberId: '106540352242922', displayPhoneNumber: '15550783881' }
const APP_SECRET = 'an-end-to-end-secret'
const ACCESS_TOKEN = 'an-end-to-end-token'
export const PASSWORD = 'una contraseña de prueba'

export interface Person {
  id: string
  email: string
  fullName: string
}

/** Everything around the workstation: PostgreSQL, the server as a process of its own, Meta's side, customers. */
export interface World {
  readonly serverUrl: string
  graph: FakeGraphApi
  pool: pg.Pool
  teams: Record<'sales' | 'support' | 'customer_service', string>
  addPerson(person: {
    fullName: string
    role: 'agent' | 'team_lead' | 'supervisor' | 'admin'
    teams: ('sales' | 'support' | 'customer_service')[]
    capacity?: number
  }): Promise<Person>
  /** The customer writes; delivered again until the server takes it, as Meta does. */
  write(customer: SimulatedContact, text: string): Promise<void>
  /** SIGKILL: nothing is finished, nothing is said. */
  killServer(): Promise<void>
  stopServer(): Promise<void>
  startServer(): Promise<void>
  stop(): Promise<void>
}

export async function createWorld(): Promise<World> {
  const database = await createTestDatabase()
  await database.pool.query(`ALTER DATABASE ${database.name} SET synchronous_commit = on`)
  const port = await reservePort()
  const serverUrl = `http://127.0.0.1:${port}`
  const graph = await startFakeGraphApi({
    business: BUSINESS,
    accessToken: ACCESS_TOKEN,
    appSecret: APP_SECRET,
    webhookUrl: () => `${serverUrl}/webhooks/whatsapp`,
  })
  const env = {
    PATH: process.env['PATH'] ?? '',
    PORT: String(port),
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? '',
    DATABASE_URL: database.connectionString,
    PARLEY_SECRET_KEY: randomBytes(32).toString('base64'),
    LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'error',
    WHATSAPP_APP_SECRET: APP_SECRET,
    WHATSAPP_VERIFY_TOKEN: 'a-verify-token',
    WHATSAPP_ACCESS_TOKEN: ACCESS_TOKEN,
    WHATSAPP_PHONE_NUMBER_ID: BUSINESS.phoneNumberId,
    WHATSAPP_GRAPH_URL: graph.url,
  }
  let server: ChildProcess | null = null
  const passwordHash = await hash(PASSWORD, { memoryCost: 1024, timeCost: 1 })
  const { rows } = await database.pool.query<{ id: string; slug: string }>(
    'SELECT id, slug FROM teams',
  )
  const teams = Object.fromEntries(rows.map(({ id, slug }) => [slug, id])) as World['teams']

  async function endServer(signal: NodeJS.Signals): Promise<void> {
    const running = server
    server = null
    if (running === null || running.exitCode !== null || running.signalCode !== null) return
    const ended = new Promise((resolve) => running.once('exit', resolve))
    running.kill(signal)
    await ended
  }

  const world: World = {
    serverUrl,
    graph,
    pool: database.pool,
    teams,
    async addPerson({ fullName, role, teams: memberOf, capacity = 5 }) {
      const id = randomUUID()
      const email = `${fullName
        .normalize('NFD')
        .replace(/[^a-zA-Z]/g, '')
        .toLowerCase()}.${id.slice(0, 4)}@parley.example`
      await database.pool.query(
        'INSERT INTO users (id, email, password_hash, full_name, role) VALUES ($1, $2, $3, $4, $5)',
        [id, email, passwordHash, fullName, role],
      )
      for (const slug of memberOf) {
        await database.pool.query(
          'INSERT INTO team_memberships (user_id, team_id) VALUES ($1, $2)',
          [id, teams[slug]],
        )
      }
      await database.pool.query('INSERT INTO agent_presence (user_id, capacity) VALUES ($1, $2)', [
        id,
        capacity,
      ])
      return { id, email, fullName }
    },
    write: (customer, text) =>
      graph.webhooks.send(
        messageBody(BUSINESS, [{ id: newWamid(), from: customer, sentAt: new Date(), text }]),
      ),
    killServer: () => endServer('SIGKILL'),
    stopServer: () => endServer('SIGTERM'),
    async startServer() {
      const child = spawn(process.execPath, ['apps/server/src/main.ts'], {
        cwd: ROOT,
        stdio: ['ignore', 'pipe', 'inherit'],
        env,
      })
      server = child
      await new Promise<void>((resolve, reject) => {
        child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)))
        createInterface({ input: child.stdout }).on('line', (line) => {
          if ((JSON.parse(line) as { msg?: string }).msg === 'listening') resolve()
        })
      })
    },
    async stop() {
      await endServer('SIGTERM')
      await graph.stop()
      await database.drop()
    },
  }
  await world.startServer()
  return world
}

/**
 * A port below those that systems give out by themselves: while a killed server is away nobody else comes to
 * have it, and workstations find the next one where the last one was.
 */
export async function reservePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 30_000)
    const probe = createServer().listen(port, '127.0.0.1')
    const isFree = await once(probe, 'listening').then(
      () => true,
      () => false,
    )
    probe.close()
    if (isFree) return port
  }
}
