import { messageBody, newWamid, toSignedBody } from '@parley/simulator'
import type pg from 'pg'

import { postAll } from './http-load.ts'
import { parseOptions } from './options.ts'
import { APP_SECRET, PHONE_NUMBER_ID, createWorld, fill, type World } from './world.ts'

const CONVERSATIONS = 2000
const CONNECTIONS = 32
/** As many connections as the server's intake uses at most. */
const FLOOR_CONNECTIONS = 13
const BUSINESS = { phoneNumberId: PHONE_NUMBER_ID, displayPhoneNumber: '15550783881' }

/**
 * Webhooks a second, from the socket to the processed row, against the same rows written by prepared
 * statements alone, a transaction each; and how both change with what is stored already. The server may do
 * better than that: what arrives together shares its statements and its commits.
 */
export async function benchIntake(options: string[]): Promise<void> {
  const { seconds, sizes } = parseOptions(options, {
    seconds: 10,
    sizes: [10_000, 100_000, 1_000_000],
  })
  const world = await createWorld()
  const results: { size: number; webhooks: number; floor: number }[] = []
  try {
    for (const size of sizes) {
      process.stdout.write(`${size.toLocaleString('en')} stored messages: filling… `)
      await fill(world.pool, size, CONVERSATIONS)
      const server = await world.startServer()
      await measureWebhooks(world, server.url, 3)
      // Floor and server in turn, so that a machine that slows down slows both.
      const floors: number[] = []
      const rates: number[] = []
      for (let round = 0; round < 3; round++) {
        floors.push(await measureFloor(world.pool, seconds / 3))
        rates.push(await measureWebhooks(world, server.url, seconds / 3))
      }
      await server.stop()
      const result = { size, webhooks: median(rates), floor: median(floors) }
      results.push(result)
      process.stdout.write(
        `${result.webhooks.toFixed(0)} webhooks/s, floor ${result.floor.toFixed(0)}/s, ratio ${(result.webhooks / result.floor).toFixed(2)} (target ≥ 0.5)\n`,
      )
    }
  } finally {
    await world.stop()
  }
  const [first] = results
  const last = results.at(-1)
  if (first && last && first !== last) {
    // Against the floor of the same size, so that the disk's share of the slowdown is not counted twice.
    process.stdout.write(
      `slowdown from ${first.size.toLocaleString('en')} to ${last.size.toLocaleString('en')}: ${(first.webhooks / last.webhooks).toFixed(2)} (target ≤ 1.2); the floor's own: ${(first.floor / last.floor).toFixed(2)}\n`,
    )
  }
}

async function measureWebhooks(world: World, url: string, seconds: number): Promise<number> {
  let customer = 0
  const next = (): { body: string; signature: string } => {
    const phone = `5215500${String((customer++ % CONVERSATIONS) + 1).padStart(6, '0')}`
    return toSignedBody(
      messageBody(BUSINESS, [
        {
          id: newWamid(),
          from: { phone, name: 'Cliente' },
          sentAt: new Date(),
          text: '¿Me pueden ayudar con mi pedido?',
        },
      ]),
      APP_SECRET,
    )
  }
  const startedAt = Date.now()
  const { accepted, refused } = await postAll(
    url,
    '/webhooks/whatsapp',
    CONNECTIONS,
    startedAt + seconds * 1000,
    next,
  )
  if (refused > 0) throw new Error(`${refused} webhooks were refused`)
  await allProcessed(world.pool)
  return accepted / ((Date.now() - startedAt) / 1000)
}

async function allProcessed(pool: pg.Pool): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ waiting: boolean }>(
      'SELECT EXISTS (SELECT 1 FROM webhook_bodies WHERE processed_at IS NULL) AS waiting',
    )
    if (rows[0]?.waiting === false) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** Body, message and conversation of a webhook in one transaction, and nothing else. */
async function measureFloor(pool: pg.Pool, seconds: number): Promise<number> {
  const { rows: conversations } = await pool.query<{ id: string; customer_id: string }>(
    'SELECT id, customer_id FROM conversations LIMIT $1',
    [CONVERSATIONS],
  )
  const { body } = toSignedBody(
    messageBody(BUSINESS, [
      {
        id: newWamid(),
        from: { phone: '5215500000001', name: 'Cliente' },
        sentAt: new Date(),
        text: '¿Me pueden ayudar con mi pedido?',
      },
    ]),
    APP_SECRET,
  )
  const bytes = Buffer.from(body)
  const until = Date.now() + seconds * 1000
  let written = 0
  const startedAt = Date.now()
  await Promise.all(
    Array.from({ length: FLOOR_CONNECTIONS }, async () => {
      const client = await pool.connect()
      while (Date.now() < until) {
        const conversation = conversations[written++ % conversations.length] as {
          id: string
          customer_id: string
        }
        await writeFloor(client, conversation, bytes)
      }
      client.release()
    }),
  )
  return written / ((Date.now() - startedAt) / 1000)
}

async function writeFloor(
  client: pg.PoolClient,
  conversation: { id: string; customer_id: string },
  bytes: Buffer,
): Promise<void> {
  await client.query('BEGIN')
  await client.query({
    name: 'floor-body',
    text: `INSERT INTO webhook_bodies (channel, body, processed_at) VALUES ('whatsapp', $1, NOW())`,
    values: [bytes],
  })
  await client.query({
    name: 'floor-message',
    text: `INSERT INTO messages (conversation_id, channel_message_id, direction, sender_type, sender_id, content_type,
             content_text, content_metadata, status, sent_at)
           VALUES ($1, $2, 'inbound', 'customer', $3, 'text', $4, '{"text":{"body":"¿Me pueden ayudar con mi pedido?"}}', 'delivered', NOW())`,
    values: [
      conversation.id,
      newWamid(),
      conversation.customer_id,
      '¿Me pueden ayudar con mi pedido?',
    ],
  })
  await client.query({
    name: 'floor-conversation',
    text: 'UPDATE conversations SET last_inbound_at = NOW(), last_message_at = NOW() WHERE id = $1',
    values: [conversation.id],
  })
  await client.query('COMMIT')
}

function median(values: number[]): number {
  return [...values].toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
