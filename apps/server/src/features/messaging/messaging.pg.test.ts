import { afterAll, beforeAll, expect, test } from 'vitest'

import { codeOf, conversationOf, newCustomer, write } from '../../testing/conversations.ts'
import {
  eventually,
  newId,
  startTestServer,
  type TestClient,
  type TestPerson,
  type TestServer,
} from '../../testing/test-server.ts'

let server: TestServer
let agent: TestPerson
let client: TestClient

beforeAll(async () => {
  server = await startTestServer()
  agent = await server.addPerson({
    role: 'agent',
    teamIds: Object.values(server.teams),
    capacity: 500,
  })
  client = await server.signIn(agent)
})
afterAll(async () => {
  client.close()
  await server.stop()
})

/** A conversation that belongs to the agent. */
async function ownConversation(customer = newCustomer()): Promise<string> {
  const { id } = await conversationOf(server, await write(server, customer, 'hola'))
  await client.trpc.conversations.claim.mutate({ intentId: newId(), conversationId: id })
  return id
}

async function reply(conversationId: string, text: string, id = newId()): Promise<string> {
  await client.trpc.messages.send.mutate({ id, conversationId, text, lastSeenSeq: null })
  return id
}

async function messageOf(id: string) {
  const { rows } = await server.database.pool.query('SELECT * FROM messages WHERE id = $1', [id])
  return rows[0]
}

const becomes = (id: string, status: string): Promise<void> =>
  eventually(async () => expect((await messageOf(id)).status).toBe(status))

const sentTexts = (texts: string[]): string[] =>
  server.graph.accepted.map(({ text }) => text).filter((text) => texts.includes(text))

test('a reply reaches the customer and its receipts come back', async () => {
  const conversationId = await ownConversation()
  const id = await reply(conversationId, 'Con gusto, ¿en qué te ayudo?')
  await becomes(id, 'read')
  const message = await messageOf(id)
  expect(message.delivered_at).not.toBeNull()
  expect(message.read_at).not.toBeNull()
  expect(sentTexts(['Con gusto, ¿en qué te ayudo?'])).toHaveLength(1)
  const { rows } = await server.database.pool.query(
    'SELECT status, first_response_at, waiting_since FROM conversations WHERE id = $1',
    [conversationId],
  )
  expect(rows[0].status).toBe('pending_customer')
  expect(rows[0].first_response_at).not.toBeNull()
  expect(rows[0].waiting_since).toBeNull()
})

test('the same reply sent ten times at once is one message', async () => {
  const conversationId = await ownConversation()
  const id = newId()
  await Promise.all(Array.from({ length: 10 }, () => reply(conversationId, 'una vez', id)))
  await becomes(id, 'read')
  expect(sentTexts(['una vez'])).toEqual(['una vez'])
})

test('replies go out in the order they were written, also when the first must wait', async () => {
  const conversationId = await ownConversation()
  server.graph.fail({ kind: 'error', code: 130429, httpStatus: 429 })
  const texts = ['primero', 'segundo', 'tercero']
  const ids: string[] = []
  for (const text of texts) ids.push(await reply(conversationId, text))
  for (const id of ids) await becomes(id, 'read')
  expect(sentTexts(texts)).toEqual(texts)
  expect((await messageOf(ids[0] as string)).retry_count).toBe(1)
})

test('a send whose answer is lost is never repeated, and its receipts tell what became of it', async () => {
  const conversationId = await ownConversation()
  server.graph.fail({ kind: 'lose_answer' })
  const id = await reply(conversationId, 'respuesta perdida')
  await becomes(id, 'read')
  expect(sentTexts(['respuesta perdida'])).toEqual(['respuesta perdida'])
  expect((await messageOf(id)).ambiguous_at).toBeNull()
})

test('receipts that overtake the answer are applied when it comes', async () => {
  const conversationId = await ownConversation()
  server.graph.fail({ kind: 'delay_answer', ms: 150 })
  const id = await reply(conversationId, 'respuesta lenta')
  await becomes(id, 'read')
  await new Promise((resolve) => setTimeout(resolve, 250))
  expect((await messageOf(id)).status).toBe('read')
})

test('what may have gone out stays pending and is shown as such until a person decides', async () => {
  const conversationId = await ownConversation()
  server.graph.fail({ kind: 'error', code: 131000, httpStatus: 500 })
  const id = await reply(conversationId, 'quién sabe')
  await eventually(async () => expect((await messageOf(id)).ambiguous_at).not.toBeNull())
  const next = await reply(conversationId, 'la que sigue')
  await becomes(next, 'read')
  expect((await messageOf(id)).status).toBe('pending')
  expect(sentTexts(['quién sabe'])).toEqual([])
  await client.trpc.messages.retry.mutate({ intentId: newId(), messageId: id })
  await becomes(id, 'read')
  expect(sentTexts(['quién sabe'])).toEqual(['quién sabe'])
})

test('a refusal is final, says why, and only a person tries again', async () => {
  const conversationId = await ownConversation()
  server.graph.fail({ kind: 'error', code: 131026 })
  const id = await reply(conversationId, 'no llega')
  await becomes(id, 'failed')
  expect((await messageOf(id)).failed_reason).toBe('undeliverable')
  await client.trpc.messages.retry.mutate({ intentId: newId(), messageId: id })
  await becomes(id, 'read')
})

test('a failure that the channel reports later keeps its code, and stays on record when it is sent again', async () => {
  const conversationId = await ownConversation()
  server.graph.fail({ kind: 'fail_later', code: 131047 })
  const id = await reply(conversationId, 'falla después')
  await becomes(id, 'failed')
  const failed = await messageOf(id)
  expect(failed.failed_reason).toContain('131047')
  await client.trpc.messages.retry.mutate({ intentId: newId(), messageId: id })
  await becomes(id, 'read')
  const { rows } = await server.database.pool.query(
    `SELECT state, channel_message_id FROM message_attempts WHERE message_id = $1 ORDER BY number`,
    [id],
  )
  expect(rows).toMatchObject([
    { state: 'failed', channel_message_id: failed.channel_message_id },
    { state: 'read', channel_message_id: (await messageOf(id)).channel_message_id },
  ])
})

test('a person settles what may have gone out as sent, and gives up what failed', async () => {
  const conversationId = await ownConversation()
  server.graph.fail(
    { kind: 'error', code: 131000, httpStatus: 500 },
    { kind: 'error', code: 131026 },
  )
  const ambiguous = await reply(conversationId, 'llegó, lo vi')
  await eventually(async () => expect((await messageOf(ambiguous)).ambiguous_at).not.toBeNull())
  const failed = await reply(conversationId, 'ya no importa')
  await becomes(failed, 'failed')
  const settle = (messageId: string, as: 'sent' | 'discarded') =>
    client.trpc.messages.settle.mutate({ intentId: newId(), messageId, as })

  expect(await codeOf(settle(failed, 'sent'))).toBe('conflict')
  await settle(ambiguous, 'sent')
  expect(await messageOf(ambiguous)).toMatchObject({ status: 'sent', ambiguous_at: null })
  await settle(failed, 'discarded')
  expect((await messageOf(failed)).discarded_at).not.toBeNull()
  expect(await codeOf(settle(failed, 'discarded'))).toBe('conflict')
  const retry = client.trpc.messages.retry.mutate({ intentId: newId(), messageId: failed })
  expect(await codeOf(retry)).toBe('conflict')
})

test('a message that did not fail cannot be retried', async () => {
  const conversationId = await ownConversation()
  const id = await reply(conversationId, 'llegó bien')
  await becomes(id, 'read')
  expect(
    await codeOf(client.trpc.messages.retry.mutate({ intentId: newId(), messageId: id })),
  ).toBe('conflict')
})

test('no customer gets two answers: a reply is refused after a colleague has answered', async () => {
  const conversationId = await ownConversation()
  const lead = await server.addPerson({ role: 'supervisor', teamIds: [] })
  const leadClient = await server.signIn(lead)
  await leadClient.trpc.messages.send.mutate({
    id: newId(),
    conversationId,
    text: 'ya contesté yo',
    lastSeenSeq: null,
  })
  const mine = { id: newId(), conversationId, text: 'contesto también', lastSeenSeq: 0 }
  expect(await codeOf(client.trpc.messages.send.mutate(mine))).toBe('reply_outdated')
  expect(await messageOf(mine.id)).toBeUndefined()
  await client.trpc.messages.send.mutate({ ...mine, despiteNewerReply: true })
  await becomes(mine.id, 'read')
  leadClient.close()
})

test('outside the 24 hours, by the customer’s clock, nothing is accepted', async () => {
  const yesterday = new Date(Date.now() - 25 * 3600_000)
  const { id: conversationId } = await conversationOf(
    server,
    await write(server, newCustomer(), 'hola ayer', yesterday),
  )
  await client.trpc.conversations.claim.mutate({ intentId: newId(), conversationId })
  expect(
    await codeOf(
      client.trpc.messages.send.mutate({
        id: newId(),
        conversationId,
        text: 'tarde',
        lastSeenSeq: null,
      }),
    ),
  ).toBe('window_closed')
})

test('a send that was under way when its process died is ambiguous, never repeated', async () => {
  const conversationId = await ownConversation()
  const id = newId()
  // As a killed process leaves it: its try is under way, and nobody hears of it any more.
  await server.database.pool.query(
    `WITH stored AS (
       INSERT INTO messages (id, conversation_id, direction, sender_type, sender_id, content_text, status)
       VALUES ($1, $2, 'outbound', 'agent', $3, 'a medias', 'pending') RETURNING *)
     INSERT INTO message_attempts (id, message_id, number, conversation_id, message_seq, state, tries, sending_by, sending_since)
     SELECT gen_random_uuid(), id, 1, conversation_id, seq, 'sending', 1, gen_random_uuid(), NOW() FROM stored`,
    [id, conversationId, agent.id],
  )
  await eventually(async () => expect((await messageOf(id)).ambiguous_at).not.toBeNull())
  expect(sentTexts(['a medias'])).toEqual([])
})

test('two server processes send each reply once', async () => {
  const other = await server.startAnother()
  try {
    const conversationId = await ownConversation()
    const texts = Array.from({ length: 40 }, (_, index) => `mensaje ${index}`)
    const ids: string[] = []
    for (const text of texts) ids.push(await reply(conversationId, text))
    for (const id of ids) await becomes(id, 'read')
    expect(sentTexts(texts)).toEqual(texts)
  } finally {
    await other.stop()
  }
})
