import { createHmac } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

import { messageBody, newWamid, receiptBody, toSignedBody } from '@parley/simulator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import {
  APP_SECRET,
  BUSINESS,
  CHAT_APP_SECRET,
  VERIFY_TOKEN,
  eventually,
  startTestServer,
  type TestServer,
} from '../../testing/test-server.ts'

const FIXTURES = join(import.meta.dirname, '../../../fixtures/whatsapp')
const FIXTURE_FOLDERS = ['inbound', 'status', 'other', 'template-events']

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())

async function post(payload: object, secret = APP_SECRET): Promise<Response> {
  const { body, signature } = toSignedBody(payload, secret)
  return postRaw(body, signature)
}

function postRaw(body: string | Buffer, signature: string | null): Promise<Response> {
  return fetch(`${server.url}/webhooks/whatsapp`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(signature === null ? {} : { 'x-hub-signature-256': signature }),
    },
    body,
  })
}

async function count(text: string, values: unknown[] = []): Promise<number> {
  const { rows } = await server.database.pool.query<{ count: number }>(text, values)
  return rows[0]?.count ?? 0
}

/** Every body that was accepted has been worked through. */
async function settled(): Promise<void> {
  await eventually(async () => {
    expect(
      await count('SELECT COUNT(*)::int AS count FROM webhook_bodies WHERE processed_at IS NULL'),
    ).toBe(0)
  })
}

let phones = 0
const newCustomer = (): { phone: string; name: string } => ({
  phone: `52155${String(Date.now()).slice(-5)}${String(phones++).padStart(4, '0')}`,
  name: 'Lucía Barrientos',
})

function textFrom(from: { phone: string; name: string }, text: string, sentAt = new Date()) {
  return { id: newWamid(), from, sentAt, text }
}

describe('the address', () => {
  test('answers the challenge to whoever knows the verify token', async () => {
    const ask = (token: string): Promise<Response> =>
      fetch(
        `${server.url}/webhooks/whatsapp?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${token}`,
      )
    const right = await ask(VERIFY_TOKEN)
    expect([right.status, await right.text()]).toEqual([200, '1158201444'])
    expect((await ask('something-else')).status).toBe(403)
  })

  test('refuses a body whose signature is wrong or missing, and keeps nothing of it', async () => {
    const before = await count('SELECT COUNT(*)::int AS count FROM webhook_bodies')
    const payload = messageBody(BUSINESS, [textFrom(newCustomer(), 'hola')])
    const { body, signature } = toSignedBody(payload, APP_SECRET)
    for (const secret of ['another-secret', CHAT_APP_SECRET]) {
      expect((await post(payload, secret)).status).toBe(401)
    }
    expect((await postRaw(body, null)).status).toBe(401)
    expect((await postRaw(`${body} `, signature)).status).toBe(401)
    expect((await postRaw(body, signature.slice(0, -1))).status).toBe(401)
    expect(await count('SELECT COUNT(*)::int AS count FROM webhook_bodies')).toBe(before)
  })

  test('accepts each of the secrets that are in use during a rotation', async () => {
    const payload = messageBody(BUSINESS, [textFrom(newCustomer(), 'hola')])
    expect((await post(payload, 'an-older-secret')).status).toBe(200)
  })

  test('refuses what is signed and yet no JSON, and what is larger than 3 MB', async () => {
    const sign = (body: Buffer): string =>
      `sha256=${createHmac('sha256', APP_SECRET).update(body).digest('hex')}`
    const broken = Buffer.from('{"object":')
    expect((await postRaw(broken, sign(broken))).status).toBe(400)
    const huge = Buffer.alloc(3 * 1024 * 1024 + 4096, 0x20)
    expect((await postRaw(huge, sign(huge))).status).toBe(413)
    const large = Buffer.from(
      JSON.stringify({
        object: 'whatsapp_business_account',
        entry: [],
        padding: 'x'.repeat(2.9e6),
      }),
    )
    expect((await postRaw(large, sign(large))).status).toBe(200)
  })
})

test('a body that is nested 700,000 deep harms nothing, signed or not', async () => {
  const deep = '['.repeat(700_000) + ']'.repeat(700_000)
  for (const body of [deep, `{"object":"whatsapp_business_account","entry":${deep}}`]) {
    expect((await postRaw(body, null)).status).toBe(401)
    const signature = createHmac('sha256', APP_SECRET).update(body).digest('hex')
    expect((await postRaw(body, `sha256=${signature}`)).status).toBe(200)
  }
  await settled()
})

describe('the collected payloads', () => {
  interface Fixture {
    name: string
    payload: Record<string, unknown>
    /** Ids of the messages and echoes in it that have what a message needs. */
    ids: string[]
  }

  /** Collected from many places, they share ids that stand for "some id": each gets one of its own. */
  function readFixtures(): Fixture[] {
    return FIXTURE_FOLDERS.flatMap((folder) =>
      readdirSync(join(FIXTURES, folder)).map((file): Fixture => {
        const name = `${folder}/${file}`
        const payload = JSON.parse(readFileSync(join(FIXTURES, folder, file), 'utf8')) as Record<
          string,
          unknown
        >
        const ids: string[] = []
        eachValue(payload, (field, value) => {
          if (!['messages', 'smb_message_echoes', undefined].includes(field)) return
          for (const key of ['messages', 'message_echoes']) {
            const items = (value[key] ?? []) as Record<string, unknown>[]
            items.forEach((item) => {
              if (typeof item['id'] !== 'string') return
              item['id'] = `${name}#${ids.length}#${item['id']}`.slice(0, 255)
              const told = item['system'] as { user_id?: string } | undefined
              const sender = [
                ...['from', 'from_user_id', 'to', 'to_user_id'].map((name) => item[name]),
                told?.user_id,
              ]
              const contacts = (value['contacts'] ?? []) as { wa_id?: string; user_id?: string }[]
              const only = contacts.length === 1 ? contacts[0] : undefined
              if (
                [...sender, only?.wa_id, only?.user_id].some(
                  (id) => typeof id === 'string' && /\w/.test(id),
                )
              ) {
                ids.push(item['id'] as string)
              }
            })
          }
        })
        return { name, payload, ids }
      }),
    )
  }

  function eachValue(
    payload: Record<string, unknown>,
    visit: (field: string | undefined, value: Record<string, unknown>) => void,
  ): void {
    for (const entry of (payload['entry'] ?? []) as { changes?: unknown }[]) {
      for (const change of (entry.changes ?? []) as {
        field?: string
        value?: Record<string, unknown>
      }[]) {
        if (change.value) visit(change.field, change.value)
      }
    }
  }

  async function registerNumbers(fixtures: Fixture[]): Promise<void> {
    const numbers = new Set<string>()
    for (const { payload } of fixtures) {
      eachValue(payload, (_field, value) => {
        const id = (value['metadata'] as { phone_number_id?: string } | undefined)?.phone_number_id
        if (id !== undefined) numbers.add(String(id))
      })
    }
    for (const number of numbers) {
      await server.database.pool.query(
        `INSERT INTO channel_accounts (channel, external_id, display_name) VALUES ('whatsapp', $1, $1)
         ON CONFLICT DO NOTHING`,
        [number],
      )
    }
  }

  test('are all there', () => {
    expect(readFixtures()).toHaveLength(268)
  })

  test('are all answered 200 and stored exactly once, however often and at once they come', async () => {
    const fixtures = readFixtures()
    await registerNumbers(fixtures)
    const deliver = async (): Promise<void> => {
      for (let start = 0; start < fixtures.length; start += 20) {
        const part = fixtures.slice(start, start + 20)
        const answers = await Promise.all(part.map(({ payload }) => post(payload)))
        answers.forEach((answer, index) =>
          expect([part[index]?.name, answer.status]).toEqual([part[index]?.name, 200]),
        )
      }
    }
    await deliver()
    await Promise.all([deliver(), deliver()])
    await settled()

    const wanted = fixtures.flatMap(({ ids }) => ids).toSorted()
    expect(wanted.length).toBeGreaterThan(150)
    const { rows } = await server.database.pool.query<{ channel_message_id: string }>(
      `SELECT channel_message_id FROM messages WHERE channel_message_id LIKE '%.json#%' ORDER BY 1`,
    )
    expect(rows.map(({ channel_message_id }) => channel_message_id).toSorted()).toEqual(wanted)
    const { rows: failed } = await server.database.pool.query<{ reason: string }>(
      `SELECT reason, detail FROM quarantined_updates WHERE reason = 'processing_failed'`,
    )
    expect(failed).toEqual([])
  })

  test('for a number that is not ours are kept aside and answered 200', async () => {
    const unknown = { phoneNumberId: '999', displayPhoneNumber: '999' }
    const message = textFrom(newCustomer(), 'hola')
    expect((await post(messageBody(unknown, [message]))).status).toBe(200)
    await settled()
    expect(
      await count(
        `SELECT COUNT(*)::int AS count FROM quarantined_updates WHERE reason = 'unknown_channel_account' AND detail = '999'`,
      ),
    ).toBe(1)
    expect(
      await count('SELECT COUNT(*)::int AS count FROM messages WHERE channel_message_id = $1', [
        message.id,
      ]),
    ).toBe(0)
  })
})

describe('a message', () => {
  async function stored(id: string) {
    const { rows } = await server.database.pool.query(
      `SELECT m.*, c.status AS conversation_status FROM messages m JOIN conversations c ON c.id = m.conversation_id
       WHERE m.channel_message_id = $1`,
      [id],
    )
    return rows
  }

  test('survives U+0000, keeps everything else and takes its time from the channel', async () => {
    const sentAt = new Date('2026-11-20T10:00:00Z')
    const message = textFrom(newCustomer(), 'ho\u0000la 👋 ñandú', sentAt)
    await post(messageBody(BUSINESS, [message]))
    await settled()
    const [row] = await stored(message.id)
    expect(row.content_text).toBe('hola 👋 ñandú')
    expect(row.sent_at).toEqual(sentAt)
  })

  test('after another of the same customer stands after it, however busy the server is', async () => {
    const texts = ['quiero comprar', 'el más barato', 'por favor', 'gracias', 'hasta luego']
    const customers = Array.from({ length: 40 }, newCustomer)
    await Promise.all(
      customers.map(async (from) => {
        // Each when the one before it has been taken, as the channel sends them.
        for (const text of texts) {
          const sentAt = new Date()
          await post(messageBody(BUSINESS, [{ id: newWamid(), from, sentAt, text }]))
        }
      }),
    )
    await settled()
    const { rows } = await server.database.pool.query<{ said: string[] }>(
      `SELECT array_agg(m.content_text ORDER BY m.seq) AS said FROM messages m
       JOIN conversations c ON c.id = m.conversation_id
       JOIN customer_identities i ON i.customer_id = c.customer_id
       WHERE i.external_id = ANY($1) GROUP BY c.id`,
      [customers.map(({ phone }) => `+${phone}`)],
    )
    expect(rows.map(({ said }) => said)).toEqual(customers.map(() => texts))
  })

  test('of an album sent at once makes one conversation', async () => {
    const customer = newCustomer()
    const messages = Array.from({ length: 10 }, (_, index) => textFrom(customer, `foto ${index}`))
    await Promise.all(messages.map((message) => post(messageBody(BUSINESS, [message]))))
    await settled()
    const { rows } = await server.database.pool.query(
      `SELECT COUNT(DISTINCT conversation_id)::int AS conversations, COUNT(*)::int AS messages
       FROM messages WHERE channel_message_id = ANY($1)`,
      [messages.map(({ id }) => id)],
    )
    expect(rows[0]).toEqual({ conversations: 1, messages: 10 })
  })

  test('that cannot be read harms none of its neighbours', async () => {
    const good = [textFrom(newCustomer(), 'uno'), textFrom(newCustomer(), 'dos')]
    const body = messageBody(BUSINESS, good) as {
      entry: { changes: { value: { messages: unknown[] } }[] }[]
    }
    body.entry[0]?.changes[0]?.value.messages.splice(1, 0, { type: 'text' }, 'nonsense', null)
    expect((await post(body)).status).toBe(200)
    await settled()
    for (const { id } of good) expect(await stored(id)).toHaveLength(1)
    expect(
      await count(
        `SELECT COUNT(*)::int AS count FROM quarantined_updates WHERE reason = 'malformed_message'`,
      ),
    ).toBeGreaterThanOrEqual(3)
  })

  test('that is only a reaction opens nothing and reopens nothing', async () => {
    const customer = newCustomer()
    const reaction = messageBody(BUSINESS, [textFrom(customer, 'x')]) as {
      entry: { changes: { value: { messages: Record<string, unknown>[] } }[] }[]
    }
    const id = newWamid()
    reaction.entry[0]!.changes[0]!.value.messages = [
      {
        from: customer.phone,
        id,
        timestamp: String(Math.floor(Date.now() / 1000)),
        type: 'reaction',
        reaction: { message_id: 'wamid.unknown', emoji: '👍' },
      },
    ]
    await post(reaction)
    await settled()
    expect((await stored(id))[0].conversation_status).toBe('closed')
  })
})

describe('a receipt', () => {
  test('for a message that nobody knows is parked and not fatal', async () => {
    const receipt = {
      messageId: newWamid(),
      status: 'delivered' as const,
      recipient: '5215500000000',
      occurredAt: new Date(),
    }
    const neighbour = { ...receipt, messageId: newWamid() }
    expect((await post(receiptBody(BUSINESS, [receipt, neighbour]))).status).toBe(200)
    await settled()
    expect(
      await count(
        'SELECT COUNT(*)::int AS count FROM parked_receipts WHERE channel_message_id = ANY($1)',
        [[receipt.messageId, neighbour.messageId]],
      ),
    ).toBe(2)
  })
})
