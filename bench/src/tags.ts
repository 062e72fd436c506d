import { signInAgent } from '@parley/simulator'
import type pg from 'pg'
import { v7 as newId } from 'uuid'

import { bench, rising } from './options.ts'
import { PASSWORD, addConversations, addLead, measure } from './lead.ts'
import { percentile } from './percentile.ts'
import { createWorld } from './world.ts'

const ROUNDS = 400

/**
 * How fast conversations are tagged, by procedures on a real server, against what each must leave behind (the intent,
 * the tag, its event, their changes) written by hand in one commit; how that grows with the tags there are; and how
 * long until a workstation that follows has it.
 */
export const tags = bench({
  says: 'tagging, and until a workstation has it',
  options: { sizes: rising([1, 10_000, 100_000], 'tags on conversations') },
  run,
})

async function run({ sizes }: { sizes: number[] }): Promise<void> {
  const world = await createWorld()
  try {
    const { email, userId, teamId } = await addLead(world.pool)
    const tagId = await addTag(world.pool)
    const server = await world.startServer()
    const costs: number[] = []
    for (const size of sizes) {
      await fill(world.pool, { teamId, userId, tagId, size })
      const byHand = await addConversations(world.pool, teamId, ROUNDS)
      const floorMs = await measure(byHand, (id) => tagByHand(world.pool, { id, userId, tagId }))
      const conversations = await addConversations(world.pool, teamId, ROUNDS)
      // Only now: what was filled in is nothing that this one has to catch up with.
      const lead = await signInAgent({
        serverUrl: server.url,
        email,
        password: PASSWORD,
        onProblem: (problem) => process.stderr.write(`${problem}\n`),
      })
      const seen = new Map<string, number>()
      await lead.follow((items) => {
        for (const item of items) {
          if (item.op === 'put' && item.kind === 'conversation_tag')
            seen.set(item.row.conversationId, performance.now())
        }
      })
      const sent = new Map<string, number>()
      const ms = await measure(conversations, (conversationId) => {
        sent.set(conversationId, performance.now())
        return lead.mutate('tags.add', { intentId: newId(), conversationId, tagId })
      })
      while (conversations.some((id) => !seen.has(id)))
        await new Promise((resolve) => setTimeout(resolve, 20))
      const waits = conversations.map((id) => (seen.get(id) ?? 0) - (sent.get(id) ?? 0))
      costs.push(ms)
      await lead.end()
      process.stdout.write(
        `${size.toLocaleString('en')} tagged: ${ms.toFixed(2)} ms a tag, floor ${floorMs.toFixed(2)} ms, ` +
          `ratio ${(ms / floorMs).toFixed(2)}; seen by who follows p50 ${percentile(waits, 50).toFixed(0)} ms, p99 ${percentile(waits, 99).toFixed(0)} ms\n`,
      )
    }
    process.stdout.write(
      `cost with the most against the fewest: ${((costs.at(-1) ?? 0) / (costs[0] ?? 1)).toFixed(2)}\n`,
    )
  } finally {
    await world.stop()
  }
}

async function addTag(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    `INSERT INTO tags (name) VALUES ('medida') RETURNING id`,
  )
  return rows[0]?.id ?? ''
}

async function fill(
  pool: pg.Pool,
  of: { teamId: string; userId: string; tagId: string; size: number },
): Promise<void> {
  const { rows } = await pool.query<{ count: number }>(
    'SELECT COUNT(*)::int AS count FROM conversation_tags',
  )
  const missing = of.size - (rows[0]?.count ?? 0)
  if (missing <= 0) return
  const ids = await addConversations(pool, of.teamId, missing)
  await pool.query(
    `INSERT INTO conversation_tags (conversation_id, tag_id, added_by)
     SELECT id, $2, $3 FROM unnest($1::uuid[]) AS id`,
    [ids, of.tagId, of.userId],
  )
}

/** The triggers append the changes. */
async function tagByHand(
  pool: pg.Pool,
  { id, userId, tagId }: { id: string; userId: string; tagId: string },
): Promise<void> {
  await pool.query({
    name: 'tag-by-hand',
    text: `WITH intent AS (
             INSERT INTO intents (id, user_id, procedure, conversation_id) VALUES ($4, $3, 'tags.add', $1)),
           tagged AS (
             INSERT INTO conversation_tags (conversation_id, tag_id, added_by) VALUES ($1, $2, $3))
           INSERT INTO conversation_events (conversation_id, event_type, actor_type, actor_id)
           VALUES ($1, 'conversation.tagged', 'user', $3)`,
    values: [id, tagId, userId, newId()],
  })
}
