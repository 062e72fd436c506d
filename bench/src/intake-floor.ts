import { randomUUID } from 'node:crypto'

import { messageBody, newWamid, toSignedBody } from '@parley/simulator'
import type pg from 'pg'

import { APP_SECRET, PHONE_NUMBER_ID } from './world.ts'

/** As many webhooks as are under way at the same time in the measured run, in two turns that overlap. */
const BATCH = 16
const WRITERS = 2
const TEXT = '¿Me pueden ayudar con mi pedido?'

/**
 * Webhooks a second if they were nothing but their rows: the body made durable, then the message, its conversation's
 * times and the mark that it is done made durable, as many as are there at once in one statement and one commit; of
 * somebody new with the customer, their identity, their conversation and its events, too.
 */
export async function measureFloor(
  pool: pg.Pool,
  conversations: readonly { id: string; customer_id: string }[],
  { seconds, newEvery }: { seconds: number; newEvery: number },
): Promise<number> {
  const { body } = toSignedBody(
    messageBody({ phoneNumberId: PHONE_NUMBER_ID, displayPhoneNumber: '15550783881' }, [
      {
        id: newWamid(),
        from: { phone: '5215500000001', name: 'Cliente' },
        sentAt: new Date(),
        text: TEXT,
      },
    ]),
    APP_SECRET,
  )
  const bytes = Buffer.from(body)
  const startedAt = Date.now()
  const until = startedAt + seconds * 1000
  let written = 0
  let turn = 0
  await Promise.all(
    Array.from({ length: WRITERS }, async (_, writer) => {
      const client = await pool.connect()
      try {
        while (Date.now() < until) {
          const batch = Array.from(
            { length: BATCH },
            () => conversations[(written++ * WRITERS + writer) % conversations.length],
          ).flatMap((one) => one ?? [])
          const isNew = batch.filter(() => turn++ % newEvery === 0).length
          await writeBatch(client, batch.slice(isNew), isNew, bytes)
        }
      } finally {
        client.release()
      }
    }),
  )
  return written / ((Date.now() - startedAt) / 1000)
}

async function writeBatch(
  client: pg.PoolClient,
  batch: readonly { id: string; customer_id: string }[],
  isNew: number,
  bytes: Buffer,
): Promise<void> {
  const { rows: bodies } = await client.query<{ id: string }>({
    name: 'floor-bodies',
    text: `INSERT INTO webhook_bodies (channel, body) SELECT 'whatsapp', body FROM unnest($1::bytea[]) AS body RETURNING id`,
    values: [Array.from({ length: batch.length + isNew }, () => bytes)],
  })
  await client.query({
    name: 'floor-effects',
    text: `WITH given AS (SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[]) AS t(id, conversation_id, customer_id, wamid)),
           stored AS (
             INSERT INTO messages (id, conversation_id, channel_message_id, direction, sender_type, sender_id, content_type,
               content_text, content_metadata, status, sent_at)
             SELECT id, conversation_id, wamid, 'inbound', 'customer', customer_id, 'text', $5, '{"text":{"body":"${TEXT}"}}', 'delivered', NOW()
             FROM given),
           touched AS (
             UPDATE conversations SET last_inbound_at = NOW(), last_message_at = NOW()
             WHERE id IN (SELECT conversation_id FROM given)),
           made AS (
             SELECT new_id() AS customer_id, new_id() AS identity_id, new_id() AS conversation_id,
               'floor-' || gen_random_uuid() AS phone FROM generate_series(1, $7::int)),
           customer AS (
             INSERT INTO customers (id, external_id, channel, name) SELECT customer_id, phone, 'whatsapp', 'Cliente' FROM made),
           known AS (
             INSERT INTO customer_identities (id, customer_id, channel, external_id, kind, is_primary, valid_from)
             SELECT identity_id, customer_id, 'whatsapp', phone, 'phone', TRUE, NOW() FROM made),
           opened AS (
             INSERT INTO conversations (id, customer_id, channel, channel_account_id, reply_identity_id, team_id, status,
               queued_at, first_message_at, waiting_since, last_inbound_at, last_message_at)
             SELECT conversation_id, customer_id, 'whatsapp', a.id, identity_id, t.id, 'queued', NOW(), NOW(), NOW(), NOW(), NOW()
             FROM made, (SELECT id FROM channel_accounts LIMIT 1) a, (SELECT id FROM teams LIMIT 1) t),
           told AS (
             INSERT INTO conversation_events (id, conversation_id, event_type, actor_type)
             SELECT new_id(), conversation_id, 'conversation.status_changed', 'system' FROM made, generate_series(1, 3)),
           said AS (
             INSERT INTO messages (id, conversation_id, channel_message_id, direction, sender_type, sender_id, content_type,
               content_text, content_metadata, status, sent_at)
             SELECT new_id(), conversation_id, 'floor-' || conversation_id, 'inbound', 'customer', customer_id, 'text', $5,
               '{"text":{"body":"${TEXT}"}}', 'delivered', NOW()
             FROM made)
           UPDATE webhook_bodies SET processed_at = NOW() WHERE id = ANY($6::bigint[])`,
    values: [
      batch.map(() => randomUUID()),
      batch.map(({ id }) => id),
      batch.map(({ customer_id }) => customer_id),
      batch.map(() => newWamid()),
      TEXT,
      bodies.map(({ id }) => id),
      isNew,
    ],
  })
}
