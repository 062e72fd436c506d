import { createHmac } from 'node:crypto'

import { newWamid, whatsAppBody } from '@parley/simulator'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { Database } from '../../platform/database.ts'
import { conversationOf, newCustomer } from '../../testing/conversations.ts'
import {
  APP_SECRET,
  BUSINESS,
  CHAT_APP_SECRET,
  eventually,
  startTestServer,
  type TestServer,
} from '../../testing/test-server.ts'
import { createLogger } from '../../platform/logger.ts'
import { createServices } from '../../platform/services.ts'
import { TEST_SECRETS } from '../../testing/bare-services.ts'
import pLimit from 'p-limit'
import { listQuarantined, retryQuarantined, createBatches } from './index.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())

const query = async (text: string, values: unknown[] = []) =>
  (await server.database.pool.query(text, values)).rows

const text = (from: string, body: unknown, id = newWamid(), more: object = {}) => ({
  from,
  id,
  timestamp: String(Math.floor(Date.now() / 1000)),
  type: 'text',
  text: { body },
  ...more,
})

async function post(messages: object[], phoneNumberId = BUSINESS.phoneNumberId): Promise<void> {
  const payload = whatsAppBody({ ...BUSINESS, phoneNumberId }, { messages })
  await deliver('/webhooks/whatsapp', 'x-hub-signature-256', payload, APP_SECRET)
}

async function deliver(
  path: string,
  header: string,
  payload: object,
  secret: string,
): Promise<void> {
  // Deeper than `JSON.stringify` can write it.
  const body = JSON.stringify(payload).replace('"@deep"', `${'['.repeat(6000)}${']'.repeat(6000)}`)
  const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
  const answer = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { [header]: signature },
    body,
  })
  expect(answer.status).toBe(200)
  await eventually(async () =>
    expect(await query('SELECT id FROM webhook_bodies WHERE processed_at IS NULL')).toEqual([]),
  )
}

test('half an emoji anywhere in a message loses nothing of it', async () => {
  const { phone } = newCustomer()
  const id = newWamid()
  const half = 'oferta \ud83d'
  await post([
    text(phone, `quiero la ${half}`, id, {
      referral: { headline: half, [half]: [half, { deep: half }] },
    }),
  ])
  await conversationOf(server, id)
  const [stored] = await query(
    'SELECT content_text, content_metadata FROM messages WHERE channel_message_id = $1',
    [id],
  )
  expect(stored?.content_text).toBe('quiero la oferta \ufffd')
  expect(stored?.content_metadata.referral.headline).toBe('oferta \ufffd')
})

test('a message that is nested deeper than messages are is kept aside, and its neighbours are not', async () => {
  const { phone } = newCustomer()
  const [before, deep, after] = [newWamid(), newWamid(), newWamid()]
  await post([
    text(phone, 'antes', before),
    text(phone, 'hondo', deep, { referral: '@deep' }),
    text(phone, 'después', after),
  ])
  expect(
    await query(
      'SELECT content_text FROM messages WHERE channel_message_id = ANY($1) ORDER BY seq',
      [[before, deep, after]],
    ),
  ).toEqual([{ content_text: 'antes' }, { content_text: 'después' }])
  expect(await query(`SELECT tries FROM quarantined_updates WHERE reason = 'too_deep'`)).toEqual([
    { tries: 1 },
  ])
})

test('a sender’s clock in the year 1, 9999 or nowhere leaves no conversation behind', async () => {
  const events = ['0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z'].map((sentAt, index) => ({
    type: 'message',
    id: `clock-${index}`,
    customer: { id: `clock-${index}`, name: 'Reloj' },
    sentAt,
    text: 'hola',
  }))
  await deliver(
    '/webhooks/chat-app',
    'x-parley-signature',
    { account: 'default', events },
    CHAT_APP_SECRET,
  )
  for (const { id } of events) {
    const { id: conversation } = await conversationOf(server, `chat_app:default:${id}`)
    const [row] = await query(
      `SELECT ABS(EXTRACT(EPOCH FROM NOW() - first_message_at)) < 600 AS is_now FROM conversations WHERE id = $1`,
      [conversation],
    )
    expect(row).toEqual({ is_now: true })
  }
})

test('what no text can hold loses no message, wherever the channel puts it', async () => {
  const { phone } = newCustomer()
  const ids = [newWamid(), newWamid(), newWamid()]
  const nul = 'a\u0000b'
  await post([
    text(phone, 'hola', ids[0], { context: { id: nul } }),
    text(phone, 'hola', ids[1], { type: nul }),
    text(phone, 'hola', ids[2], { type: 'reaction', reaction: { message_id: nul, emoji: '👍' } }),
  ])
  expect(
    await query(
      'SELECT content_type FROM messages WHERE channel_message_id = ANY($1) ORDER BY content_type',
      [ids],
    ),
  ).toEqual([{ content_type: 'ab' }, { content_type: 'reaction' }, { content_type: 'text' }])
})

test('an error code that comes as text still says why a message failed', async () => {
  const statuses = [
    {
      id: 'wamid.unknown-send',
      status: 'failed',
      timestamp: '1764200000',
      errors: [{ code: '131026', title: 'Message undeliverable' }],
    },
    { id: 'wamid.x', status: '__proto__', timestamp: '1764200000' },
  ]
  const payload = whatsAppBody(BUSINESS, { statuses })
  await deliver('/webhooks/whatsapp', 'x-hub-signature-256', payload, APP_SECRET)
  expect(
    await query(
      `SELECT channel_message_id, failed_reason FROM parked_receipts WHERE channel_message_id LIKE 'wamid.%'`,
    ),
  ).toEqual([
    { channel_message_id: 'wamid.unknown-send', failed_reason: '131026: Message undeliverable' },
  ])
})

async function workServices(db: Database) {
  const logger = createLogger('fatal')
  return {
    ...(await createServices(db, server.database.connectionString, TEST_SECRETS, logger)),
    triage: { begin: () => {} },
    batches: createBatches(db),
    alone: pLimit(1),
  }
}

test('a whole body that is tried again takes effect but for what cannot be processed', async () => {
  const id = newWamid()
  await post([{ id: 7 }, text(newCustomer().phone, 'hola', id)], '778')
  await query(
    `INSERT INTO channel_accounts (channel, external_id, display_name) VALUES ('whatsapp', '778', 'nuevo')`,
  )
  await query(
    `UPDATE quarantined_updates SET path = '', reason = 'never_finished' WHERE reason = 'unknown_channel_account'`,
  )
  const outcomes: (string | null)[] = []
  const db = new Database(server.database.pool)
  await retryQuarantined(await workServices(db), 'never_finished', (_, problem) =>
    outcomes.push(problem?.reason ?? null),
  )
  expect(outcomes).toEqual(['malformed_message'])
  expect((await conversationOf(server, id)).id).toBeDefined()
})

test('what waits in quarantine is processed on command once it can be, and once only', async () => {
  const { phone } = newCustomer()
  const id = newWamid()
  await post([text(phone, 'hola, ¿me leen?', id)], '777')
  const waiting: string[] = []
  const db = new Database(server.database.pool)
  await listQuarantined(db, 'unknown_channel_account', ({ path }) => void waiting.push(path))
  expect(waiting).toHaveLength(1)

  const services = await workServices(db)
  const outcomes = async (): Promise<(string | null)[]> => {
    const all: (string | null)[] = []
    await retryQuarantined(services, 'unknown_channel_account', (_, problem) =>
      all.push(problem?.reason ?? null),
    )
    return all
  }
  expect(await outcomes()).toEqual(['unknown_channel_account'])
  await query(
    `INSERT INTO channel_accounts (channel, external_id, display_name) VALUES ('whatsapp', '777', 'nuevo')`,
  )
  expect(await outcomes()).toEqual([null])
  expect(await outcomes()).toEqual([])
  expect((await conversationOf(server, id)).id).toBeDefined()
  expect(
    await query('SELECT COUNT(*)::int AS n FROM messages WHERE channel_message_id = $1', [id]),
  ).toEqual([{ n: 1 }])
})

test('a body that no process ever finishes holds up none that can be finished', async () => {
  // As bodies look that several processes have died over.
  await query(
    `INSERT INTO webhook_bodies (channel, body, tries, taken_by, next_try_at)
     SELECT 'whatsapp', '{"object":"whatsapp_business_account","entry":[]}', 9, gen_random_uuid(), NOW()
     FROM generate_series(1, 300)`,
  )
  const id = newWamid()
  await post([text(newCustomer().phone, 'sigo aquí', id)])
  await conversationOf(server, id)
  await eventually(async () =>
    expect(
      await query(
        `SELECT COUNT(*)::int AS n FROM quarantined_updates WHERE reason = 'never_finished'`,
      ),
    ).toEqual([{ n: 300 }]),
  )
})
