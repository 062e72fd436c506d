import { messageBody, newWamid, toSignedBody } from '@parley/simulator'
import type pg from 'pg'

import { bench, number, rising } from './options.ts'
import { postAll } from './http-load.ts'
import { measureFloor } from './intake-floor.ts'
import { APP_SECRET, PHONE_NUMBER_ID, createWorld, type World } from './world.ts'

const CONNECTIONS = 32
const BUSINESS = { phoneNumberId: PHONE_NUMBER_ID, displayPhoneNumber: '15550783881' }
const ROUNDS = 5
/** One webhook in so many is the first message of somebody new. */
const NEW_CUSTOMER_EVERY = 10

/**
 * Webhooks a second, from the socket until nothing waits to take effect, on a database that begins empty and whose
 * tables nobody ever analyses, with more and more open conversations; against the same rows, written with the same
 * durability and the same freedom to share commits and statements, by SQL alone.
 */
export const intake = bench({
  says: 'webhooks a second until they have taken effect',
  options: {
    seconds: number(15, 'seconds of each measurement'),
    sizes: rising([200, 2000, 20_000, 100_000], 'open conversations'),
  },
  run,
})

async function run({ seconds, sizes }: { seconds: number; sizes: number[] }): Promise<void> {
  const world = await createWorld()
  const results: { open: number; webhooks: number; floor: number; ratio: number }[] = []
  try {
    await neverAnalyse(world.pool)
    const server = await world.startServer()
    const customers = new Customers(world.pool)
    for (const size of sizes) {
      await customers.open(size)
      // Floor and server in turn, so that a machine that slows down slows both.
      const floors: number[] = []
      const rates: number[] = []
      for (let round = 0; round < ROUNDS; round++) {
        rates.push(await measureWebhooks(world, server.url, customers, seconds / ROUNDS))
        floors.push(
          await measureFloor(world.pool, await customers.some(), {
            seconds: seconds / ROUNDS,
            newEvery: NEW_CUSTOMER_EVERY,
          }),
        )
      }
      // Of each turn by itself: what slowed it down slowed both.
      const ratio = median(rates.map((rate, round) => rate / (floors[round] ?? Number.NaN)))
      const result = { open: size, webhooks: median(rates), floor: median(floors), ratio }
      results.push(result)
      process.stdout.write(
        `${size.toLocaleString('en').padStart(8)} open: ${result.webhooks.toFixed(0)} messages/s, floor ${result.floor.toFixed(0)}/s, ratio ${ratio.toFixed(2)}, no backlog\n`,
      )
    }
  } finally {
    await world.stop()
  }
  const [first] = results
  const last = results.at(-1)
  if (first && last && first !== last) {
    process.stdout.write(
      `slowdown from ${first.open.toLocaleString('en')} to ${last.open.toLocaleString('en')} open: ${(first.webhooks / last.webhooks).toFixed(2)} (target ≤ 1.5); the floor's own: ${(first.floor / last.floor).toFixed(2)}\n`,
    )
  }
}

/** As a database is that was made this morning: what the planner knows of it is how large its files are. */
async function neverAnalyse(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_class c
     WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace`,
  )
  for (const { name } of rows) {
    await pool.query(`ALTER TABLE ${name} SET (autovacuum_enabled = off)`)
  }
}

const phoneOf = (number: number): string => `5255${String(number).padStart(8, '0')}`

/** Customers with an open conversation each, who are more and more. */
class Customers {
  readonly #pool: pg.Pool
  /** The number of the next one who is new. */
  #next = 1
  #turn = 0

  constructor(pool: pg.Pool) {
    this.#pool = pool
  }

  newPhone(): string {
    return phoneOf(this.#next++)
  }

  anyPhone(): string {
    // In steps that reach everybody, so that no two of the same customer follow each other.
    this.#turn = (this.#turn + 7919) % Math.max(1, this.#next - 1)
    return phoneOf(this.#turn + 1)
  }

  /** Brings the open conversations to so many, without their history: as if they had been opened just now. */
  async open(size: number): Promise<void> {
    const missing = size - (this.#next - 1)
    if (missing <= 0) return
    const first = this.#next
    this.#next += missing
    await this.#pool.query(
      `WITH numbered AS (
         SELECT new_id() AS customer_id, new_id() AS identity_id, '+5255' || lpad(n::text, 8, '0') AS phone
         FROM generate_series($1::int, $2::int) n
       ), made AS (
         INSERT INTO customers (id, external_id, channel, name)
         SELECT customer_id, phone, 'whatsapp', 'Cliente' FROM numbered
       ), known AS (
         INSERT INTO customer_identities (id, customer_id, channel, external_id, kind, is_primary, valid_from)
         SELECT identity_id, customer_id, 'whatsapp', phone, 'phone', TRUE, NOW() - INTERVAL '1 day' FROM numbered
       )
       INSERT INTO conversations (id, customer_id, channel, channel_account_id, reply_identity_id, team_id, status,
         queued_at, first_message_at, waiting_since, last_inbound_at, last_message_at)
       SELECT new_id(), customer_id, 'whatsapp', a.id, identity_id, (SELECT id FROM teams WHERE slug = 'sales'), 'queued',
              NOW(), NOW() - INTERVAL '1 hour', NOW() - INTERVAL '1 hour', NOW() - INTERVAL '1 hour', NOW() - INTERVAL '1 hour'
       FROM numbered, channel_accounts a WHERE a.external_id = $3`,
      [first, first + missing - 1, PHONE_NUMBER_ID],
    )
  }

  async some(): Promise<{ id: string; customer_id: string }[]> {
    const { rows } = await this.#pool.query<{ id: string; customer_id: string }>(
      `SELECT id, customer_id FROM conversations WHERE status <> 'closed' ORDER BY id LIMIT 2000`,
    )
    return rows
  }
}

async function measureWebhooks(
  world: World,
  url: string,
  customers: Customers,
  seconds: number,
): Promise<number> {
  let number = 0
  const next = (): { body: string; signature: string } => {
    const isNew = number++ % NEW_CUSTOMER_EVERY === 0
    return toSignedBody(
      messageBody(BUSINESS, [
        {
          id: newWamid(),
          from: { phone: isNew ? customers.newPhone() : customers.anyPhone(), name: 'Cliente' },
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

/** @throws where something still waits after a minute */
async function allProcessed(pool: pg.Pool): Promise<void> {
  for (const until = Date.now() + 60_000; Date.now() < until;) {
    const { rows } = await pool.query<{ waiting: boolean }>(
      'SELECT EXISTS (SELECT 1 FROM webhook_bodies WHERE processed_at IS NULL) AS waiting',
    )
    if (rows[0]?.waiting === false) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error('the backlog did not drain within a minute')
}

function median(values: number[]): number {
  return [...values].toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
