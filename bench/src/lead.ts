import { randomUUID } from 'node:crypto'

import { hash } from '@node-rs/argon2'
import type pg from 'pg'

export const PASSWORD = 'a bench password'
const AT_ONCE = 16

/** Milliseconds for each, so many at once. */
export async function measure(
  ids: readonly string[],
  work: (id: string) => Promise<unknown>,
): Promise<number> {
  const waiting = [...ids]
  const startedAt = performance.now()
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) await work(id)
    }),
  )
  return (performance.now() - startedAt) / ids.length
}

export async function addLead(
  pool: pg.Pool,
): Promise<{ email: string; userId: string; teamId: string }> {
  const userId = randomUUID()
  const email = `${userId}@parley.example`
  await pool.query(
    `INSERT INTO users (id, email, password_hash, full_name, role) VALUES ($1, $2, $3, 'Rosa Elizondo', 'supervisor')`,
    [userId, email, await hash(PASSWORD, { memoryCost: 1024, timeCost: 1 })],
  )
  await pool.query('INSERT INTO agent_presence (user_id, capacity) VALUES ($1, 0)', [userId])
  const { rows } = await pool.query<{ id: string }>(`SELECT id FROM teams WHERE slug = 'sales'`)
  return { email, userId, teamId: rows[0]?.id ?? '' }
}

/** By default closed long ago, so that nothing but what hangs on them grows for who follows. */
export async function addConversations(
  pool: pg.Pool,
  teamId: string,
  count: number,
  { isOpen = false } = {},
): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `WITH account AS (
       INSERT INTO channel_accounts (channel, external_id, display_name) VALUES ('whatsapp', 'bench', 'bench')
       ON CONFLICT (channel, external_id) DO UPDATE SET display_name = 'bench' RETURNING id),
     customer AS (
       INSERT INTO customers (channel, external_id)
       SELECT 'whatsapp', gen_random_uuid() FROM generate_series(1, $2) RETURNING id)
     INSERT INTO conversations (customer_id, channel, channel_account_id, team_id, status, closed_at, queued_at)
     SELECT customer.id, 'whatsapp', account.id, $1, CASE WHEN $3 THEN 'queued' ELSE 'closed' END,
       CASE WHEN NOT $3 THEN NOW() - INTERVAL '60 days' END, CASE WHEN $3 THEN NOW() END
     FROM customer, account RETURNING id`,
    [teamId, count, isOpen],
  )
  return rows.map(({ id }) => id)
}
