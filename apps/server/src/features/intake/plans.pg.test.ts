import { createPool } from '@parley/database'
import { type Identity } from '@parley/domain'
import { newWamid } from '@parley/simulator'
import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { Database, STEADY_PLANS } from '../../platform/database.ts'
import { createBareServices, type BareServices } from '../../testing/bare-services.ts'
import { claimNext } from '../messaging/attempts.queries.ts'
import { applyReceipt } from '../messaging/receipts.ts'
import { createSetupReader, placeNow } from '../triage/index.ts'
import { createBatches } from './batches.ts'
import { type AddressedMessage } from './by-channel.ts'
import {
  storeTogether,
  storeEcho,
  storeIdentityChange,
  storeMessage,
  type StoreServices,
} from './store-message.ts'

/**
 * A database that was made this morning: its statements were first planned while it was empty, and nobody has analysed
 * its tables since. However much it holds, nothing on the way of a message reads a table through.
 */
const OPEN = 6000

let bare: BareServices
let services: StoreServices
/** One connection of each sort, which keeps the plans that it made in the beginning. */
let pool: pg.Pool
let steady: pg.Pool
let channelAccountId: string
const begun = new Set<string>()
const setup = createSetupReader()

beforeAll(async () => {
  bare = await createBareServices()
  pool = createPool(bare.database.connectionString, { maxConnections: 1 })
  steady = createPool(bare.database.connectionString, { maxConnections: 1, settings: STEADY_PLANS })
  const db = new Database(pool, { steady })
  services = {
    ...bare,
    db,
    triage: { begin: (id) => begun.add(id) },
    batches: createBatches(db),
  }
  const [account] = await bare.rows<{ id: string }>('SELECT id FROM channel_accounts LIMIT 1')
  channelAccountId = account?.id as string
  for (const { name } of await bare.rows<{ name: string }>(
    `SELECT oid::regclass::text AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
  )) {
    await bare.rows(`ALTER TABLE ${name} SET (autovacuum_enabled = off)`)
  }
})
afterAll(async () => {
  await pool.end()
  await steady.end()
  await bare.database.drop()
})

const phoneOf = (number: number): string => `+5255${String(number).padStart(8, '0')}`

function messageFrom(
  number: number,
  changes: Partial<AddressedMessage['message']> = {},
): AddressedMessage {
  const phone: Identity = { kind: 'phone', externalId: phoneOf(number) }
  return {
    channelAccountId,
    message: {
      channel: 'whatsapp',
      accountExternalId: 'bare',
      channelMessageId: newWamid(),
      customer: { identities: [phone], name: 'Cliente' },
      sentAt: new Date(),
      contentType: 'text',
      text: 'hola',
      content: {},
      isQuiet: false,
      quotedChannelMessageId: null,
      aboutChannelMessageId: null,
      ...changes,
    },
  }
}

/** All that happens on the way of messages: new customers, further words, echoes, receipts, what is to be sent, new numbers. */
async function everything(numbers: readonly number[]): Promise<void> {
  for (const number of numbers) {
    const first = messageFrom(number)
    if ((await storeTogether(services, first)) === null) await storeMessage(services, first)
    await Promise.all([1, 2, 3].map(() => storeTogether(services, messageFrom(number))))
    await placeNow({ services, setup }, [...begun])
    begun.clear()
    const echo = messageFrom(number)
    await storeEcho(services, echo)
    const { channelMessageId } = echo.message
    for (const status of ['delivered', 'read'] as const) {
      await applyReceipt(
        services,
        { channelMessageId, attemptId: null, status, occurredAt: new Date(), failedReason: null },
        new Date(),
      )
    }
    const [row] = await bare.rows<{ id: string }>(
      'SELECT conversation_id AS id FROM messages WHERE channel_message_id = $1',
      [channelMessageId],
    )
    await claimNext(services.db, row?.id as string, '00000000-0000-7000-8000-000000000000')
    // Another number, which is somebody else's soon.
    const [before, after]: Identity[] = [phoneOf(number), phoneOf(number + 50_000_000)].map(
      (externalId) => ({ kind: 'phone', externalId }),
    )
    if (before === undefined || after === undefined) throw new Error('no number')
    const { message } = messageFrom(number, { contentType: 'system', isQuiet: true })
    const change = { before: [before], after: [after] }
    await storeIdentityChange(services, channelAccountId, change, message)
    for (const owner of ['first', 'next']) {
      const id: Identity = { kind: 'user_id', externalId: `MX.${owner}.${number}` }
      const customer = { identities: [id, after] as [Identity, Identity], name: owner }
      await storeMessage(services, messageFrom(number, { customer }))
    }
  }
}

/** Rows that the connection has read, and entries of indexes, by table. */
async function rowsRead(): Promise<Map<string, number>> {
  for (const each of [steady, pool]) await each.query('SELECT pg_stat_force_next_flush()')
  const { rows } = await pool.query<{ relname: string; n: string }>(
    `SELECT relname, seq_tup_read + COALESCE(
       (SELECT SUM(idx_tup_read) FROM pg_stat_user_indexes i WHERE i.relid = t.relid), 0) AS n
     FROM pg_stat_user_tables t`,
  )
  return new Map(rows.map(({ relname, n }) => [relname, Number(n)]))
}

test('no message reads through what a growing, never analysed database holds', async () => {
  // Often enough that PostgreSQL keeps its plans.
  await everything(Array.from({ length: 12 }, (_, number) => number))
  await bare.rows(
    `WITH numbered AS (
       SELECT new_id() AS customer_id, new_id() AS identity_id, new_id() AS conversation_id,
              '+5255' || lpad(n::text, 8, '0') AS phone
       FROM generate_series(1000, 1000 + $1::int) n
     ), made AS (
       INSERT INTO customers (id, external_id, channel, name) SELECT customer_id, phone, 'whatsapp', 'Cliente' FROM numbered
     ), known AS (
       INSERT INTO customer_identities (id, customer_id, channel, external_id, kind, valid_from)
       SELECT identity_id, customer_id, 'whatsapp', phone, 'phone', NOW() - INTERVAL '1 day' FROM numbered
     ), opened AS (
       INSERT INTO conversations (id, customer_id, channel, channel_account_id, reply_identity_id, status, first_message_at,
                                  waiting_since, last_inbound_at, last_message_at)
       SELECT conversation_id, customer_id, 'whatsapp', $2, identity_id, 'new', NOW() - INTERVAL '1 hour',
              NOW() - INTERVAL '1 hour', NOW() - INTERVAL '1 hour', NOW() - INTERVAL '1 hour' FROM numbered
     ), written AS (
       INSERT INTO messages (id, conversation_id, channel_message_id, direction, sender_type, sent_at, status)
       SELECT new_id(), conversation_id, 'wamid.' || conversation_id, 'outbound', 'agent', NOW(), 'sent' FROM numbered
       RETURNING id, conversation_id, seq, channel_message_id
     )
     INSERT INTO message_attempts (id, message_id, number, conversation_id, message_seq, state, channel_message_id)
     SELECT new_id(), id, 1, conversation_id, seq, 'sent', channel_message_id FROM written`,
    [OPEN, channelAccountId],
  )
  const before = await rowsRead()
  // New ones, some of those of the beginning, and some of the many.
  await everything([100, 101, 102, 3, 4, 5, 1500, 3000, 5000, 6500])
  const after = await rowsRead()
  const grown = [
    'customers',
    'customer_identities',
    'conversations',
    'messages',
    'message_attempts',
  ].map((table) => [table, (after.get(table) ?? 0) - (before.get(table) ?? 0)] as const)
  expect(grown.filter(([, read]) => read >= OPEN)).toEqual([])
})
