import { randomUUID } from 'node:crypto'
import { type AddressInfo } from 'node:net'
import { join } from 'node:path'

import { type Bridge } from '@parley/contracts'
import { launchWorkstation, type RunningWorkstation } from '@parley/e2e/workstation'
import {
  createWebhookSender,
  messageBody,
  newWamid,
  signInAgent,
  type WebhookSender,
} from '@parley/simulator'
import { hash } from '@node-rs/argon2'
import Database from 'better-sqlite3'
import type pg from 'pg'
import { WebSocket, WebSocketServer } from 'ws'

import { bench, number } from './options.ts'
import { fillCompany } from './company.ts'
import { percentile } from './percentile.ts'
import { readPassages, reportStages, tracedServer, tracedWorkstation } from './stages.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { APP_SECRET, PHONE_NUMBER_ID, createWorld } from './world.ts'

const USUAL_RATE = 20
const RUSH_RATE = 50
const BUSINESS = { phoneNumberId: PHONE_NUMBER_ID, displayPhoneNumber: '15550783881' }
/** Of whom each second message is: their conversations are the agent's own, and all of them on the screen. */
const OWN_CUSTOMERS = 8
/** Of whom the other half is. */
const OTHER_CUSTOMERS = 100
/** Besides the workstation: people of the same teams, whom everything reaches, too. */
const FOLLOWERS = 10
/** In the order in which a message passes them, as server and engine name them. */
const STAGES = [
  'webhook received',
  'body committed',
  'message committed',
  'feed read',
  'content loaded',
  'batch sent',
  'batch received',
  'batch applied',
  'window told',
  'window answered',
]
const PASSWORD = 'a bench password'
let written = 0

/**
 * From the webhook leaving Meta's side to its text standing on the workstation's screen, in a company at work: many
 * conversations, a cache as full as it becomes, colleagues who follow. Against the least that lies between: one commit,
 * one WebSocket frame, one SQLite commit.
 */
export const latency = bench({
  says: 'from the webhook to the screen',
  options: {
    seconds: number(20, 'seconds of each measurement'),
    conversations: number(20_000, 'conversations of the company'),
  },
  run,
})

async function run({
  seconds,
  conversations,
}: {
  seconds: number
  conversations: number
}): Promise<void> {
  const world = await createWorld()
  const folder = temporaryFolder('bench-workstation')
  try {
    const floor = await measureFloor(world.pool, folder, seconds)
    await fillCompany(world.pool, conversations)
    const server = await world.startServer(tracedServer(folder))
    const webhooks = createWebhookSender({
      url: () => `${server.url}/webhooks/whatsapp`,
      appSecret: APP_SECRET,
    })
    for (let number = 0; number < OWN_CUSTOMERS + OTHER_CUSTOMERS; number++)
      await write(webhooks, number, 'quiero comprar')
    const agent = await addAgent(world.pool, OWN_CUSTOMERS)
    await own(world.pool, agent.userId)
    const followers = await Promise.all(
      Array.from({ length: FOLLOWERS }, () => follow(world.pool, server.url)),
    )
    const workstation = await launchWorkstation({
      userData: join(folder, 'data'),
      serverUrl: server.url,
      env: tracedWorkstation(folder),
    })
    const { page } = workstation
    await page.getByLabel('Correo').fill(agent.email)
    await page.getByLabel('Contraseña', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Entrar' }).click()
    await page.getByRole('option', { name: nameOf(0) }).click({ timeout: 60_000 })
    await page.locator('[data-message-id]', { hasText: 'quiero comprar' }).waitFor()
    await noteTexts(page)
    const usual = await writeAll(page, webhooks, { perSecond: USUAL_RATE, seconds })
    const stages = readPassages(folder)
    const rush = await writeAll(page, webhooks, { perSecond: RUSH_RATE, seconds: seconds / 2 })
    for (const follower of followers) await follower.end()
    await workstation.close()

    const { filesMs, readableMs } = await startAgain(folder, server.url)

    const latencies = usual.ways.map(({ from, to }) => to - from)
    report(`webhook to screen at ${USUAL_RATE} a second`, latencies)
    reportStages(STAGES, stages, usual.ways)
    report('floor (one commit, one frame, one SQLite commit)', floor)
    const ratio = percentile(latencies, 50) / percentile(floor, 50)
    process.stdout.write(
      `p50 ${percentile(latencies, 50).toFixed(0)} ms (target ≤ 20 ms), ${ratio.toFixed(1)} times the floor's; ` +
        `p99 ${percentile(latencies, 99).toFixed(0)} ms (target ≤ 100 ms)\n`,
    )
    report('of which the bridge between window and engine, there and back', usual.bridge)
    report(
      `webhook to screen at ${RUSH_RATE} a second`,
      rush.ways.map(({ from, to }) => to - from),
    )
    process.stdout.write(
      `tasks of the window over 50 ms: ${usual.tasks.length} of ${USUAL_RATE} a second, ` +
        `${rush.tasks.length} of ${RUSH_RATE} a second, longest ${Math.max(0, ...usual.tasks, ...rush.tasks).toFixed(0)} ms\n` +
        `started again, its inbox stands ${readableMs.toFixed(0)} ms after its page began (target ≤ 500 ms), ` +
        `whose files were all there after ${filesMs.toFixed(0)} ms\n`,
    )
  } finally {
    await world.stop()
  }
}

interface Noted {
  seen: Record<string, number>
  /** Tasks of the window's thread over 50 ms, in milliseconds. */
  tasks: number[]
  /** Of a question to the engine that says nothing of conversations, there and back, in milliseconds. */
  bridge: number[]
}

interface Written {
  /** Of the agent's own customers' messages: from the webhook to the screen, epoch milliseconds. */
  ways: { from: number; to: number }[]
  tasks: number[]
  bridge: number[]
}

/** Each second message is of the agent's own customers. */
async function writeAll(
  page: RunningWorkstation['page'],
  webhooks: WebhookSender,
  { perSecond, seconds }: { perSecond: number; seconds: number },
): Promise<Written> {
  const sentAt = new Map<string, number>()
  const startedAt = Date.now()
  for (let index = 0; index < seconds * perSecond; index++) {
    const due = startedAt + (index * 1000) / perSecond
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - Date.now())))
    const isOwn = index % 2 === 0
    const text = `${isOwn ? 'medida' : 'otra'} ${(written += 1)}`
    if (isOwn) sentAt.set(text, performance.timeOrigin + performance.now())
    const turn = Math.floor(index / 2)
    const number = isOwn ? turn % OWN_CUSTOMERS : OWN_CUSTOMERS + (turn % OTHER_CUSTOMERS)
    void write(webhooks, number, text)
  }
  await page
    .getByText([...sentAt.keys()].at(-1) ?? '')
    .first()
    .waitFor()
  const { seen, tasks, bridge } = await page.evaluate(() => {
    const noted = window as unknown as Noted
    return { seen: noted.seen, tasks: noted.tasks.splice(0), bridge: noted.bridge.splice(0) }
  })
  const ways = [...sentAt].flatMap(([text, from]) => {
    const to = seen[text]
    return to === undefined ? [] : [{ from, to }]
  })
  if (ways.length < sentAt.size * 0.95)
    throw new Error(`only ${ways.length} of ${sentAt.size} texts were seen`)
  return { ways, tasks, bridge }
}

/** @returns milliseconds from the page's beginning until a conversation stands in it */
/** @returns since the page began: when its program and its style were there, and when its inbox stood */
async function startAgain(
  folder: string,
  serverUrl: string,
): Promise<{ filesMs: number; readableMs: number }> {
  const workstation = await launchWorkstation({ userData: join(folder, 'data'), serverUrl })
  try {
    const { page } = workstation
    await page.getByRole('option', { name: nameOf(0) }).waitFor({ timeout: 60_000 })
    return await page.evaluate(() => {
      const readableMs = performance.now()
      const files = performance.getEntriesByType('resource') as PerformanceResourceTiming[]
      // What begins later, such as dialogs, nobody waits for.
      const needed = files.filter(({ initiatorType }) => ['script', 'link'].includes(initiatorType))
      const paintMs = performance.getEntriesByType('paint')[0]?.startTime ?? readableMs
      const ends = needed.filter(({ startTime }) => startTime < paintMs).map((it) => it.responseEnd)
      return { filesMs: Math.max(0, ...ends), readableMs }
    })
  } finally {
    await workstation.close()
  }
}

/** When a text first stands in the page; looked for in what has changed and nowhere else, so that looking costs little. */
async function noteTexts(page: RunningWorkstation['page']): Promise<void> {
  await page.evaluate(() => {
    const seen: Record<string, number> = {}
    const tasks: number[] = []
    const bridge: number[] = []
    Object.assign(window, { seen, tasks, bridge })
    const { parley } = window as unknown as { parley: Bridge }
    setInterval(async () => {
      const from = performance.now()
      await parley.call('session.get', undefined)
      bridge.push(performance.now() - from)
    }, 200)
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) tasks.push(duration)
    }).observe({ entryTypes: ['longtask'] })
    const note = (records: MutationRecord[]): void => {
      const at = performance.timeOrigin + performance.now()
      for (const { target, addedNodes } of records) {
        for (const node of target.nodeType === Node.TEXT_NODE ? [target] : addedNodes) {
          for (const [text] of (node.textContent ?? '').matchAll(/medida \d+\b/g)) seen[text] ??= at
        }
      }
    }
    new MutationObserver(note).observe(document.body, {
      childList: true,
      subtree: true,
      characterData: true,
    })
  })
}

const nameOf = (number: number): string => `Cliente ${String(number).padStart(3, '0')}`
const phoneOf = (number: number): string => `5215550${String(number).padStart(6, '0')}`

function write(webhooks: WebhookSender, number: number, text: string): Promise<void> {
  const from = { phone: phoneOf(number), name: nameOf(number) }
  return webhooks.send(messageBody(BUSINESS, [{ id: newWamid(), from, sentAt: new Date(), text }]))
}

/** The first customers' conversations become this agent's, once all of them have come into a queue. */
async function own(pool: pg.Pool, userId: string): Promise<void> {
  for (;;) {
    const { rowCount } = await pool.query(
      `UPDATE conversations c SET status = 'assigned', assigned_to = $1, assigned_at = NOW(), queued_at = NULL
       FROM customers u WHERE u.id = c.customer_id AND u.name = ANY($2) AND c.status = 'queued'`,
      [userId, Array.from({ length: OWN_CUSTOMERS }, (_, number) => nameOf(number))],
    )
    if (rowCount === OWN_CUSTOMERS) return
    if (rowCount !== 0) throw new Error(`${rowCount} of ${OWN_CUSTOMERS} conversations were there`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

async function follow(pool: pg.Pool, serverUrl: string): Promise<{ end(): Promise<void> }> {
  const { email } = await addAgent(pool, 0)
  const agent = await signInAgent({
    serverUrl,
    email,
    password: PASSWORD,
    onProblem: (problem) => process.stderr.write(`${problem}\n`),
  })
  await agent.follow(() => {})
  return agent
}

/** @param capacity full with the conversations that they own, or nothing: nobody is given any */
async function addAgent(
  pool: pg.Pool,
  capacity: number,
): Promise<{ userId: string; email: string }> {
  const id = randomUUID()
  const email = `${id}@parley.example`
  await pool.query(
    `INSERT INTO users (id, email, password_hash, full_name, role) VALUES ($1, $2, $3, 'Mariana Solís', 'agent')`,
    [id, email, await hash(PASSWORD, { memoryCost: 1024, timeCost: 1 })],
  )
  await pool.query(
    `INSERT INTO team_memberships (user_id, team_id) SELECT $1, id FROM teams WHERE slug IN ('sales', 'equipo-1')`,
    [id],
  )
  await pool.query('INSERT INTO agent_presence (user_id, capacity) VALUES ($1, $2)', [id, capacity])
  return { userId: id, email }
}

async function measureFloor(pool: pg.Pool, folder: string, seconds: number): Promise<number[]> {
  await pool.query('CREATE TABLE floor (id BIGINT GENERATED ALWAYS AS IDENTITY, text TEXT)')
  const sqlite = new Database(join(folder, 'floor.db'))
  sqlite.pragma('journal_mode = WAL')
  sqlite.pragma('synchronous = FULL')
  sqlite.exec('CREATE TABLE floor (text TEXT)')
  const insert = sqlite.prepare('INSERT INTO floor VALUES (?)')
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  await new Promise((resolve) => server.once('listening', resolve))
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  await new Promise((resolve) => client.once('open', resolve))

  const times: number[] = []
  for (let index = 0; index < seconds * USUAL_RATE; index++) {
    const startedAt = performance.now()
    await pool.query({
      name: 'floor',
      text: 'INSERT INTO floor (text) VALUES ($1)',
      values: ['medida'],
    })
    const received = new Promise((resolve) => client.once('message', resolve))
    for (const socket of server.clients) socket.send('x'.repeat(1000))
    await received
    insert.run('medida')
    times.push(performance.now() - startedAt)
    await new Promise((resolve) => setTimeout(resolve, 1000 / USUAL_RATE))
  }
  client.close()
  server.close()
  sqlite.close()
  await pool.query('DROP TABLE floor')
  return times
}

function report(name: string, values: number[]): void {
  process.stdout.write(
    `${name}: p50 ${percentile(values, 50).toFixed(1)} ms, p99 ${percentile(values, 99).toFixed(1)} ms (${values.length})\n`,
  )
}
