import { signInAgent } from '@parley/simulator'
import type pg from 'pg'

import { bench, rising } from './options.ts'
import { PASSWORD, addConversations, addLead, measure } from './lead.ts'
import { percentile } from './percentile.ts'
import { createWorld } from './world.ts'

const ROUNDS = 400

/**
 * How fast a person's conversations are marked as read, by the procedure on a real server, against the mark and its change
 * written by hand in one commit; how that grows with the marks there are; and how long until their other device has it.
 */
export const reads = bench({
  says: 'marking as read, and until the other device has it',
  options: { sizes: rising([1, 10_000, 100_000], 'marks of one person') },
  run,
})

async function run({ sizes }: { sizes: number[] }): Promise<void> {
  const world = await createWorld()
  try {
    const { email, userId, teamId } = await addLead(world.pool)
    const server = await world.startServer()
    const costs: number[] = []
    for (const size of sizes) {
      await fill(world.pool, { teamId, userId, size })
      const byHand = await addRead(world.pool, teamId)
      const floorMs = await measure(byHand, (id) => markByHand(world.pool, userId, id))
      const conversations = await addRead(world.pool, teamId)
      // Only now: what was filled in is nothing that this one has to catch up with.
      const device = await signInAgent({
        serverUrl: server.url,
        email,
        password: PASSWORD,
        onProblem: (problem) => process.stderr.write(`${problem}\n`),
      })
      const seen = new Map<string, number>()
      await device.follow((items) => {
        for (const item of items) {
          if (item.op === 'put' && item.kind === 'read_mark')
            seen.set(item.row.conversationId, performance.now())
        }
      })
      const sent = new Map<string, number>()
      const ms = await measure(conversations, (conversationId) => {
        sent.set(conversationId, performance.now())
        return device.mutate('reads.mark', { marks: [{ conversationId, turn: 0, seq: 1e9 }] })
      })
      while (conversations.some((id) => !seen.has(id)))
        await new Promise((resolve) => setTimeout(resolve, 20))
      const waits = conversations.map((id) => (seen.get(id) ?? 0) - (sent.get(id) ?? 0))
      costs.push(ms)
      await device.end()
      process.stdout.write(
        `${size.toLocaleString('en')} marks: ${ms.toFixed(2)} ms each, floor ${floorMs.toFixed(2)} ms, ` +
          `ratio ${(ms / floorMs).toFixed(2)}; on the other device p50 ${percentile(waits, 50).toFixed(0)} ms, p99 ${percentile(waits, 99).toFixed(0)} ms\n`,
      )
    }
    process.stdout.write(
      `cost with the most against the fewest: ${((costs.at(-1) ?? 0) / (costs[0] ?? 1)).toFixed(2)}\n`,
    )
  } finally {
    await world.stop()
  }
}

/** Open conversations with one message each. */
async function addRead(pool: pg.Pool, teamId: string): Promise<string[]> {
  const ids = await addConversations(pool, teamId, ROUNDS, { isOpen: true })
  await pool.query(
    `INSERT INTO messages (conversation_id, direction, sender_type, content_type, content_text, status)
     SELECT id, 'inbound', 'customer', 'text', 'hola', 'delivered' FROM unnest($1::uuid[]) AS id`,
    [ids],
  )
  return ids
}

/** Marks of conversations that were closed long ago, as they are until they are pruned. */
async function fill(
  pool: pg.Pool,
  of: { teamId: string; userId: string; size: number },
): Promise<void> {
  const { rows } = await pool.query<{ count: number }>(
    'SELECT COUNT(*)::int AS count FROM read_marks',
  )
  const missing = of.size - (rows[0]?.count ?? 0)
  if (missing <= 0) return
  const ids = await addConversations(pool, of.teamId, missing)
  await pool.query(
    `INSERT INTO read_marks (user_id, conversation_id, seq) SELECT $2, id, 1 FROM unnest($1::uuid[]) AS id`,
    [ids, of.userId],
  )
}

/** The triggers append the change. */
function markByHand(pool: pg.Pool, userId: string, conversationId: string): Promise<unknown> {
  return pool.query({
    name: 'mark-by-hand',
    text: `INSERT INTO read_marks (user_id, conversation_id, seq) VALUES ($1, $2, 1)
           ON CONFLICT (user_id, conversation_id) DO UPDATE SET seq = EXCLUDED.seq`,
    values: [userId, conversationId],
  })
}
