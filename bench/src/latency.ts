import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { launchWorkstation } from '@parley/e2e/workstation'
import { createWebhookSender, messageBody, newWamid, type WebhookSender } from '@parley/simulator'
import { hash } from '@node-rs/argon2'
import Database from 'better-sqlite3'
import type pg from 'pg'
import { WebSocket, WebSocketServer } from 'ws'

import { parseOptions } from './options.ts'
import { percentile } from './percentile.ts'
import { readPassages, reportStages, tracedServer, tracedWorkstation } from './stages.ts'
import { APP_SECRET, PHONE_NUMBER_ID, createWorld } from './world.ts'

const MESSAGES_PER_SECOND = 20
const BUSINESS = { phoneNumberId: PHONE_NUMBER_ID, displayPhoneNumber: '15550783881' }
const CUSTOMER = { phone: '5215550192093', name: 'Lucía Barrientos' }
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

/**
 * From the webhook leaving Meta's side to its text standing on the workstation's screen, against the least
 * that lies between: one commit, one WebSocket frame, one SQLite commit.
 */
export async function benchLatency(options: string[]): Promise<void> {
  const { seconds } = parseOptions(options, { seconds: 20, sizes: [] })
  const world = await createWorld()
  const folder = mkdtempSync(join(tmpdir(), 'parley-bench-workstation-'))
  try {
    const floor = await measureFloor(world.pool, folder, seconds)
    const email = await addAgent(world.pool)
    const server = await world.startServer(tracedServer(folder))
    const workstation = await launchWorkstation({
      userData: join(folder, 'data'),
      serverUrl: server.url,
      env: tracedWorkstation(folder),
    })
    const { page } = workstation
    await page.getByLabel('Correo').fill(email)
    await page.getByLabel('Contraseña', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Entrar' }).click()
    const webhooks = createWebhookSender({
      url: () => `${server.url}/webhooks/whatsapp`,
      appSecret: APP_SECRET,
    })
    await write(webhooks, 'quiero comprar')
    await page.getByRole('option', { name: /Lucía Barrientos/ }).click()
    await page.locator('[data-message-id]', { hasText: 'quiero comprar' }).waitFor()

    // The page notes when a text first stands in it; nothing of the measurement waits for anything else.
    await page.evaluate(() => {
      const seen: Record<string, number> = {}
      Object.assign(window, { seen })
      const note = (): void => {
        const at = performance.timeOrigin + performance.now()
        for (const [text] of document.body.innerText.matchAll(/medida \d+\b/g)) seen[text] ??= at
      }
      new MutationObserver(note).observe(document.body, {
        childList: true,
        subtree: true,
        characterData: true,
      })
    })
    const total = seconds * MESSAGES_PER_SECOND
    const sentAt: number[] = []
    for (let index = 0; index < total; index++) {
      const due = (sentAt[0] ?? Date.now()) + (index * 1000) / MESSAGES_PER_SECOND
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - Date.now())))
      sentAt.push(performance.timeOrigin + performance.now())
      void write(webhooks, `medida ${index}`)
    }
    await page
      .locator('[data-message-id]', { hasText: `medida ${total - 1}` })
      .first()
      .waitFor()
    const seen = await page.evaluate(
      () => (window as unknown as { seen: Record<string, number> }).seen,
    )
    const ways = sentAt.flatMap((from, index) => {
      const to = seen[`medida ${index}`]
      return to === undefined ? [] : [{ from, to }]
    })
    const latencies = ways.map(({ from, to }) => to - from)
    if (latencies.length < total * 0.95)
      throw new Error(`only ${latencies.length} of ${total} texts were seen`)
    await workstation.close()

    report('webhook to screen', latencies)
    reportStages(STAGES, readPassages(folder), ways)
    report('floor (one commit, one frame, one SQLite commit)', floor)
    const ratio = percentile(latencies, 99) / percentile(floor, 99)
    process.stdout.write(
      `p99 ${percentile(latencies, 99).toFixed(0)} ms (target ≤ 150 ms), ${ratio.toFixed(1)} times the floor's\n`,
    )
  } finally {
    await world.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

function write(webhooks: WebhookSender, text: string): Promise<void> {
  return webhooks.send(
    messageBody(BUSINESS, [{ id: newWamid(), from: CUSTOMER, sentAt: new Date(), text }]),
  )
}

async function addAgent(pool: pg.Pool): Promise<string> {
  const id = randomUUID()
  const email = `${id}@parley.example`
  await pool.query(
    `INSERT INTO users (id, email, password_hash, full_name, role) VALUES ($1, $2, $3, 'Mariana Solís', 'agent')`,
    [id, email, await hash(PASSWORD, { memoryCost: 1024, timeCost: 1 })],
  )
  await pool.query(`INSERT INTO team_memberships (user_id, team_id) SELECT $1, id FROM teams`, [id])
  await pool.query('INSERT INTO agent_presence (user_id, capacity) VALUES ($1, 10)', [id])
  return email
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
  for (let index = 0; index < seconds * MESSAGES_PER_SECOND; index++) {
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
    await new Promise((resolve) => setTimeout(resolve, 1000 / MESSAGES_PER_SECOND))
  }
  client.close()
  server.close()
  sqlite.close()
  await pool.query('DROP TABLE floor')
  return times
}

function report(name: string, values: number[]): void {
  process.stdout.write(
    `${name}: p50 ${percentile(values, 50).toFixed(1)} ms, p99 ${percentile(values, 99).toFixed(1)} ms (${values.length} messages)\n`,
  )
}
