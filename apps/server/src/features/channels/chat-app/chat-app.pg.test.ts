import { createHmac } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { type AddressInfo } from 'node:net'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { conversationOf } from '../../../testing/conversations.ts'
import {
  APP_SECRET,
  CHAT_APP_SECRET,
  eventually,
  newId,
  startTestServer,
  type TestClient,
  type TestServer,
} from '../../../testing/test-server.ts'

interface Received {
  id: string
  customerId: string
  text: string
}

let app: Server
let server: TestServer
let client: TestClient
const received: Received[] = []
const badSignatures: string[] = []
/** What the app answers next, instead of 200. */
const answers: number[] = []

const sign = (body: string, secret = CHAT_APP_SECRET): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`

beforeAll(async () => {
  app = createServer((request, response) => {
    let body = ''
    request.on('data', (data) => (body += String(data)))
    request.on('end', () => {
      if (request.headers['x-parley-signature'] !== sign(body)) badSignatures.push(body)
      const status = answers.shift() ?? 200
      if (status === 200) received.push(JSON.parse(body) as Received)
      response.writeHead(status).end()
    })
  })
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve))
  const { port } = app.address() as AddressInfo
  server = await startTestServer({}, `http://127.0.0.1:${port}`)
  const agent = await server.addPerson({ role: 'agent', teamIds: Object.values(server.teams) })
  client = await server.signIn(agent)
})
afterAll(async () => {
  client.close()
  await server.stop()
  app.close()
})

async function post(payload: object, signature?: string): Promise<number> {
  const body = JSON.stringify(payload)
  const response = await fetch(`${server.url}/webhooks/chat-app`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-parley-signature': signature ?? sign(body) },
    body,
  })
  return response.status
}

const message = (id: string, customerId: string, text = 'Hola, quiero comprar') => ({
  type: 'message',
  id,
  customer: { id: customerId, name: 'Iván Rentería' },
  sentAt: new Date().toISOString(),
  text,
})

test('a customer of the app is answered in the app, and its receipt comes back', async () => {
  expect(await post({ account: 'default', events: [message('m-1', 'c-1')] })).toBe(200)
  const conversation = await conversationOf(server, 'chat_app:default:m-1')
  await client.trpc.conversations.claim.mutate({
    intentId: newId(),
    conversationId: conversation.id,
  })
  const id = newId()
  // Too busy at first: the app takes each id once, so it is simply asked again.
  answers.push(503)
  await client.trpc.messages.send.mutate({
    id,
    conversationId: conversation.id,
    text: 'Con gusto',
    lastSeenSeq: null,
  })
  await eventually(() =>
    expect(received).toEqual([
      { account: 'default', id: expect.any(String), customerId: 'c-1', text: 'Con gusto' },
    ]),
  )
  expect(badSignatures).toEqual([])

  await post({
    account: 'default',
    events: [
      {
        type: 'receipt',
        id: received[0]?.['id'],
        status: 'read',
        occurredAt: new Date().toISOString(),
      },
    ],
  })
  await eventually(async () => {
    const { rows } = await server.database.pool.query('SELECT status FROM messages WHERE id = $1', [
      id,
    ])
    expect(rows[0].status).toBe('read')
  })
})

test('the same event twice is one message, and a bad event harms no other', async () => {
  const events = [
    message('m-2', 'c-2'),
    { type: 'message', id: '' },
    message('m-2', 'c-2'),
    message('m-3', 'c-2'),
  ]
  expect(await post({ account: 'default', events })).toBe(200)
  expect(await post({ account: 'default', events })).toBe(200)
  await conversationOf(server, 'chat_app:default:m-3')
  await eventually(async () => {
    const { rows } = await server.database.pool.query(
      `SELECT (SELECT COUNT(*)::int FROM messages WHERE channel_message_id IN ('chat_app:default:m-2', 'chat_app:default:m-3')) AS messages,
              (SELECT COUNT(*)::int FROM quarantined_updates WHERE reason = 'malformed_event') AS aside`,
    )
    expect(rows[0]).toEqual({ messages: 2, aside: 2 })
  })
})

test('the app’s customer is another than WhatsApp’s with the same id', async () => {
  const { rows } = await server.database.pool.query<{ id: string }>(
    `INSERT INTO customers (external_id, channel) VALUES ('c-77', 'whatsapp') RETURNING id`,
  )
  await post({ account: 'default', events: [message('m-77', 'c-77')] })
  const conversation = await conversationOf(server, 'chat_app:default:m-77')
  const { rows: found } = await server.database.pool.query(
    'SELECT customer_id FROM conversations WHERE id = $1',
    [conversation.id],
  )
  expect(found[0].customer_id).not.toBe(rows[0]?.id)
})

test('a wrong signature is refused, as is that of another channel', async () => {
  const payload = { account: 'default', events: [] }
  expect(await post(payload, 'sha256=00')).toBe(401)
  expect(await post(payload, sign(JSON.stringify(payload), APP_SECRET))).toBe(401)
})
