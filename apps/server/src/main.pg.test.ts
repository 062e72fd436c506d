import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'

import { createTestDatabase, type TestDatabase } from '@parley/database/testing'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'

import { signIn } from './testing/test-server.ts'

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
  ended: Promise<number | null>
}

function start(env: Record<string, string> = {}): Run {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'] ?? '',
      DATABASE_URL: database.connectionString,
      PARLEY_SECRET_KEY: Buffer.alloc(32, 1).toString('base64'),
      PORT: '0',
      LOG_LEVEL: 'silent',
      ...env,
    },
  })
  children.push(child)
  const lines: string[] = []
  let errors = ''
  child.stderr.on('data', (data) => (errors += String(data)))
  const listening = new Promise<string>((resolve) => {
    child.stdout.on('data', (data) => {
      for (const line of String(data).split('\n').filter(Boolean)) {
        lines.push(line)
        const message = JSON.parse(line) as { msg: string; url?: string }
        if (message.msg === 'listening') resolve(message.url as string)
      }
    })
  })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  return { child, lines, errors: () => errors, listening, ended }
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
  expect((await get('/metrics'))[1]).toContain('parley_webhook_bodies_total')
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
      { env: { PATH: process.env['PATH'] ?? '', DATABASE_URL: database.connectionString } },
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
