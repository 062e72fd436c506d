import { newWamid, receiptBody, type ReceiptStatus } from '@parley/simulator'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import {
  codeOf,
  conversationOf,
  newCustomer,
  stateOf,
  write,
  type TestCustomer,
} from '../../testing/conversations.ts'
import {
  ACCESS_TOKEN,
  BUSINESS,
  eventually,
  newId,
  startTestServer,
  type TestClient,
  type TestPerson,
  type TestServer,
} from '../../testing/test-server.ts'

/** What the channel says comes by hand here: nothing is delivered unless a test says so. */
let server: TestServer
let agent: TestPerson
let client: TestClient

beforeAll(async () => {
  server = await startTestServer({ receiptsMs: { sent: null, delivered: null, read: null } })
  agent = await server.addPerson({
    role: 'agent',
    teamIds: Object.values(server.teams),
    capacity: 500,
  })
  client = await server.signIn(agent)
})
/** What the test before left on its way would take this one's failures, and stand among its sends. */
beforeEach(async () => {
  await eventually(async () =>
    expect(
      await query(`SELECT 1 FROM messages WHERE status = 'pending' AND ambiguous_at IS NULL`, []),
    ).toEqual([]),
  )
  server.graph.accepted.length = 0
})
afterAll(async () => {
  client.close()
  await server.stop()
})

const query = async (text: string, values: unknown[]) =>
  (await server.database.pool.query(text, values)).rows

const messageOf = async (id: string) =>
  (await query('SELECT * FROM messages WHERE id = $1', [id]))[0]

const attemptsOf = async (id: string): Promise<string[]> =>
  (
    await query('SELECT state FROM message_attempts WHERE message_id = $1 ORDER BY number', [id])
  ).map(({ state }) => state)

const becomes = (id: string, status: string): Promise<void> =>
  eventually(async () => expect((await messageOf(id)).status).toBe(status))

async function ownConversation(customer = newCustomer()): Promise<string> {
  const { id } = await conversationOf(server, await write(server, customer, 'hola'))
  await client.trpc.conversations.claim.mutate({ intentId: newId(), conversationId: id })
  return id
}

async function reply(conversationId: string, text = newId()): Promise<string> {
  const id = newId()
  await client.trpc.messages.send.mutate({ id, conversationId, text, lastSeenSeq: null })
  return id
}

const retry = (messageId: string) =>
  client.trpc.messages.retry.mutate({ intentId: newId(), messageId })

const settle = (messageId: string, as: 'sent' | 'discarded') =>
  client.trpc.messages.settle.mutate({ intentId: newId(), messageId, as })

/** The sends that the channel took so far, once there are so many. */
const taken = (many: number) =>
  eventually(() => {
    expect(server.graph.accepted).toHaveLength(many)
    return server.graph.accepted
  })

/** The channel reports, and the server has taken it in. */
async function hear(
  wamid: string,
  status: ReceiptStatus,
  options: { callbackData?: string | undefined; code?: number } = {},
): Promise<void> {
  const receipt = {
    messageId: wamid,
    status,
    recipient: '5215500000000',
    occurredAt: new Date(),
    callbackData: options.callbackData,
    error: status === 'failed' ? { code: options.code ?? 131026, title: 'no' } : undefined,
  }
  const [before] = await query('SELECT COALESCE(MAX(id), 0) AS id FROM webhook_bodies', [])
  await server.graph.webhooks.send(receiptBody(BUSINESS, [receipt]))
  await eventually(async () => {
    const left = await query(
      'SELECT COUNT(*)::int AS n, COUNT(*) FILTER (WHERE processed_at IS NULL)::int AS open FROM webhook_bodies WHERE id > $1',
      [before?.id],
    )
    expect(left).toEqual([{ n: 1, open: 0 }])
  })
}

/** A reply that went out, failed afterwards, was sent again, and the second try is on its way or was taken. */
async function failedAndRetried(): Promise<{ id: string; first: string; callback: string }> {
  const id = await reply(await ownConversation())
  const [send] = await taken(1)
  if (send === undefined) throw new Error('not sent')
  await becomes(id, 'sent')
  await hear(send.wamid, 'failed')
  await becomes(id, 'failed')
  return { id, first: send.wamid, callback: send.callbackData ?? '' }
}

test('a late receipt of the first attempt does not end the second, nor shows it as sent', async () => {
  const { id, first, callback } = await failedAndRetried()
  server.graph.fail({ kind: 'error', code: 130429, httpStatus: 429 })
  await retry(id)
  for (const callbackData of [undefined, callback]) {
    await hear(first, 'sent', { callbackData })
    await hear(first, 'failed', { callbackData })
  }
  await taken(2)
  await becomes(id, 'sent')
  expect(await attemptsOf(id)).toEqual(['failed', 'sent'])
  await hear(first, 'failed', { callbackData: callback })
  expect((await messageOf(id)).status).toBe('sent')
})

test('a message that the customer has after all is not sent again', async () => {
  const { id, first } = await failedAndRetried()
  server.graph.fail({ kind: 'error', code: 131056, httpStatus: 400 })
  await retry(id)
  await hear(first, 'delivered')
  await becomes(id, 'delivered')
  expect(await attemptsOf(id)).toEqual(['delivered', 'dropped'])
  // First in, first out: had it been sent again, it would have been before the next one.
  const next = await reply((await messageOf(id)).conversation_id, 'la que sigue')
  await becomes(next, 'sent')
  expect(server.graph.accepted.map(({ text }) => text).slice(1)).toEqual(['la que sigue'])
})

test('what both attempts brought is the better of the two', async () => {
  const { id, first } = await failedAndRetried()
  await retry(id)
  const [, second] = await taken(2)
  await becomes(id, 'sent')
  await hear(second?.wamid ?? '', 'failed')
  await becomes(id, 'failed')
  await hear(first, 'read')
  await becomes(id, 'read')
})

test('what nobody knew of and the channel took is not sent again by the retry that waits', async () => {
  const conversationId = await ownConversation()
  server.graph.fail({ kind: 'lose_answer' }, { kind: 'error', code: 131056, httpStatus: 400 })
  const id = await reply(conversationId)
  const [send] = await taken(1)
  await eventually(async () => expect((await messageOf(id)).ambiguous_at).not.toBeNull())
  await retry(id)
  await hear(send?.wamid ?? '', 'sent', { callbackData: send?.callbackData })
  await becomes(id, 'sent')
  expect(await attemptsOf(id)).toEqual(['sent', 'dropped'])
})

test('the channel corrects what a person said had become of a message, and the thread says so', async () => {
  const conversationId = await ownConversation()
  server.graph.fail({ kind: 'lose_answer' }, { kind: 'lose_answer' })
  const sent = await reply(conversationId)
  const discarded = await reply(conversationId)
  const sends = await taken(2)
  for (const id of [sent, discarded]) {
    await eventually(async () => expect((await messageOf(id)).ambiguous_at).not.toBeNull())
  }
  await settle(sent, 'sent')
  await settle(discarded, 'discarded')
  expect((await messageOf(discarded)).discarded_at).not.toBeNull()
  await hear(sends[0]?.wamid ?? '', 'failed', { callbackData: sends[0]?.callbackData })
  await hear(sends[1]?.wamid ?? '', 'read', { callbackData: sends[1]?.callbackData })
  expect(await messageOf(sent)).toMatchObject({ status: 'failed' })
  expect(await messageOf(discarded)).toMatchObject({ status: 'read', discarded_at: null })
  const corrections = await query(
    `SELECT metadata->>'message_id' AS id, new_value->>'status' AS status FROM conversation_events
     WHERE conversation_id = $1 AND event_type = 'message.settlement_corrected' ORDER BY seq`,
    [conversationId],
  )
  expect(corrections).toEqual([
    { id: sent, status: 'failed' },
    { id: discarded, status: 'read' },
  ])
})

test('a reply that failed is no answer: the customer waits as if nothing had been sent', async () => {
  const conversationId = await ownConversation()
  const before = await stateOf(server, conversationId)
  const id = await reply(conversationId)
  const [send] = await taken(1)
  await becomes(id, 'sent')
  expect(await stateOf(server, conversationId)).toMatchObject({
    status: 'pending_customer',
    waiting_since: null,
  })
  await hear(send?.wamid ?? '', 'failed')
  const after = await stateOf(server, conversationId)
  expect(after).toMatchObject({
    status: 'pending_agent',
    assigned_to: agent.id,
    first_response_at: null,
    waiting_since: before.waiting_since,
  })
  expect(
    await query(
      `SELECT kind FROM conversation_pauses WHERE conversation_id = $1 AND kind = 'pending_customer'`,
      [conversationId],
    ),
  ).toEqual([])
  // Sent again, and it arrives: answered.
  await retry(id)
  await taken(2)
  await eventually(async () =>
    expect(await stateOf(server, conversationId)).toMatchObject({
      status: 'pending_customer',
      waiting_since: null,
    }),
  )
})

test('a reply that is refused at once does not stop the clocks either', async () => {
  const conversationId = await ownConversation()
  server.graph.fail({ kind: 'error', code: 131026 })
  const id = await reply(conversationId)
  await becomes(id, 'failed')
  await eventually(async () =>
    expect((await stateOf(server, conversationId)).status).toBe('pending_agent'),
  )
  expect((await stateOf(server, conversationId)).first_response_at).toBeNull()
})

test('an earlier answer that arrived still counts when a later one fails', async () => {
  const conversationId = await ownConversation()
  await reply(conversationId)
  const later = await reply(conversationId)
  const [, send] = await taken(2)
  await becomes(later, 'sent')
  await hear(send?.wamid ?? '', 'failed')
  await becomes(later, 'failed')
  expect(await stateOf(server, conversationId)).toMatchObject({
    status: 'pending_customer',
    waiting_since: null,
  })
})

test('a conversation that was closed on an answer that failed comes back to its owner', async () => {
  const conversationId = await ownConversation()
  const before = await stateOf(server, conversationId)
  const id = await reply(conversationId)
  const [send] = await taken(1)
  await becomes(id, 'sent')
  await client.trpc.conversations.close.mutate({
    intentId: newId(),
    conversationId,
    reason: 'resolved',
  })
  await hear(send?.wamid ?? '', 'failed')
  expect(await stateOf(server, conversationId)).toMatchObject({
    status: 'assigned',
    assigned_to: agent.id,
    first_response_at: null,
    waiting_since: before.waiting_since,
  })
})

test('what was given up is no answer', async () => {
  const conversationId = await ownConversation()
  server.graph.fail({ kind: 'error', code: 131000, httpStatus: 500 })
  const id = await reply(conversationId)
  await eventually(async () => expect((await messageOf(id)).ambiguous_at).not.toBeNull())
  expect((await stateOf(server, conversationId)).status).toBe('pending_customer')
  await settle(id, 'discarded')
  expect((await stateOf(server, conversationId)).status).toBe('pending_agent')
})

test('only what the customer has or may have stands in the way of a colleague’s answer', async () => {
  const conversationId = await ownConversation()
  const lead = await server.signIn(await server.addPerson({ role: 'supervisor', teamIds: [] }))
  server.graph.fail({ kind: 'error', code: 131026 })
  const failed = newId()
  await lead.trpc.messages.send.mutate({ id: failed, conversationId, text: 'x', lastSeenSeq: null })
  await becomes(failed, 'failed')
  await query(
    `INSERT INTO messages (conversation_id, direction, sender_type, content_type, content_text, status, is_quiet)
     VALUES ($1, 'outbound', 'system', 'text', 'estamos cerrados', 'sent', FALSE),
            ($1, 'outbound', 'agent', 'reaction', '👍', 'sent', TRUE)`,
    [conversationId],
  )
  const mine = { id: newId(), conversationId, text: 'voy yo', lastSeenSeq: 0 }
  expect(await codeOf(client.trpc.messages.send.mutate(mine))).toBe('no failure')
  lead.close()
})

test('an answer under the id of another message is refused, and changes nothing', async () => {
  const conversationId = await ownConversation()
  const [question] = await query(
    `SELECT id, content_text FROM messages WHERE conversation_id = $1`,
    [conversationId],
  )
  const send = { id: question?.id, conversationId, text: 'encima', lastSeenSeq: null }
  expect(await codeOf(client.trpc.messages.send.mutate(send))).toBe('invalid_input')
  expect((await messageOf(question?.id)).content_text).toBe(question?.content_text)
})

test('an answer that nobody could see is refused', async () => {
  const conversationId = await ownConversation()
  for (const text of [' ', '\u200b', '\u3164\n']) {
    const send = client.trpc.messages.send.mutate({
      id: newId(),
      conversationId,
      text,
      lastSeenSeq: null,
    })
    expect(await codeOf(send)).toBe('invalid_input')
  }
})

test('an answer stands below the question, also when the customer’s clock is ahead', async () => {
  const customer = newCustomer()
  const ahead = new Date(Date.now() + 20_000)
  const { id } = await conversationOf(server, await write(server, customer, '¿hola?', ahead))
  await client.trpc.conversations.claim.mutate({ intentId: newId(), conversationId: id })
  await reply(id)
  const rows = await query(
    'SELECT direction, sent_at FROM messages WHERE conversation_id = $1 ORDER BY sent_at, seq',
    [id],
  )
  expect(rows.map(({ direction }) => direction)).toEqual(['inbound', 'outbound'])
  const state = await stateOf(server, id)
  expect(state.first_response_at?.getTime()).toBeGreaterThanOrEqual(Number(rows[0]?.sent_at))
})

test('an account whose token has ended keeps its messages, and sends them once it works', async () => {
  const conversationId = await ownConversation()
  const message = `Malformed access token ${ACCESS_TOKEN}`
  server.graph.fail({ kind: 'error', code: 190, httpStatus: 401, message })
  const texts = ['uno', 'dos', 'tres']
  const ids: string[] = []
  for (const text of texts) ids.push(await reply(conversationId, text))
  await eventually(async () =>
    expect(
      await query(
        'SELECT COUNT(*)::int AS n FROM channel_accounts WHERE stopped_at IS NOT NULL',
        [],
      ),
    ).toEqual([{ n: 1 }]),
  )
  expect(server.graph.accepted).toEqual([])
  const [stopped] = await query(
    'SELECT stopped_reason FROM channel_accounts WHERE stopped_at IS NOT NULL',
    [],
  )
  expect(stopped?.stopped_reason).toContain('190')
  expect(stopped?.stopped_reason).not.toContain(ACCESS_TOKEN)
  for (const id of ids) expect((await messageOf(id)).status).toBe('pending')
  await query(`UPDATE channel_accounts SET next_probe_at = NOW() WHERE stopped_at IS NOT NULL`, [])
  await taken(3)
  expect(server.graph.accepted.map(({ text }) => text)).toEqual(texts)
  await eventually(async () =>
    expect(
      await query(
        'SELECT COUNT(*)::int AS n FROM channel_accounts WHERE stopped_at IS NOT NULL',
        [],
      ),
    ).toEqual([{ n: 0 }]),
  )
})

test('an account that works again is not kept stopped by a message that cannot be delivered', async () => {
  const conversationId = await ownConversation()
  server.graph.fail({ kind: 'error', code: 190, httpStatus: 401 }, { kind: 'error', code: 131026 })
  const ids = [await reply(conversationId, 'nunca'), await reply(conversationId, 'ahora')]
  const stopped = () => query('SELECT 1 FROM channel_accounts WHERE stopped_at IS NOT NULL', [])
  await eventually(async () => expect(await stopped()).toHaveLength(1))
  await query(`UPDATE channel_accounts SET next_probe_at = NOW() WHERE stopped_at IS NOT NULL`, [])
  await becomes(ids[0] ?? '', 'failed')
  await becomes(ids[1] ?? '', 'sent')
  expect(await stopped()).toEqual([])
})

const channelIdOf = (id: string): Promise<string> =>
  eventually(async () => {
    const { channel_message_id } = await messageOf(id)
    expect(channel_message_id).not.toBeNull()
    return channel_message_id
  })

/** Stored, and taken in. */
async function comes(channelMessageId: string): Promise<void> {
  await eventually(async () =>
    expect(
      await query('SELECT 1 FROM messages WHERE channel_message_id = $1', [channelMessageId]),
    ).toHaveLength(1),
  )
}

/** The business writes from its own phone. */
async function echo(
  { phone }: TestCustomer,
  {
    id = newWamid(),
    at = new Date(),
    ...more
  }: { id?: string; at?: Date; [part: string]: unknown },
): Promise<string> {
  const message = { from: BUSINESS.displayPhoneNumber, to: phone, id, type: 'text' }
  const timestamp = String(Math.floor(at.getTime() / 1000))
  const value = {
    metadata: { phone_number_id: BUSINESS.phoneNumberId },
    message_echoes: [{ ...message, timestamp, text: { body: 'desde el teléfono' }, ...more }],
  }
  await server.graph.webhooks.send({
    object: 'whatsapp_business_account',
    entry: [{ id: '1', changes: [{ field: 'smb_message_echoes', value }] }],
  })
  await comes(id)
  return id
}

const closes = (conversationId: string) =>
  client.trpc.conversations.close.mutate({ intentId: newId(), conversationId, reason: 'resolved' })

test.each([
  ['an earlier answer that fails', ['failed']],
  ['an earlier answer that arrives after all', ['failed', 'delivered']],
] as const)('%s opens nothing that was closed on a thank you', async (_, statuses) => {
  const customer = newCustomer()
  const conversationId = await ownConversation(customer)
  const first = await channelIdOf(await reply(conversationId))
  if (statuses.length > 1) await hear(first, 'failed')
  await hear(await channelIdOf(await reply(conversationId)), 'read')
  await comes(await write(server, customer, 'gracias'))
  await closes(conversationId)
  await hear(first, statuses.at(-1) ?? 'failed')
  expect(await stateOf(server, conversationId)).toMatchObject({
    status: 'closed',
    waiting_since: null,
  })
})

test('what the business’s own phone said before the customer wrote is no answer, also once a reply has failed', async () => {
  const customer = newCustomer()
  const conversationId = await ownConversation(customer)
  const before = await stateOf(server, conversationId)
  await echo(customer, { at: new Date(Date.now() - 60_000) })
  const id = newId()
  await client.trpc.messages.send.mutate({ id, conversationId, text: 'voy', lastSeenSeq: 1e9 })
  await hear(await channelIdOf(id), 'failed')
  expect(await stateOf(server, conversationId)).toMatchObject({
    status: 'pending_agent',
    waiting_since: before.waiting_since,
  })
})

test('what the business’s own phone said answers nothing that was written after it', async () => {
  const customer = newCustomer()
  const since = Date.now() - 60_000
  const { id } = await conversationOf(server, await write(server, customer, 'uno', new Date(since)))
  await comes(await write(server, customer, 'dos', new Date(since + 40_000)))
  await echo(customer, { at: new Date(since + 20_000) })
  const second = new Date(Math.floor((since + 40_000) / 1000) * 1000)
  expect((await stateOf(server, id)).waiting_since).toEqual(second)
})

test('a reply whose outcome cannot be written is not sent again', async () => {
  const customer = newCustomer()
  const conversationId = await ownConversation(customer)
  server.graph.fail({ kind: 'delay_answer', ms: 1000 })
  const id = await reply(conversationId)
  // The channel's id of it is another message's by the time that the answer comes.
  const [send] = await taken(1)
  await echo(customer, { id: send?.wamid ?? '' })
  await eventually(async () => expect(await attemptsOf(id)).not.toEqual(['sending']))
  expect(await attemptsOf(id)).toEqual(['ambiguous'])
  expect(server.graph.accepted).toHaveLength(1)
})

test('a refusal is one whatever the channel says in it', async () => {
  server.graph.fail({ kind: 'error', code: 131026, message: 'nul \u0000' })
  const id = await reply(await ownConversation())
  await eventually(async () => expect((await messageOf(id)).status).not.toBe('pending'))
  expect(await messageOf(id)).toMatchObject({ status: 'failed', failed_reason: 'undeliverable' })
})

test('what the channel said of a message from the business’s own phone before it came here counts', async () => {
  const customer = newCustomer()
  const conversationId = await ownConversation(customer)
  const [read, failed] = [newWamid(), newWamid()]
  await hear(failed, 'failed')
  await echo(customer, { id: failed })
  expect((await stateOf(server, conversationId)).waiting_since).not.toBeNull()
  await hear(read, 'read')
  await echo(customer, { id: read })
  expect(
    await query('SELECT status FROM messages WHERE channel_message_id = ANY($1) ORDER BY seq', [
      [failed, read],
    ]),
  ).toEqual([{ status: 'failed' }, { status: 'read' }])
})

test('a picture from the business’s own phone that failed is not sent again as nothing', async () => {
  const customer = newCustomer()
  await ownConversation(customer)
  const image = await echo(customer, { type: 'image', text: undefined, image: { id: '1' } })
  await hear(image, 'failed')
  const [row] = await query('SELECT id FROM messages WHERE channel_message_id = $1', [image])
  expect(await codeOf(retry(row?.id))).toBe('conflict')
  expect(await attemptsOf(row?.id)).toEqual(['failed'])
})

test('a failure that is told while the customer opens a new conversation is not lost', async () => {
  const conversationId = await ownConversation()
  const id = await reply(conversationId)
  const wamid = await channelIdOf(id)
  await closes(conversationId)
  const opening = await server.database.pool.connect()
  await opening.query('BEGIN')
  await opening.query(
    `INSERT INTO conversations (customer_id, channel, channel_account_id, status)
     SELECT customer_id, channel, channel_account_id, 'new' FROM conversations WHERE id = $1`,
    [conversationId],
  )
  const heard = hear(wamid, 'failed')
  await eventually(async () =>
    expect(
      await query(
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        [],
      ),
    ).toHaveLength(1),
  )
  await opening.query('COMMIT')
  opening.release()
  await heard
  expect((await messageOf(id)).status).toBe('failed')
  expect((await stateOf(server, conversationId)).status).toBe('closed')
})
