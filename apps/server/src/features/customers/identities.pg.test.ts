import { toSignedBody, newWamid, whatsAppBody } from '@parley/simulator'
import { canonicalPhone } from '@parley/domain'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { conversationOf, newCustomer, stateOf, write } from '../../testing/conversations.ts'
import {
  APP_SECRET,
  BUSINESS,
  CHAT_APP_SECRET,
  eventually,
  newId,
  startTestServer,
  type TestClient,
  type TestServer,
} from '../../testing/test-server.ts'

/** Who wrote, and where an answer goes, by what WhatsApp really sends. */
let server: TestServer
let client: TestClient

beforeAll(async () => {
  server = await startTestServer()
  const agent = await server.addPerson({
    role: 'supervisor',
    teamIds: Object.values(server.teams),
    capacity: 500,
  })
  client = await server.signIn(agent)
})
beforeEach(() => void (server.graph.accepted.length = 0))
afterAll(async () => {
  client.close()
  await server.stop()
})

const query = async (text: string, values: unknown[] = []) =>
  (await server.database.pool.query(text, values)).rows

let numbers = 0
/** Of a number with ten digits after the country's. */
const digits = (): string =>
  `55${String(Date.now()).slice(-5)}${String(numbers++).padStart(3, '0')}`
const newUserId = (): string => `MX.${Date.now()}${numbers++}`

interface Said {
  from?: string
  userId?: string
  text?: string
  name?: string
  at?: Date
  more?: object
}

const messageOf = (
  { from, userId, text = 'hola', at = new Date(), more = {} }: Said,
  id: string,
) => ({
  ...(from === undefined ? {} : { from }),
  ...(userId === undefined ? {} : { from_user_id: userId }),
  id,
  timestamp: String(Math.floor(at.getTime() / 1000)),
  type: 'text',
  text: { body: text },
  ...more,
})

async function post(value: object): Promise<void> {
  const { body, signature } = toSignedBody(whatsAppBody(BUSINESS, value), APP_SECRET)
  const answer = await fetch(`${server.url}/webhooks/whatsapp`, {
    method: 'POST',
    headers: { 'x-hub-signature-256': signature },
    body,
  })
  expect(answer.status).toBe(200)
  await eventually(async () =>
    expect(await query('SELECT id FROM webhook_bodies WHERE processed_at IS NULL')).toEqual([]),
  )
}

/** @returns the channel's id of the message */
async function says(said: Said): Promise<string> {
  const id = newWamid()
  const contact = {
    profile: { name: said.name ?? 'Lucía Barrientos' },
    ...(said.from === undefined ? {} : { wa_id: said.from }),
    ...(said.userId === undefined ? {} : { user_id: said.userId }),
  }
  await post({ contacts: [contact], messages: [messageOf(said, id)] })
  return id
}

interface Whose {
  person: string
  conversation: string
  name: string | null
  status: string
}

async function whose(channelMessageId: string): Promise<Whose> {
  const rows = await query(
    `SELECT COALESCE(u.merged_into_id, u.id) AS person, c.id AS conversation, u.name, c.status
     FROM messages m JOIN conversations c ON c.id = m.conversation_id JOIN customers u ON u.id = c.customer_id
     WHERE m.channel_message_id = $1`,
    [channelMessageId],
  )
  expect(rows).toHaveLength(1)
  return rows[0] as Whose
}

async function reply(conversationId: string, text: string): Promise<{ to: string }> {
  await eventually(async () =>
    expect(['new', 'triage']).not.toContain((await stateOf(server, conversationId)).status),
  )
  const state = await stateOf(server, conversationId)
  if (state.assigned_to === null) {
    await client.trpc.conversations.claim.mutate({ intentId: newId(), conversationId })
  }
  await client.trpc.messages.send.mutate({ id: newId(), conversationId, text, lastSeenSeq: null })
  return eventually(() => {
    const sent = server.graph.accepted.find((send) => send.text === text)
    if (sent === undefined) throw new Error('not sent yet')
    return sent
  })
}

describe('who wrote', () => {
  test('is not taken from the contact of somebody else beside them', async () => {
    const [first, second] = [`52${digits()}`, `52${digits()}`]
    const [one, other] = [newWamid(), newWamid()]
    await post({
      contacts: [{ profile: { name: 'Ana' }, wa_id: first, user_id: 'MX.ana' }],
      messages: [messageOf({ from: first }, one), messageOf({ from: second }, other)],
    })
    expect((await whose(one)).name).toBe('Ana')
    expect(await whose(other)).toMatchObject({ name: null })
    expect((await whose(other)).person).not.toBe((await whose(one)).person)
  })

  test('is somebody else where somebody else has the number now', async () => {
    const phone = `52${digits()}`
    const before = await whose(await says({ from: phone, userId: newUserId(), name: 'Antes' }))
    const after = await whose(await says({ from: phone, userId: newUserId(), name: 'Ahora' }))
    expect(after.person).not.toBe(before.person)
    expect(after.name).toBe('Ahora')
    expect(await whose(await says({ from: phone }))).toMatchObject({ person: after.person })
    expect(
      await query('SELECT reason FROM customer_identity_history WHERE customer_id = $1', [
        before.person,
      ]),
    ).toEqual([{ reason: 'taken' }])
  })

  test('does not take a number back with words from before it changed hands', async () => {
    const minutesAgo = (minutes: number): Date => new Date(Date.now() - minutes * 60_000)
    const ownerOf = async (phone: string): Promise<string> =>
      (
        await query('SELECT customer_id FROM customer_identities WHERE external_id = $1', [
          `+${phone}`,
        ])
      )[0]?.customer_id
    const [phone, one, other] = [`52${digits()}`, newUserId(), newUserId()]
    const first = await whose(await says({ from: phone, userId: one, at: minutesAgo(900) }))
    const second = await whose(await says({ from: phone, userId: other, at: minutesAgo(600) }))
    // Late, and the first one's all the same.
    const late = await says({ from: phone, userId: one, at: minutesAgo(700) })
    expect((await whose(late)).person).toBe(first.person)
    expect(await ownerOf(phone)).toBe(second.person)
    // Given back, and the second one's late words do not take it.
    await says({ from: phone, userId: one, at: minutesAgo(300) })
    const later = await says({ from: phone, userId: other, at: minutesAgo(400) })
    expect((await whose(later)).person).toBe(second.person)
    expect(await ownerOf(phone)).toBe(first.person)
    // Nobody had heard of the sender before, and the number has gone on already.
    const stranger = await says({ from: phone, userId: newUserId(), at: minutesAgo(500) })
    expect([first.person, second.person]).not.toContain((await whose(stranger)).person)
    expect(await ownerOf(phone)).toBe(first.person)
  })

  test('keeps their number when an older change of somebody else’s is told late', async () => {
    const [before, after] = [`52${digits()}`, `52${digits()}`]
    await says({ from: before, at: new Date(Date.now() - 72 * 3600_000) })
    const now = await whose(await says({ from: after, userId: newUserId() }))
    await says({
      from: before,
      at: new Date(Date.now() - 48 * 3600_000),
      more: { type: 'system', system: { type: 'user_changed_number', wa_id: after } },
    })
    expect(
      await query('SELECT customer_id FROM customer_identities WHERE external_id = $1', [
        `+${after}`,
      ]),
    ).toEqual([{ customer_id: now.person }])
  })

  test('is one customer whose phone came first, then only an id, then both at once', async () => {
    const [phone, userId] = [`52${digits()}`, newUserId()]
    const byPhone = await says({ from: phone })
    const byId = await says({ userId })
    expect((await whose(byPhone)).person).not.toBe((await whose(byId)).person)
    const both = await says({ from: phone, userId })
    const persons = await Promise.all(
      [byPhone, byId, both].map(async (id) => (await whose(id)).person),
    )
    expect(new Set(persons).size).toBe(1)
    const [merge] = await query('SELECT kind, reason FROM customer_merges WHERE survivor_id = $1', [
      persons[0],
    ])
    expect(merge).toEqual({ kind: 'channel', reason: 'seen_together' })
  })

  test('is the same with and without the digits that come and go in Mexico, Argentina and Brazil', async () => {
    const local = digits()
    const pairs = [
      [`521${local}`, `52${local}`],
      [`549${local}`, `54${local}`],
      [`55119${'8'}${local.slice(-7)}`, `5511${'8'}${local.slice(-7)}`],
    ] as const
    for (const [one, other] of pairs) {
      const first = await whose(await says({ from: one }))
      expect(await whose(await says({ from: other }))).toMatchObject({
        person: first.person,
        conversation: first.conversation,
      })
    }
    // A landline of the same eight digits is somebody else's.
    const tail = local.slice(-7)
    const mobile = await whose(await says({ from: `551193${tail}` }))
    expect((await whose(await says({ from: `55113${tail}` }))).person).not.toBe(mobile.person)
  })

  test('has the newest name of their profile, and the one that a person typed', async () => {
    const phone = `52${digits()}`
    const first = await whose(await says({ from: phone, name: 'Lu' }))
    expect((await whose(await says({ from: phone, name: 'Lucía' }))).name).toBe('Lucía')
    await query(
      `UPDATE customers SET name = 'Sra. Barrientos', name_source = 'person' WHERE id = $1`,
      [first.person],
    )
    expect((await whose(await says({ from: phone, name: 'Lucy' }))).name).toBe('Sra. Barrientos')
  })

  test('is never somebody of another channel whose id looks like the number', async () => {
    const phone = `52${digits()}`
    for (const id of [`+${phone}`, `whatsapp:+${phone}`]) {
      const payload = {
        account: 'default',
        events: [
          {
            type: 'message',
            id: newId(),
            customer: { id, name: 'De la app' },
            sentAt: new Date().toISOString(),
            text: 'hola',
          },
        ],
      }
      const { body, signature } = toSignedBody(payload, CHAT_APP_SECRET)
      await fetch(`${server.url}/webhooks/chat-app`, {
        method: 'POST',
        headers: { 'x-parley-signature': signature },
        body,
      })
    }
    const wrote = await whose(await says({ from: phone, name: 'De WhatsApp' }))
    expect(wrote.name).toBe('De WhatsApp')
    expect(
      await query(
        'SELECT COUNT(DISTINCT customer_id)::int AS n FROM customer_identities WHERE external_id IN ($1, $2)',
        [`+${phone}`, `whatsapp:+${phone}`],
      ),
    ).toEqual([{ n: 3 }])
  })
})

describe('an answer', () => {
  test('goes to the number that the customer wrote from last', async () => {
    const [old, now] = [`52${digits()}`, `52${digits()}`]
    const userId = newUserId()
    const { conversation } = await whose(await says({ from: old, userId }))
    expect((await reply(conversation, `uno ${userId}`)).to).toBe(`+${old}`)
    await says({ from: now, userId })
    expect((await reply(conversation, `dos ${userId}`)).to).toBe(`+${now}`)
    await says({ userId })
    expect((await reply(conversation, `tres ${userId}`)).to).toBe(userId)
  })

  test.each([
    ['number', true],
    ['number', false],
    ['user_id', true],
    ['user_id', false],
  ])('follows a customer who changed their %s, with a number said: %s', async (what, hasFrom) => {
    const [old, now] = [`52${digits()}`, `52${digits()}`]
    const [oldId, nowId] = [newUserId(), newUserId()]
    const before = await whose(await says({ from: old, userId: oldId }))
    const told = newWamid()
    const system = {
      type: `user_changed_${what}`,
      body: `User Ana changed from ${what === 'number' ? old : oldId} to ${what === 'number' ? now : nowId}`,
      user_id: nowId,
      previous_user_id: oldId,
      ...(what === 'number' ? { wa_id: now } : {}),
    }
    const tell = {
      messages: [
        {
          ...(hasFrom ? { from: old } : {}),
          id: told,
          timestamp: String(Math.floor(Date.now() / 1000)),
          type: 'system',
          system,
        },
      ],
    }
    await post(tell)
    await post(tell)
    expect(await whose(told)).toMatchObject({
      person: before.person,
      conversation: before.conversation,
    })
    const sent = await reply(before.conversation, `sigo ${nowId}`)
    if (what === 'number') expect(sent.to).toBe(`+${now}`)
    const next = what === 'number' ? { from: now, userId: nowId } : { from: old, userId: nowId }
    expect((await whose(await says(next))).person).toBe(before.person)
    expect(
      await query('SELECT COUNT(*)::int AS n FROM customer_identities WHERE external_id = $1', [
        oldId,
      ]),
    ).toEqual([{ n: 0 }])
  })

  test('follows a number whose new owner had written before the channel told of the change', async () => {
    const [old, now] = [`52${digits()}`, `52${digits()}`]
    const before = await whose(await says({ from: old }))
    const early = await says({ from: now })
    await post({
      messages: [
        {
          from: old,
          id: newWamid(),
          timestamp: String(Math.floor(Date.now() / 1000)),
          type: 'system',
          system: { type: 'user_changed_number', wa_id: now, body: 'x' },
        },
      ],
    })
    expect((await whose(early)).person).toBe(before.person)
  })

  test('follows a number that changed twice, told in the other order', async () => {
    const [first, second, third] = [`52${digits()}`, `52${digits()}`, `52${digits()}`]
    const before = await whose(await says({ from: first, at: new Date(Date.now() - 60_000) }))
    const change = (from: string, to: string, secondsAgo: number) =>
      post({
        messages: [
          {
            from,
            id: newWamid(),
            timestamp: String(Math.floor(Date.now() / 1000) - secondsAgo),
            type: 'system',
            system: { type: 'user_changed_number', wa_id: to, body: 'x' },
          },
        ],
      })
    await change(second, third, 20)
    await change(first, second, 40)
    const after = await says({ from: third })
    expect((await whose(after)).person).toBe(before.person)
    const sent = await reply((await whose(after)).conversation, `dos veces ${third}`)
    expect(sent.to).toBe(`+${third}`)
  })

  test('to a group goes to the group, which is nobody’s private thread', async () => {
    const phone = `52${digits()}`
    const own = await whose(await says({ from: phone }))
    const inGroup = await whose(await says({ from: phone, more: { group_id: `group-${phone}` } }))
    expect(inGroup.person).not.toBe(own.person)
    expect((await reply(inGroup.conversation, `a todos ${phone}`)).to).toBe(`group-${phone}`)
  })

  test('may be given within the channel’s 24 hours, also in an older conversation that is opened again', async () => {
    const customer = newCustomer()
    const longAgo = new Date(Date.now() - 30 * 3_600_000)
    const older = await conversationOf(server, await write(server, customer, 'hace días', longAgo))
    const closing = { conversationId: older.id, reason: 'resolved' as const }
    await client.trpc.conversations.close.mutate({ ...closing, intentId: newId() })
    await query(`UPDATE conversations SET closed_at = NOW() - INTERVAL '2 days' WHERE id = $1`, [
      older.id,
    ])
    const newer = await conversationOf(server, await write(server, customer, 'hace un minuto'))
    expect(newer.id).not.toBe(older.id)
    await client.trpc.conversations.close.mutate({
      conversationId: newer.id,
      reason: 'resolved',
      intentId: newId(),
    })
    await client.trpc.conversations.reopen.mutate({ conversationId: older.id, intentId: newId() })
    await reply(older.id, `todavía ${customer.phone}`)
  })

  test('from the business’s own phone is an answer by a person, with what it quotes', async () => {
    const phone = `52${digits()}`
    const asked = await says({ from: phone, at: new Date(Date.now() - 5000) })
    const { conversation } = await whose(asked)
    await eventually(async () =>
      expect((await stateOf(server, conversation)).status).toBe('queued'),
    )
    await client.trpc.conversations.claim.mutate({
      intentId: newId(),
      conversationId: conversation,
    })
    const echo = newWamid()
    await post({
      message_echoes: [
        {
          from: BUSINESS.displayPhoneNumber,
          to: phone,
          id: echo,
          timestamp: String(Math.floor(Date.now() / 1000)),
          type: 'text',
          text: { body: 'Ya te contesté desde el celular' },
          context: { id: asked },
        },
      ],
    })
    expect(await stateOf(server, conversation)).toMatchObject({
      status: 'pending_customer',
      waiting_since: null,
      first_response_at: expect.any(Date),
    })
    const [stored] = await query(
      `SELECT m.reply_to_id IS NOT NULL AS is_quoting FROM messages m WHERE m.channel_message_id = $1`,
      [echo],
    )
    expect(stored).toEqual({ is_quoting: true })
  })
})

describe('what answers nothing', () => {
  test('belongs to the message that it speaks of, not to the newest conversation', async () => {
    const customer = newCustomer()
    const first = await write(server, customer, 'la primera')
    const older = await conversationOf(server, first)
    await client.trpc.conversations.close.mutate({
      conversationId: older.id,
      reason: 'resolved',
      intentId: newId(),
    })
    await query(`UPDATE conversations SET closed_at = NOW() - INTERVAL '2 days' WHERE id = $1`, [
      older.id,
    ])
    await conversationOf(server, await write(server, customer, 'la segunda'))
    const reaction = newWamid()
    await post({
      messages: [
        {
          from: customer.phone,
          id: reaction,
          timestamp: String(Math.floor(Date.now() / 1000)),
          type: 'reaction',
          reaction: { message_id: first, emoji: '👍' },
        },
      ],
    })
    expect((await whose(reaction)).conversation).toBe(older.id)
  })

  test('opens nothing when an edit comes as Meta sends edits since June 2026', async () => {
    const customer = newCustomer()
    const { id } = await conversationOf(server, await write(server, customer, 'hola'))
    await client.trpc.conversations.close.mutate({
      conversationId: id,
      reason: 'resolved',
      intentId: newId(),
    })
    const edit = newWamid()
    await post({
      messages: [
        {
          from: customer.phone,
          id: edit,
          timestamp: String(Math.floor(Date.now() / 1000)),
          type: 'unsupported',
          unsupported: { type: 'edit' },
          errors: [{ code: 131051, title: 'Unsupported message type' }],
        },
      ],
    })
    expect(await whose(edit)).toMatchObject({ conversation: id, status: 'closed' })
  })
})

test('a number has the same canonical form in the database and in the code', async () => {
  const heads = ['+521', '+52', '+549', '+54', '+5511', '+55119', '+5521', '+1', '+4915', '']
  const samples = heads.flatMap((head) =>
    Array.from({ length: 40 }, (_, index) => {
      const length = 7 + (index % 6)
      return head + String(10 ** 12 + index * 7_919_993).slice(-length)
    }),
  )
  const rows = await query(
    `SELECT sample, canonical_identity('whatsapp', sample) AS canonical FROM unnest($1::text[]) AS sample`,
    [samples],
  )
  for (const { sample, canonical } of rows)
    expect([sample, canonicalPhone(sample)]).toEqual([sample, canonical])
})
