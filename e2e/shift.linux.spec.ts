import { readFileSync } from 'node:fs'

import { expect, type CDPSession, type Page } from '@playwright/test'

import { test } from './support/crew.ts'
import { type World } from './support/world.ts'

/** A shift in fast motion, short each day; a whole one with PARLEY_SHIFT=2000. */
const OPENED = Number(process.env['PARLEY_SHIFT'] ?? 90)
const MESSAGES_EACH = 12

test(`after ${OPENED} conversations opened, window and engine hold what they held after the first third`, async ({
  world,
  signIn,
}) => {
  test.setTimeout(90_000 + OPENED * 500)
  const boss = await world.addPerson({ fullName: 'Jefa', role: 'supervisor', teams: [] })
  const { app, page, problems } = await signIn(boss)
  await seed(world)
  const { rows } = await world.pool.query<{ id: string }>(
    'SELECT id FROM conversations ORDER BY id',
  )
  await expect
    .poll(() => page.evaluate(() => window.parley.call('inbox.counts', undefined)), {
      timeout: 60_000 + OPENED * 60,
    })
    .toMatchObject({ ok: true, value: { open: OPENED } })
  const session = await page.context().newCDPSession(page)
  const mainPid = app.process().pid ?? 0
  const samples: Sample[] = []
  for (const [count, { id }] of rows.entries()) {
    await open(page, id)
    if ((count + 1) % Math.floor(OPENED / 6) === 0) samples.push(await measure(session, mainPid))
  }
  console.log(samples.map((sample) => JSON.stringify(sample)).join('\n'))
  const [first, last] = [samples[1], samples.at(-1)] as [Sample, Sample]
  // A tenth for what a garbage collector leaves, and a few MB for the caches of code and statements.
  expect(last.nodes).toBeLessThan(first.nodes * 1.1 + 200)
  expect(last.listeners).toBeLessThan(first.listeners * 1.1 + 100)
  expect(last.heapMb).toBeLessThan(first.heapMb * 1.1 + 3)
  expect(last.engineMb).toBeLessThan(first.engineMb * 1.1 + 25)
  expect(problems).toEqual([])
})

interface Sample {
  nodes: number
  listeners: number
  heapMb: number
  /** Of the main process, whose thread the engine is: what garbage it holds counts, too. */
  engineMb: number
}

async function open(page: Page, conversationId: string): Promise<void> {
  await page.evaluate(
    (id) => window.parley.call('window.openConversation', { conversationId: id }),
    conversationId,
  )
  const shown = page.locator(`[data-open-conversation="${conversationId}"]`)
  await expect(shown.locator('[data-message-id]').first()).toBeVisible()
}

async function measure(session: CDPSession, mainPid: number): Promise<Sample> {
  await session.send('HeapProfiler.collectGarbage')
  const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  const resident = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${mainPid}/status`, 'utf8'))
  return {
    nodes,
    listeners: jsEventListeners,
    heapMb: Math.round(usedSize / 1e5) / 10,
    engineMb: Math.round(Number(resident?.[1] ?? 0) / 1000),
  }
}

/** Customers who wait in the queue, each with a few words back and forth. */
async function seed({ pool, teams }: World): Promise<void> {
  await pool.query(
    `WITH made AS (
       INSERT INTO customers (external_id, channel, name)
       SELECT '52155600' || lpad(n::text, 5, '0'), 'whatsapp', 'Cliente ' || n FROM generate_series(1, $1) AS n
       RETURNING id
     ), opened AS (
       INSERT INTO conversations (
         customer_id, channel, channel_account_id, team_id, status, queued_at, first_message_at, waiting_since,
         last_inbound_at, last_message_at)
       SELECT made.id, 'whatsapp', (SELECT id FROM channel_accounts LIMIT 1), $2, 'queued', now(), now(), now(), now(), now()
       FROM made RETURNING id
     )
     INSERT INTO messages (conversation_id, direction, sender_type, content_type, content_text, status, sent_at)
     SELECT opened.id, 'inbound', 'customer', 'text', 'Mensaje ' || m || ' de un cliente que escribe bastante', 'delivered',
       now() - make_interval(mins => $3 - m)
     FROM opened, generate_series(1, $3) AS m`,
    [OPENED, teams.sales, MESSAGES_EACH],
  )
}
