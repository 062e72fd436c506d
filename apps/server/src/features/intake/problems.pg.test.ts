import { createTestDatabase, type TestDatabase } from '@parley/database/testing'
import pLimit from 'p-limit'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { Database } from '../../platform/database.ts'
import { createLogger } from '../../platform/logger.ts'
import { createServices } from '../../platform/services.ts'
import { TEST_SECRETS } from '../../testing/bare-services.ts'
import { retryQuarantined, createBatches } from './index.ts'
import { reviewBacklog, reviewQuarantine, setAside } from './problems.ts'
import { type IntakeServices } from './process.ts'

let database: TestDatabase
let services: IntakeServices

beforeAll(async () => {
  database = await createTestDatabase()
  const db = new Database(database.pool)
  services = {
    ...(await createServices(db, database.connectionString, TEST_SECRETS, createLogger('fatal'))),
    triage: { begin: () => {} },
    batches: createBatches(db),
    alone: pLimit(1),
  }
})
afterAll(() => database.drop())

const query = async (text: string, values: unknown[] = []) =>
  (await database.pool.query(text, values)).rows
const open = (kind: string) =>
  query('SELECT id, details FROM problems WHERE kind = $1 AND ended_at IS NULL', [kind])
const aMinuteLater = () => query(`UPDATE problems SET last_at = NOW() - INTERVAL '61 seconds'`)

/** A message for a number that nobody has set up. */
async function bodyFor(phoneNumberId: string, wamid: string): Promise<string> {
  const message = {
    from: '5215550192093',
    id: wamid,
    timestamp: '1764200000',
    type: 'text',
    text: { body: 'hola' },
  }
  const value = { metadata: { phone_number_id: phoneNumberId }, messages: [message] }
  const [row] = await query(
    `INSERT INTO webhook_bodies (channel, body, processed_at) VALUES ('whatsapp', $1, NOW()) RETURNING id`,
    [
      Buffer.from(
        JSON.stringify({
          object: 'whatsapp_business_account',
          entry: [{ id: '1', changes: [{ field: 'messages', value }] }],
        }),
      ),
    ],
  )
  return row.id as string
}

const UNKNOWN = { path: '', reason: 'unknown_channel_account', detail: '777' }

test('what is kept aside is told at once, with how much waits, and is over once a retry took it all', async () => {
  const bodies = [await bodyFor('777', 'wamid.a'), await bodyFor('777', 'wamid.b')]
  // Two processes at once, and one of them again.
  await Promise.all(
    [...bodies, bodies[0] ?? ''].map((bodyId) => setAside(services, { ...UNKNOWN, bodyId })),
  )
  const [told, ...more] = await open('quarantine')
  expect(more).toEqual([])
  await aMinuteLater()
  await reviewQuarantine(services)
  expect(await open('quarantine')).toEqual([{ id: told.id, details: { updates: 2 } }])

  await retryQuarantined(services, null, () => {})
  expect(await open('quarantine')).toHaveLength(1)
  await query(
    `INSERT INTO channel_accounts (channel, external_id, display_name) VALUES ('whatsapp', '777', 'nuevo')`,
  )
  const outcomes: (string | null)[] = []
  await retryQuarantined(services, null, (_, problem) => outcomes.push(problem?.reason ?? null))
  expect(outcomes).toEqual([null, null])
  expect(await open('quarantine')).toEqual([])
})

test('what waits since before, or was restored, is told by the next look', async () => {
  await query(
    `INSERT INTO quarantined_updates (webhook_body_id, path, reason, detail) VALUES ($1, '', 'too_deep', '')`,
    [await bodyFor('777', 'wamid.c')],
  )
  await Promise.all([reviewQuarantine(services), reviewQuarantine(services)])
  expect(await open('quarantine')).toMatchObject([{ details: { updates: 1 } }])
  await query('UPDATE quarantined_updates SET resolved_at = NOW()')
  await Promise.all([reviewQuarantine(services), reviewQuarantine(services)])
  expect(await open('quarantine')).toEqual([])
})

test('webhooks that take no effect are told after a minute, and it is over when they are not late any more', async () => {
  const waitFor = (seconds: number) =>
    query(
      `UPDATE webhook_bodies SET processed_at = NULL, received_at = NOW() - make_interval(secs => $1)`,
      [seconds],
    )
  await waitFor(50)
  await reviewBacklog(services)
  expect(await open('intake_behind')).toEqual([])
  await waitFor(61)
  await Promise.all([reviewBacklog(services), reviewBacklog(services)])
  expect(await open('intake_behind')).toMatchObject([{ details: { webhooks: 3 } }])
  // On its way to be well, and not there yet.
  await waitFor(30)
  await reviewBacklog(services)
  expect(await open('intake_behind')).toHaveLength(1)
  await waitFor(5)
  await reviewBacklog(services)
  expect(await open('intake_behind')).toEqual([])
})
