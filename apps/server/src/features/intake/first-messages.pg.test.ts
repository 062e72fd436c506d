import { type Identity } from '@parley/domain'
import { newWamid } from '@parley/simulator'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { createBareServices, type BareServices } from '../../testing/bare-services.ts'
import { createBatches } from './batches.ts'
import { storeFirstMessages } from './first-messages.ts'
import { type AddressedMessage } from './by-channel.ts'
import { storeMessage, storeTogether, type StoreServices } from './store-message.ts'

let bare: BareServices
let services: StoreServices
let begun: string[]
let channelAccountId: string
let people = 0

beforeAll(async () => {
  bare = await createBareServices()
  begun = []
  services = {
    ...bare,
    triage: { begin: (id) => void begun.push(id) },
    batches: createBatches(bare.db),
  }
  const [account] = await bare.rows<{ id: string }>('SELECT id FROM channel_accounts LIMIT 1')
  channelAccountId = account?.id as string
})
afterAll(() => bare.database.drop())

const newPhone = (): Identity => ({
  kind: 'phone',
  externalId: `+5255${String(++people).padStart(8, '0')}`,
})

function from(
  identities: [Identity, ...Identity[]],
  changes: Partial<AddressedMessage['message']> = {},
): AddressedMessage {
  return {
    channelAccountId,
    message: {
      channel: 'whatsapp',
      accountExternalId: 'bare',
      channelMessageId: newWamid(),
      customer: { identities, name: 'Lucía' },
      sentAt: new Date('2026-11-28T10:00:00Z'),
      contentType: 'text',
      text: 'hola',
      content: { text: { body: 'hola' } },
      isQuiet: false,
      quotedChannelMessageId: null,
      aboutChannelMessageId: null,
      ...changes,
    },
  }
}

/** All that stands of whoever wrote this message, without what is different of everybody. */
async function standing({ message }: AddressedMessage) {
  const [found] = await bare.rows<{ conversation: string; customer: string }>(
    `SELECT c.id AS conversation, c.customer_id AS customer
     FROM messages m JOIN conversations c ON c.id = m.conversation_id WHERE m.channel_message_id = $1`,
    [message.channelMessageId],
  )
  const of = async (table: string, column: string, id: string | undefined) =>
    (await bare.rows(`SELECT * FROM ${table} WHERE ${column} = $1 ORDER BY id`, [id])).map((row) =>
      Object.fromEntries(
        Object.entries(row as object).filter(
          ([name, value]) =>
            !/(^|_)(id|seq)$|^(created|updated|verified)_at$|external_id|canonical|phone/.test(
              name,
            ) || value === null,
        ),
      ),
    )
  return {
    customer: await of('customers', 'id', found?.customer),
    identities: (await of('customer_identities', 'customer_id', found?.customer)).toSorted((a, b) =>
      String(a['kind']).localeCompare(String(b['kind'])),
    ),
    conversation: await of('conversations', 'id', found?.conversation),
    events: await of('conversation_events', 'conversation_id', found?.conversation),
    messages: await of('messages', 'conversation_id', found?.conversation),
  }
}

const countOf = async (table: string) =>
  (await bare.rows<{ n: number }>(`SELECT COUNT(*)::int AS n FROM ${table}`))[0]?.n

test('somebody new who is stored with others stands as one who is looked at alone', async () => {
  const both: [Identity, Identity] = [newPhone(), { kind: 'user_id', externalId: 'MX.1' }]
  const [together, alone] = [
    from(both),
    from([newPhone(), { kind: 'user_id', externalId: 'MX.2' }]),
  ]
  expect(await storeFirstMessages(bare.db, [together])).toEqual([
    { conversation_id: expect.any(String) },
  ])
  await storeMessage(services, alone)
  expect(await standing(together)).toEqual(await standing(alone))
})

test('any number at once, in their order, each triaged; what else is among them is left alone', async () => {
  const known = from([newPhone()])
  await storeMessage(services, known)
  const numberOf = (one: AddressedMessage) => one.message.customer.identities
  const formerly = newPhone()
  await bare.rows(
    `INSERT INTO customer_identity_history (id, customer_id, channel, external_id, kind, valid_from, ended_at, reason, confidence)
     SELECT new_id(), id, 'whatsapp', $1, 'phone', NOW(), NOW(), 'changed', 'channel' FROM customers LIMIT 1`,
    [formerly.externalId],
  )
  const fresh = Array.from({ length: 12 }, () => from([newPhone()]))
  const [first] = fresh as [AddressedMessage]
  const given = [
    ...fresh,
    from(numberOf(known)),
    from(numberOf(first), { text: 'otra cosa' }),
    from([formerly]),
    from([newPhone()], { channelMessageId: known.message.channelMessageId }),
  ]
  const results = await storeFirstMessages(bare.db, given)
  expect(results.map((result) => result !== null)).toEqual([
    ...fresh.map(() => true),
    false,
    false,
    false,
    false,
  ])
  const before = begun.length
  const more = [from([newPhone()]), from([newPhone()])]
  expect(await Promise.all(more.map((one) => storeTogether(services, one)))).toEqual([
    'stored',
    'stored',
  ])
  expect(begun.length - before).toBe(2)
})

test('what the database refuses takes nobody along: each is looked at alone', async () => {
  const good = from([newPhone()])
  const bad = from([newPhone()], { contentType: 'x'.repeat(10_000) as never })
  const before = await countOf('customers')
  await expect(storeFirstMessages(bare.db, [good, bad])).rejects.toThrow('value too long')
  expect(await countOf('customers')).toBe(before)
  expect(await storeTogether(services, bad)).toBeNull()
  expect(await storeTogether(services, good)).toBe('stored')
})

test('the same person by several processes at once is one person with one conversation', async () => {
  const phone = newPhone()
  const messages = Array.from({ length: 12 }, () => from([phone]))
  const before = { customers: await countOf('customers'), open: await countOf('conversations') }
  const processes = [1, 2, 3].map(() => ({ ...services, batches: createBatches(bare.db) }))
  await Promise.all(
    messages.map(async (message, index) => {
      const process = processes[index % 3] as StoreServices
      if ((await storeTogether(process, message)) === null) await storeMessage(process, message)
    }),
  )
  expect(await countOf('customers')).toBe((before.customers ?? 0) + 1)
  expect(await countOf('conversations')).toBe((before.open ?? 0) + 1)
  expect((await standing(messages[0] as AddressedMessage)).messages).toHaveLength(12)
})
