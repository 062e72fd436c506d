import { type Identity } from '@parley/domain'
import { messageBody, newWamid, toSignedBody } from '@parley/simulator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { Database } from '../../platform/database.ts'
import { conversationOf, newCustomer, stateOf, write } from '../../testing/conversations.ts'
import {
  APP_SECRET,
  BUSINESS,
  eventually,
  startTestServer,
  type TestServer,
} from '../../testing/test-server.ts'
import { type AddressedMessage } from './by-channel.ts'
import { storeFurtherMessages } from './further-messages.ts'

let server: TestServer
let db: Database
let channelAccountId: string

beforeAll(async () => {
  server = await startTestServer()
  db = new Database(server.database.pool)
  await write(server, newCustomer(), 'hola')
  const { rows } = await server.database.pool.query<{ id: string }>(
    `SELECT id FROM channel_accounts WHERE channel = 'whatsapp'`,
  )
  channelAccountId = rows[0]?.id as string
})
afterAll(() => server.stop())

type Customer = ReturnType<typeof newCustomer>

const phoneOf = ({ phone }: Customer): Identity => ({ kind: 'phone', externalId: `+${phone}` })

function further(customer: Customer, changes: Partial<AddressedMessage['message']> = {}) {
  const message: AddressedMessage['message'] = {
    channel: 'whatsapp',
    accountExternalId: BUSINESS.phoneNumberId,
    channelMessageId: newWamid(),
    customer: { identities: [phoneOf(customer)], name: customer.name },
    sentAt: new Date(),
    contentType: 'text',
    text: 'y además',
    content: {},
    isQuiet: false,
    quotedChannelMessageId: null,
    aboutChannelMessageId: null,
    ...changes,
  }
  return { channelAccountId, message }
}

/** Somebody whose open conversation waits in the queue. */
async function waitingCustomer(): Promise<{ customer: Customer; id: string }> {
  const customer = newCustomer()
  const { id } = await conversationOf(server, await write(server, customer, 'quiero comprar'))
  await eventually(async () => expect((await stateOf(server, id)).status).toBe('queued'))
  return { customer, id }
}

async function timesOf(id: string): Promise<Record<string, unknown>> {
  const { rows } = await server.database.pool.query<Record<string, unknown>>(
    `SELECT status, first_message_at, waiting_since, last_inbound_at, last_message_at
     FROM conversations WHERE id = $1`,
    [id],
  )
  return rows[0] as Record<string, unknown>
}

async function storedTexts(id: string): Promise<string[]> {
  const { rows } = await server.database.pool.query<{ content_text: string }>(
    'SELECT content_text FROM messages WHERE conversation_id = $1 ORDER BY seq',
    [id],
  )
  return rows.map(({ content_text }) => content_text)
}

describe('one more message', () => {
  test('is stored with all others at once, in their order, and moves nothing but the latest times', async () => {
    const [one, two] = [await waitingCustomer(), await waitingCustomer()]
    const before = await timesOf(one.id)
    const texts = Array.from({ length: 20 }, (_, index) => `línea ${index}`)
    const later = new Date(Date.now() + 5000)
    const results = await storeFurtherMessages(
      db,
      texts.flatMap((text, index) => [
        further(one.customer, { text, sentAt: index === 7 ? later : new Date() }),
        further(two.customer, { text }),
      ]),
    )
    expect(results.map((result) => result?.conversation_id)).toEqual(
      texts.flatMap(() => [one.id, two.id]),
    )
    expect(results.every((result) => result?.is_stored)).toBe(true)
    expect(await storedTexts(one.id)).toEqual(['quiero comprar', ...texts])
    expect(await storedTexts(two.id)).toEqual(['quiero comprar', ...texts])
    expect(await timesOf(one.id)).toEqual({
      ...before,
      last_inbound_at: later,
      last_message_at: later,
    })
  })

  test('that is known already changes nothing', async () => {
    const { customer, id } = await waitingCustomer()
    const message = further(customer)
    await storeFurtherMessages(db, [message])
    const before = await stateOf(server, id)
    const again = further(customer, {
      channelMessageId: message.message.channelMessageId,
      sentAt: new Date(Date.now() + 60_000),
    })
    expect(await storeFurtherMessages(db, [again])).toEqual([
      expect.objectContaining({ is_stored: false }),
    ])
    expect(await stateOf(server, id)).toEqual(before)
  })

  test('is all that is stored here: whatever opens, answers, renames or turns back a clock is left alone', async () => {
    const { customer, id } = await waitingCustomer()
    const waitingForCustomer = await waitingCustomer()
    const closed = await waitingCustomer()
    const agent = await server.addPerson({ role: 'agent', teamIds: [server.teams.sales] })
    await server.database.pool.query(
      `UPDATE conversations SET status = 'pending_customer', assigned_to = $2, waiting_since = NULL WHERE id = $1`,
      [waitingForCustomer.id, agent.id],
    )
    await server.database.pool.query(
      `UPDATE conversations SET status = 'closed', closed_at = NOW() WHERE id = $1`,
      [closed.id],
    )
    const other = await waitingCustomer()
    const quoted = newWamid()
    const given = [
      further(newCustomer()),
      further(waitingForCustomer.customer),
      further(closed.customer),
      further(customer, { sentAt: new Date(Date.now() - 3_600_000) }),
      further(customer, {
        customer: {
          identities: [phoneOf(customer), { kind: 'user_id', externalId: 'user-1' }],
          name: customer.name,
        },
      }),
      further(customer, {
        customer: {
          identities: [phoneOf(customer), phoneOf(other.customer)],
          name: customer.name,
        },
      }),
      further(customer, { channelMessageId: quoted, text: 'lo citado' }),
      further(customer, { quotedChannelMessageId: quoted }),
    ]
    const results = await storeFurtherMessages(db, given)
    expect(results.map((result) => result !== null)).toEqual([
      ...Array.from({ length: 6 }, () => false),
      true,
      false,
    ])
    expect(await storedTexts(id)).toEqual(['quiero comprar', 'lo citado'])
  })

  test('that cannot be stored takes no neighbour along', async () => {
    const customers = await Promise.all(Array.from({ length: 8 }, waitingCustomer))
    const poison = `wamid.${'x'.repeat(300)}`
    const answers = await Promise.all(
      customers.map(({ customer }, index) => {
        const { body, signature } = toSignedBody(
          messageBody(BUSINESS, [
            {
              id: index === 3 ? poison : newWamid(),
              from: customer,
              sentAt: new Date(),
              text: 'otra',
            },
          ]),
          APP_SECRET,
        )
        return fetch(`${server.url}/webhooks/whatsapp`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-hub-signature-256': signature },
          body,
        })
      }),
    )
    expect(answers.map(({ status }) => status)).toEqual(customers.map(() => 200))
    await eventually(async () => {
      const texts = await Promise.all(customers.map(({ id }) => storedTexts(id)))
      expect(texts.map((list) => list.length)).toEqual([2, 2, 2, 1, 2, 2, 2, 2])
    })
    await eventually(async () => {
      const { rows } = await server.database.pool.query('SELECT 1 FROM quarantined_updates')
      expect(rows).toHaveLength(1)
    })
  })
})
