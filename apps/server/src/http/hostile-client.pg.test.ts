import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

import { createTestDatabase, type TestDatabase } from '@parley/database/testing'
import { hash } from '@node-rs/argon2'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { PASSWORD, eventually, signIn, type TestClient } from '../testing/test-server.ts'

/**
 * A hostile client against the server as its operator has it, each a process: malformed upgrades and frames by the
 * thousand, floods of calls, slow bodies, and a thousand sockets that say nothing. A neighbour goes on working.
 */

const ATTACKS = 12
const CALLS = 60
/** A person's workstation asks every now and then. */
const PAUSE_MS = 20
/** Below this, what is measured is whose turn it is on the processor. */
const FLOOR_MS = 15
const HEAP_MAY_GROW_BYTES = 48 * 1024 * 1024

/** Nothing makes it collect its garbage while nothing is asked of it; what remains after that is what it holds. */
const COLLECTS_WHEN_TOLD = [
  '--expose-gc',
  `--import=data:text/javascript,${encodeURIComponent(`process.on('SIGUSR2', () => globalThis.gc())`)}`,
]

let database: TestDatabase
let directoryKey: string
let url: string
let metricsUrl: string
let serverProcess: ChildProcess
let neighbour: TestClient
let colleague: TestClient
const children: ChildProcess[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  await database.pool.query(`ALTER DATABASE ${database.name} SET synchronous_commit = on`)
  await database.pool.query(
    `INSERT INTO users (email, password_hash, full_name, role) VALUES
       ('ana@parley.example', $1, 'Ana', 'agent'), ('luis@parley.example', $1, 'Luis', 'agent'),
       ('ada@parley.example', $1, 'Ada', 'admin')`,
    [await hash(PASSWORD, { memoryCost: 1024, timeCost: 1 })],
  )
  await database.pool.query(`
    WITH made AS (
      INSERT INTO users (email, password_hash, full_name, role, managed_by)
      SELECT 'n' || n || '@parley.example', '*', 'N ' || n, 'agent', 'scim' FROM generate_series(1, 200) n
      RETURNING id, email)
    INSERT INTO directory_people (user_id, user_name) SELECT id, email FROM made`)
  serverProcess = startProcess([...COLLECTS_WHEN_TOLD, '../main.ts'], {
    DATABASE_URL: database.connectionString,
    PARLEY_SECRET_KEY: Buffer.alloc(32, 1).toString('base64'),
    WHATSAPP_APP_SECRET: 'an-app-secret',
    WHATSAPP_VERIFY_TOKEN: 'a-verify-token',
    WHATSAPP_ACCESS_TOKEN: 'a-token',
    WHATSAPP_PHONE_NUMBER_ID: '1',
    WHATSAPP_GRAPH_URL: 'http://127.0.0.1:9',
    PORT: '0',
    METRICS_PORT: '0',
    LOG_LEVEL: 'warn',
  })
  ;({ url, metricsUrl } = JSON.parse(await firstLineOf(serverProcess)) as Record<
    'url' | 'metricsUrl',
    string
  >)
  neighbour = await signIn(url, { email: 'ana@parley.example' })
  colleague = await signIn(url, { email: 'luis@parley.example' })
  const admin = await signIn(url, { email: 'ada@parley.example' })
  const { id: ownerId } = await admin.trpc.session.me.query()
  const made = await admin.trpc.apiKeys.create.mutate({
    name: 'Directory',
    ownerId,
    scopes: ['scim'],
    lifetimeDays: 1,
    allowedAddresses: [],
  })
  directoryKey = made.key
  admin.close()
})
afterAll(async () => {
  neighbour.close()
  colleague.close()
  for (const child of children) child.kill('SIGKILL')
  await database.drop()
})

function startProcess(args: string[], env: Record<string, string> = {}): ChildProcess {
  const child = spawn(process.execPath, args, {
    cwd: import.meta.dirname,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'] ?? '', ...env },
  })
  children.push(child)
  return child
}

async function firstLineOf({ stdout }: ChildProcess): Promise<string> {
  return String(((await once(stdout as NodeJS.EventEmitter, 'data')) as [Buffer])[0])
}

async function figures(): Promise<(name: string) => number> {
  serverProcess.kill('SIGUSR2')
  const text = await (await fetch(metricsUrl)).text()
  return (name) => {
    const line = text.split('\n').find((one) => one.startsWith(`${name} `))
    return Number(line?.slice(name.length + 1) ?? 0)
  }
}

/** How long each of the neighbour's calls takes, until it is enough. */
async function measure(isEnough: (calls: number) => boolean): Promise<number[]> {
  const tookMs: number[] = []
  while (!isEnough(tookMs.length)) {
    const beganMs = performance.now()
    await neighbour.trpc.session.me.query()
    tookMs.push(performance.now() - beganMs)
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
  return tookMs
}

const p95 = (ms: number[]): number =>
  ms.toSorted((a, b) => a - b)[Math.floor(ms.length * 0.95)] as number

test('it lives, a neighbour hardly notices, and everything that was taken comes back', async () => {
  const logged: string[] = []
  serverProcess.stdout?.on('data', (data) => logged.push(...String(data).split('\n')))
  await measure((calls) => calls === CALLS)
  const before = await figures()

  const { cursor } = await colleague.trpc.sync.bootstrap.query({ page: null })
  const means = {
    url,
    token: colleague.accessToken,
    cursor: String(cursor),
    key: directoryKey,
  }
  const hostile = startProcess([
    '../testing/hostile-client.ts',
    ...Object.entries(means).map(([name, value]) => `--${name}=${value}`),
  ])
  const calmMs: number[] = []
  const besideMs: number[] = []
  const byAttack: Record<string, number> = {}
  for (let attacks = 0; attacks < ATTACKS; attacks++) {
    calmMs.push(...(await measure((calls) => calls === CALLS)))
    let name = ''
    hostile.stdout?.once('data', (data) => (name = String(data).trim()))
    hostile.stdin?.write('next\n')
    const ms = await measure(() => name !== '')
    byAttack[name] = p95(ms)
    besideMs.push(...ms)
  }
  hostile.kill('SIGKILL')

  expect((await fetch(`${url}/healthz`)).status).toBe(200)
  expect(p95(besideMs), `by attack, in ms: ${JSON.stringify(byAttack)}`).toBeLessThan(
    3 * Math.max(p95(calmMs), FLOOR_MS),
  )
  await eventually(async () => {
    const after = await figures()
    const sockets = 'nodejs_active_resources{type="TCPSocketWrap"}'
    expect(after(sockets)).toBeLessThan(before(sockets) + 20)
    for (const memory of ['nodejs_heap_size_used_bytes', 'nodejs_external_memory_bytes']) {
      expect(after(memory)).toBeLessThan(before(memory) + HEAP_MAY_GROW_BYTES)
    }
    expect(after('parley_unhandled_errors_total{kind="uncaughtException"}')).toBe(0)
  }, 60_000)
  // Thousands of misdeeds are few lines.
  expect(logged.filter(Boolean).length).toBeLessThan(100)
}, 300_000)
