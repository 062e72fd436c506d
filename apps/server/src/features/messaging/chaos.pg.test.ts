import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'

import {
  createTestDatabase,
  startFreezingProxy,
  type FreezingProxy,
  type TestDatabase,
} from '@parley/database/testing'
import { startFakeGraphApi, type FakeGraphApi } from '@parley/simulator'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { ACCESS_TOKEN, APP_SECRET, BUSINESS, eventually } from '../../testing/test-server.ts'

/**
 * Server processes of their own that are killed, stopped for a moment, cut off from the database or robbed of its
 * connections while they send. `PARLEY_REPLIES=10000` for a night.
 */
const REPLIES = Number(process.env['PARLEY_REPLIES'] ?? 500)
const PER_CONVERSATION = 25

interface Server {
  child: ChildProcess
  proxy: FreezingProxy
  url: string
}

let database: TestDatabase
let graph: FakeGraphApi
let running: Server[] = []
const everStarted: Server[] = []
const secretKey = randomBytes(32).toString('base64')

beforeAll(async () => {
  database = await createTestDatabase()
  await database.pool.query(`ALTER DATABASE ${database.name} SET synchronous_commit = on`)
  graph = await startFakeGraphApi({
    business: BUSINESS,
    accessToken: ACCESS_TOKEN,
    appSecret: APP_SECRET,
    webhookUrl: () =>
      `${running[Math.floor(Math.random() * running.length)]?.url}/webhooks/whatsapp`,
    latencyMs: 300,
    receiptsMs: { sent: 20, delivered: 60, read: null },
  })
})
afterAll(async () => {
  await graph.stop()
  for (const { child, proxy } of everStarted) {
    child.kill('SIGCONT')
    child.kill('SIGKILL')
    await proxy.stop()
  }
  await database.drop()
})

async function start(): Promise<Server> {
  const proxy = await startFreezingProxy(database.connectionString)
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../main.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'] ?? '',
      DATABASE_URL: proxy.connectionString,
      PARLEY_SECRET_KEY: secretKey,
      PORT: '0',
      LOG_LEVEL: 'fatal',
      WHATSAPP_APP_SECRET: APP_SECRET,
      WHATSAPP_VERIFY_TOKEN: 'a-verify-token',
      WHATSAPP_ACCESS_TOKEN: ACCESS_TOKEN,
      WHATSAPP_PHONE_NUMBER_ID: BUSINESS.phoneNumberId,
      WHATSAPP_GRAPH_URL: graph.url,
    },
  })
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`a server ended with ${code}`)))
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      const said = JSON.parse(line) as { msg?: string; url?: string }
      if (said.msg === 'listening' && said.url !== undefined) resolve(said.url)
    })
  })
  const server = { child, proxy, url }
  everStarted.push(server)
  return server
}

/** Conversations whose agents have written so much; each text tells its conversation and its place in it. */
async function writeReplies(): Promise<void> {
  await database.pool.query(
    `WITH account AS (SELECT id FROM channel_accounts WHERE channel = 'whatsapp'),
     made AS (
       INSERT INTO customers (external_id, channel) SELECT '+5255' || lpad(n::text, 8, '0'), 'whatsapp'
       FROM generate_series(1, $1::int) n RETURNING id, external_id),
     known AS (
       INSERT INTO customer_identities (customer_id, channel, external_id, kind)
       SELECT id, 'whatsapp', external_id, 'phone' FROM made),
     person AS (
       INSERT INTO users (email, password_hash, full_name, role) VALUES ('chaos@parley.example', 'none', 'Caos', 'agent') RETURNING id),
     opened AS (
       INSERT INTO conversations (customer_id, channel, channel_account_id, status, assigned_to, first_message_at, last_inbound_at)
       SELECT made.id, 'whatsapp', account.id, 'pending_customer', person.id, NOW(), NOW() FROM made, account, person
       RETURNING id, customer_id, assigned_to),
     written AS (
       INSERT INTO messages (id, conversation_id, direction, sender_type, sender_id, content_text, status)
       SELECT new_id(), opened.id, 'outbound', 'agent', opened.assigned_to, opened.id || ' ' || lpad(place::text, 4, '0'), 'pending'
       FROM opened, generate_series(1, $2::int) place ORDER BY place
       RETURNING id, conversation_id, seq)
     INSERT INTO message_attempts (id, message_id, number, conversation_id, message_seq)
     SELECT new_id(), id, 1, conversation_id, seq FROM written`,
    [Math.ceil(REPLIES / PER_CONVERSATION), PER_CONVERSATION],
  )
}

const any = <Item>(items: readonly Item[]): Item =>
  items[Math.floor(Math.random() * items.length)] as Item

/** One thing that goes wrong, and whoever is there afterwards. */
const MISFORTUNES: (() => Promise<void>)[] = [
  // A process is killed, and its host starts another.
  async () => {
    const victim = any(running)
    running = running.filter((one) => one !== victim)
    victim.child.kill('SIGKILL')
    running.push(await start())
  },
  // A host vanishes: its connections stay open, and nothing comes over them any more.
  async () => {
    const victim = any(running)
    running = running.filter((one) => one !== victim)
    victim.proxy.freeze()
    victim.child.kill('SIGKILL')
    running.push(await start())
  },
  // A process stands still for a moment.
  async () => {
    const { child } = any(running)
    child.kill('SIGSTOP')
    await sleep(500 + Math.random() * 3000)
    child.kill('SIGCONT')
  },
  // The line to the database goes quiet, and comes back.
  async () => {
    const { proxy } = any(running)
    proxy.freeze()
    await sleep(1000 + Math.random() * 3000)
    proxy.thaw()
  },
  // Some of the servers' connections are ended by the database; never the one that asks for it.
  async () => {
    await database.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name IN ('parley-server', 'parley-signals') AND random() < 0.4`,
    )
  },
]

test(`of ${REPLIES} replies each reaches its customer once and in order, whatever happens to three servers`, async () => {
  running = await Promise.all([start(), start(), start()])
  await writeReplies()
  await database.pool.query('NOTIFY parley_delivery')
  const until = Date.now() + Math.max(12_000, REPLIES * 8)
  while (Date.now() < until && graph.accepted.length < REPLIES) {
    await sleep(100 + Math.random() * 500)
    await any(MISFORTUNES)()
  }

  // From here on nothing goes wrong any more, and everything goes on by itself.
  const state = async () => {
    const { rows } = await database.pool.query<{ text: string; state: string }>(
      `SELECT m.content_text AS text, a.state FROM message_attempts a JOIN messages m ON m.id = a.message_id`,
    )
    return rows
  }
  await eventually(
    async () => {
      const open = (await state()).filter(({ state: is }) => is === 'waiting' || is === 'sending')
      expect(open).toEqual([])
    },
    15_000 + REPLIES * 10,
  )
  await eventually(() => expect(graph.webhooks.pending).toBe(0), 60_000)
  await eventually(async () => {
    // What the channel took is known to be taken, though the answer to the send was lost.
    const taken = new Set(graph.accepted.map(({ text }) => text))
    expect(
      (await state()).filter(({ text, state: is }) => taken.has(text) && is === 'ambiguous'),
    ).toEqual([])
  }, 30_000)

  const texts = graph.accepted.map(({ text }) => text)
  const twice = texts.filter((text, index) => texts.indexOf(text) !== index)
  expect(twice).toEqual([])
  // What nobody knows of did not arrive, and is shown as what it is.
  const missing = (await state()).filter(({ text }) => !texts.includes(text))
  expect(missing.every(({ state: is }) => is === 'ambiguous')).toBe(true)
  expect(texts.length + missing.length).toBe(
    Math.ceil(REPLIES / PER_CONVERSATION) * PER_CONVERSATION,
  )

  const byConversation = Map.groupBy(texts, (text) => text.split(' ')[0])
  for (const sent of byConversation.values()) expect(sent).toEqual(sent.toSorted())
}, 3_600_000)
