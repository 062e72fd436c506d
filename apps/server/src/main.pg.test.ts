import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

import { messageBody } from '@parley/simulator'
import { createTestDatabase, type TestDatabase } from '@parley/database/testing'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'

import { BUSINESS, eventually, signIn } from './testing/test-server.ts'

/** The server as its operator has it: a process, an environment, two streams and a signal. */

let database: TestDatabase
const children: ChildProcess[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  await database.pool.query(`ALTER DATABASE ${database.name} SET synchronous_commit = on`)
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})
afterAll(() => database.drop())

interface Run {
  child: ChildProcess
  lines: string[]
  errors: () => string
  listening: Promise<string>
  metricsUrl: () => string
  ended: Promise<number | null>
}

const environment = (): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  DATABASE_URL: database.connectionString,
  PARLEY_SECRET_KEY: Buffer.alloc(32, 1).toString('base64'),
  PORT: '0',
  METRICS_PORT: '0',
  LOG_LEVEL: 'silent',
})

function start(env: Record<string, string> = {}): Run {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...environment(), ...env },
  })
  children.push(child)
  const lines: string[] = []
  let errors = ''
  let metricsUrl = ''
  child.stderr.on('data', (data) => (errors += String(data)))
  const listening = new Promise<string>((resolve) => {
    child.stdout.on('data', (data) => {
      for (const line of String(data).split('\n').filter(Boolean)) {
        lines.push(line)
        const message = JSON.parse(line) as { msg: string; url: string; metricsUrl: string }
        if (message.msg !== 'listening') continue
        metricsUrl = message.metricsUrl
        resolve(message.url)
      }
    })
  })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  return { child, lines, errors: () => errors, listening, metricsUrl: () => metricsUrl, ended }
}

async function failure(env: Record<string, string>): Promise<string> {
  const run = start(env)
  expect(await run.ended).toBe(1)
  expect(run.lines).toEqual([])
  expect(run.errors().trim().split('\n')).toHaveLength(1)
  return run.errors().trim()
}

test('says in one JSON line where it listens, and answers there', async () => {
  const run = start()
  const url = await run.listening
  expect(run.lines).toHaveLength(1)
  expect(new URL(url).hostname).toBe('127.0.0.1')
  const get = async (path: string): Promise<[number, string]> => {
    const response = await fetch(url + path)
    return [response.status, await response.text()]
  }
  expect((await get('/healthz'))[0]).toBe(200)
  expect(await get('/readyz')).toEqual([200, '{"status":"ready"}'])
  // Its figures are elsewhere, and nothing else is there.
  expect((await get('/metrics'))[0]).toBe(404)
  const metricsUrl = new URL(run.metricsUrl())
  expect(metricsUrl.hostname).toBe('127.0.0.1')
  expect(await (await fetch(metricsUrl)).text()).toContain('parley_webhook_bodies_total')
  expect((await fetch(new URL('/readyz', metricsUrl))).status).toBe(404)
  // Channels that are not configured have no entrance.
  expect((await get('/webhooks/whatsapp'))[0]).toBe(404)
  expect((await get('/nothing'))[0]).toBe(404)
})

test('ends by itself within ten seconds of SIGTERM, with open connections, too', async () => {
  const run = start()
  const url = await run.listening
  const socket = new WebSocket(`${url.replace('http', 'ws')}/trpc`)
  await new Promise((resolve) => socket.addEventListener('open', resolve))
  const closed = new Promise<number>((resolve) =>
    socket.addEventListener('close', ({ code }) => resolve(code)),
  )
  const before = Date.now()
  run.child.kill('SIGTERM')
  expect(await run.ended).toBe(0)
  expect(Date.now() - before).toBeLessThan(10_000)
  expect(await closed).toBe(1001)
})

test('told to end with a backlog, it ends in time and well: what is left is in the database', async () => {
  const busy = await createTestDatabase()
  await busy.pool.query(`ALTER DATABASE ${busy.name} SET synchronous_commit = on`)
  const from = { phone: 'PHONE', name: 'Lucía' }
  const body = JSON.stringify(
    messageBody(BUSINESS, [{ id: 'WAMID', from, sentAt: new Date(), text: 'hola' }]),
  )
  await busy.pool.query(
    `INSERT INTO webhook_bodies (channel, body)
     SELECT 'whatsapp', convert_to(replace(replace($1, 'WAMID', 'wamid.' || n), 'PHONE', '5215550' || n), 'UTF8')
     FROM generate_series(100000, 110000) AS n`,
    [body],
  )
  const run = start({
    DATABASE_URL: busy.connectionString,
    WHATSAPP_APP_SECRET: 'an-app-secret',
    WHATSAPP_VERIFY_TOKEN: 'a-verify-token',
    WHATSAPP_ACCESS_TOKEN: 'a-token',
    WHATSAPP_PHONE_NUMBER_ID: BUSINESS.phoneNumberId,
    WHATSAPP_GRAPH_URL: 'http://127.0.0.1:9',
  })
  await run.listening
  const left = async (): Promise<number> =>
    Number(
      (await busy.pool.query('SELECT COUNT(*) FROM webhook_bodies WHERE processed_at IS NULL'))
        .rows[0].count,
    )
  // As slow as it can be: whatever is under way waits for somebody else.
  const other = await busy.pool.connect()
  await other.query('BEGIN; LOCK TABLE messages, conversations IN EXCLUSIVE MODE')
  await eventually(async () => {
    const waiting = await busy.pool.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    )
    expect(waiting.rowCount).toBeGreaterThan(0)
  })
  const before = Date.now()
  run.child.kill('SIGTERM')
  expect(await run.ended).toBe(0)
  expect(Date.now() - before).toBeLessThan(10_000)
  await other.query('ROLLBACK')
  other.release()
  expect(await left()).toBeGreaterThan(0)
  await busy.drop()
})

test('what is thrown past everything is told and counted, and the server lives on', async () => {
  const bugs = `process.on('SIGUSR2', () => { void Promise.reject(new Error('one bug')); throw new Error('another') })`
  const run = start({
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(bugs)}`,
    LOG_LEVEL: 'error',
  })
  await run.listening
  run.child.kill('SIGUSR2')
  await eventually(async () => {
    const metrics = await (await fetch(run.metricsUrl())).text()
    expect(metrics).toContain('parley_unhandled_errors_total{kind="uncaughtException"} 1')
    expect(metrics).toContain('parley_unhandled_errors_total{kind="unhandledRejection"} 1')
  })
  // What it says comes through a pipe, after what it counts.
  await eventually(() =>
    expect(run.lines.filter((line) => line.includes('unhandled: a bug'))).toHaveLength(2),
  )
})

test('its parent’s death ends it as a signal does', async () => {
  const parent = spawn(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import { spawn } from 'node:child_process'
       spawn(process.execPath, [${JSON.stringify(join(import.meta.dirname, 'main.ts'))}], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })`,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: environment() },
  )
  children.push(parent)
  const [line] = (await once(parent.stdout, 'data')) as [Buffer]
  const { pid } = JSON.parse(String(line)) as { pid: number }
  parent.kill('SIGKILL')
  await eventually(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'))
})

test('what it cannot start with is one clear line each', async () => {
  expect(await failure({ PORT: 'x' })).toBe('Configuration: PORT must be a port number')
  expect(await failure({ DATABASE_URL: 'postgres://nobody@127.0.0.1:9/nothing' })).toMatch(
    /127\.0\.0\.1:9|connect/i,
  )
  const empty = await createTestDatabase({ empty: true })
  expect(await failure({ DATABASE_URL: empty.connectionString })).toContain('npm run migrate')
  await empty.drop()
  const taken = start()
  const { port } = new URL(await taken.listening)
  expect(await failure({ PORT: port })).toBe(
    `Port ${port} is in use: stop what uses it or set PORT`,
  )
  expect(await failure({ METRICS_PORT: port })).toBe(
    `Port ${port} is in use: stop what uses it or set METRICS_PORT`,
  )
  expect(await failure({ TLS_CERT_FILE: '/no/such.pem' })).toBe(
    'Configuration: TLS_KEY_FILE is required together with TLS_CERT_FILE',
  )
  expect(await failure({ TLS_CERT_FILE: '/no/such.pem', TLS_KEY_FILE: '/no/such.key' })).toBe(
    'TLS_CERT_FILE /no/such.pem: there is no such file',
  )
})

test('refuses a database that would not keep its promises', async () => {
  const careless = await createTestDatabase()
  await careless.pool.query(`ALTER DATABASE ${careless.name} SET synchronous_commit = off`)
  expect(await failure({ DATABASE_URL: careless.connectionString })).toContain('synchronous_commit')
  await careless.drop()
})

test('the first administrator is made once, with a password that signs in', async () => {
  const create = async (...options: string[]): Promise<{ code: number | null; output: string }> => {
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, 'cli/create-admin.ts'), ...options],
      {
        env: {
          PATH: process.env['PATH'] ?? '',
          DATABASE_URL: database.connectionString,
          PARLEY_SECRET_KEY: Buffer.alloc(32, 1).toString('base64'),
        },
      },
    )
    let output = ''
    child.stdout.on('data', (data) => (output += String(data)))
    child.stderr.on('data', (data) => (output += String(data)))
    return { code: await new Promise((resolve) => child.once('close', resolve)), output }
  }
  const made = await create('--email', 'ada@parley.example', '--name', 'Ada Pérez')
  expect(made.code).toBe(0)
  const password = /password (\S+)/.exec(made.output)?.[1] as string
  const run = start()
  const session = await signIn(await run.listening, { email: 'ada@parley.example' }, password)
  session.close()
  const again = await create('--email', 'ADA@parley.example', '--name', 'Ada')
  expect(again).toEqual({
    code: 1,
    output: 'There is an account for ADA@parley.example already\n',
  })
  expect((await create('--email', 'nobody')).output).toMatch(/^Usage: [^\n]+\n$/)
})
