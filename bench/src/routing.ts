import { setTimeout as sleep } from 'node:timers/promises'

import type pg from 'pg'

import { bench, number, rising } from './options.ts'
import { percentile } from './percentile.ts'
import { createWorld, type World } from './world.ts'

const AGENTS = 1000
const QUEUED = 10_000
/** As many connections as the dispatchers of a few server processes would keep busy. */
const FLOOR_CONNECTIONS = 8
/** What peers do: an assigner that looks every so often and takes so many. */
const PEER_INTERVAL_MS = 5000
const PEER_BATCH = 100
const ARRIVALS_A_SECOND = 20

/**
 * How fast a queue is handed out, against the same row locks and writes alone; how that changes with what
 * waits; and how long a conversation waits for somebody who is free, beside a polling assigner.
 */
export const routing = bench({
  says: 'handing a queue out',
  options: {
    seconds: number(20, 'seconds of waiting measured'),
    sizes: rising([1000, 10_000, 100_000], 'queued conversations'),
  },
  run,
})

async function run({ seconds, sizes }: { seconds: number; sizes: number[] }): Promise<void> {
  const world = await createWorld()
  try {
    const teamId = await prepare(world.pool)
    const server = await world.startServer()

    const floor = await measureFloor(world.pool, teamId)
    const rate = await measureHandingOut(world.pool, teamId, QUEUED, QUEUED / AGENTS)
    print(
      `${QUEUED.toLocaleString('en')} queued to ${AGENTS.toLocaleString('en')} agents: ${rate.toFixed(0)} assignments/s, ` +
        `floor ${floor.toFixed(0)}/s, ratio ${(rate / floor).toFixed(2)} (target ≥ 0.5)`,
    )

    const costs: number[] = []
    for (const size of sizes) {
      const perSecond = await measureHandingOut(world.pool, teamId, size, 1)
      costs.push(1000 / perSecond)
      print(
        `${AGENTS.toLocaleString('en')} free places, ${size.toLocaleString('en')} queued: ${(1000 / perSecond).toFixed(2)} ms an assignment`,
      )
    }
    const [first, last] = [costs[0] ?? 0, costs.at(-1) ?? 0]
    print(`cost with the longest queue against the shortest: ${(last / first).toFixed(2)}`)

    const waits = await measureWaits(world, teamId, seconds)
    print(
      `${ARRIVALS_A_SECOND}/s with somebody free, commit to assignment: p50 ${percentile(waits, 50).toFixed(0)} ms, p99 ${percentile(waits, 99).toFixed(0)} ms (target p99 ≤ 100)`,
    )
    await server.stop()

    const stopPeer = startPollingAssigner(world.pool, teamId)
    const polled = await measureWaits(world, teamId, seconds)
    await stopPeer()
    print(
      `the same through an assigner that polls every ${PEER_INTERVAL_MS / 1000} s for ${PEER_BATCH}: p50 ${percentile(polled, 50).toFixed(0)} ms, p99 ${percentile(polled, 99).toFixed(0)} ms`,
    )
  } finally {
    await world.stop()
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** A team with its agents, who are online and stay so: nobody is connected here. */
async function prepare(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    `INSERT INTO teams (name, slug) VALUES ('Bench', 'bench') RETURNING id`,
  )
  const teamId = (rows[0] as { id: string }).id
  await pool.query(
    `INSERT INTO channel_accounts (channel, external_id, display_name) VALUES ('whatsapp', 'bench', 'bench')`,
  )
  await pool.query(
    `WITH people AS (
       INSERT INTO users (email, password_hash, full_name, role)
       SELECT 'agent' || n || '@bench.example', '-', 'Agent ' || n, 'agent' FROM generate_series(1, $2::int) n
       RETURNING id),
     present AS (
       INSERT INTO agent_presence (user_id, status, capacity, last_seen_at)
       SELECT id, 'online', 0, NOW() + INTERVAL '1 day' FROM people)
     INSERT INTO team_memberships (user_id, team_id) SELECT id, $1 FROM people`,
    [teamId, AGENTS],
  )
  return teamId
}

/** So many in the queue and nobody with room. */
async function queueUp(pool: pg.Pool, teamId: string, count: number): Promise<void> {
  // Nobody is connected here: the server would take them for gone.
  await pool.query(
    `UPDATE agent_presence SET capacity = 0, status = 'online', last_seen_at = NOW() + INTERVAL '1 day'`,
  )
  await pool.query(`TRUNCATE conversations CASCADE`)
  await pool.query(
    `WITH people AS (
       INSERT INTO customers (external_id, channel)
       SELECT 'queued-' || gen_random_uuid(), 'whatsapp' FROM generate_series(1, $2::int) RETURNING id)
     INSERT INTO conversations (customer_id, channel, channel_account_id, team_id, status, queued_at,
       first_message_at, waiting_since, last_inbound_at, last_message_at)
     SELECT people.id, 'whatsapp', a.id, $1, 'queued', NOW() + make_interval(secs => row_number() OVER () / 1000000.0),
            NOW(), NOW(), NOW(), NOW()
     FROM people, channel_accounts a WHERE a.external_id = 'bench'`,
    [teamId, count],
  )
  await pool.query('VACUUM ANALYZE conversations')
  await pool.query('CHECKPOINT')
}

/** @returns assignments a second, from the moment that there is room */
async function measureHandingOut(
  pool: pg.Pool,
  teamId: string,
  queued: number,
  capacity: number,
): Promise<number> {
  await queueUp(pool, teamId, queued)
  const expected = Math.min(queued, capacity * AGENTS)
  const startedAt = performance.now()
  await pool.query('UPDATE agent_presence SET capacity = $1', [capacity])
  await pool.query('NOTIFY parley_routing')
  for (;;) {
    const { rows } = await pool.query<{ count: number }>(
      'SELECT COUNT(*)::int AS count FROM conversation_assignments',
    )
    if ((rows[0]?.count ?? 0) >= expected) break
    await sleep(20)
  }
  return expected / ((performance.now() - startedAt) / 1000)
}

/** Locks, state, ownership, audit trail and feed of each assignment in a transaction, and nothing to decide. */
async function measureFloor(pool: pg.Pool, teamId: string): Promise<number> {
  await queueUp(pool, teamId, QUEUED)
  const { rows: conversations } = await pool.query<{ id: string }>(
    `SELECT id FROM conversations WHERE status = 'queued' ORDER BY queued_at`,
  )
  const { rows: agents } = await pool.query<{ user_id: string }>(
    'SELECT user_id FROM team_memberships WHERE team_id = $1',
    [teamId],
  )
  let next = 0
  const startedAt = performance.now()
  await Promise.all(
    Array.from({ length: FLOOR_CONNECTIONS }, async () => {
      const client = await pool.connect()
      for (let index = next++; index < conversations.length; index = next++) {
        const { user_id: userId } = agents[index % agents.length] as { user_id: string }
        await assignAlone(client, (conversations[index] as { id: string }).id, userId, teamId)
      }
      client.release()
    }),
  )
  return conversations.length / ((performance.now() - startedAt) / 1000)
}

const EXPLANATION = JSON.stringify({
  strategy: 'least_loaded',
  chosenBecause: 'longest_idle',
  eligible: Array.from({ length: 8 }, () => ({
    userId: '00000000-0000-0000-0000-000000000000',
    load: 0,
    capacity: 10,
  })),
})

async function assignAlone(
  client: pg.PoolClient,
  conversationId: string,
  userId: string,
  teamId: string,
): Promise<void> {
  const run = (name: string, text: string, values: unknown[]) =>
    client.query({ name: `floor-${name}`, text, values })
  await client.query('BEGIN')
  await run('person', 'SELECT 1 FROM agent_presence WHERE user_id = $1 FOR NO KEY UPDATE', [userId])
  await run('lock', 'SELECT * FROM conversations WHERE id = $1 FOR NO KEY UPDATE', [conversationId])
  await run(
    'state',
    `UPDATE conversations SET status = 'assigned', assigned_to = $2, assigned_at = NOW(), queued_at = NULL WHERE id = $1`,
    [conversationId, userId],
  )
  await run(
    'owner',
    `INSERT INTO conversation_assignments (conversation_id, user_id, team_id, method, explanation)
     VALUES ($1, $2, $3, 'auto', $4)`,
    [conversationId, userId, teamId, EXPLANATION],
  )
  await run(
    'event',
    `INSERT INTO conversation_events (conversation_id, event_type, actor_type, old_value, new_value, metadata)
     VALUES ($1, 'conversation.assigned', 'system', '{"status":"queued"}', '{"status":"assigned"}', $2)`,
    [conversationId, EXPLANATION],
  )
  await run('idle', 'UPDATE agent_presence SET last_assigned_at = NOW() WHERE user_id = $1', [
    userId,
  ])
  await client.query('COMMIT')
}

/** Conversations come one by one to a team with room. @returns milliseconds from commit to owner */
async function measureWaits(world: World, teamId: string, seconds: number): Promise<number[]> {
  await queueUp(world.pool, teamId, 0)
  await world.pool.query('UPDATE agent_presence SET capacity = 50')
  const waits: Promise<number>[] = []
  const until = performance.now() + seconds * 1000
  while (performance.now() < until) {
    waits.push(queueOne(world.pool, teamId))
    await sleep(1000 / ARRIVALS_A_SECOND)
  }
  return Promise.all(waits)
}

async function queueOne(pool: pg.Pool, teamId: string): Promise<number> {
  const { rows } = await pool.query<{ id: string }>(
    `WITH person AS (
       INSERT INTO customers (external_id, channel) VALUES ('one-' || gen_random_uuid(), 'whatsapp') RETURNING id)
     INSERT INTO conversations (customer_id, channel, channel_account_id, team_id, status, queued_at)
     SELECT person.id, 'whatsapp', a.id, $1, 'queued', NOW() FROM person, channel_accounts a
     WHERE a.external_id = 'bench' RETURNING id`,
    [teamId],
  )
  const id = (rows[0] as { id: string }).id
  const committedAt = performance.now()
  await pool.query('NOTIFY parley_routing')
  for (;;) {
    const { rows: found } = await pool.query<{ assigned_to: string | null }>({
      name: 'owner-of',
      text: 'SELECT assigned_to FROM conversations WHERE id = $1',
      values: [id],
    })
    if (found[0]?.assigned_to) return performance.now() - committedAt
    await sleep(2)
  }
}

/** Written down for comparison: no locks held over the choice, no order but age, a loop over a batch. */
function startPollingAssigner(pool: pg.Pool, teamId: string): () => Promise<void> {
  let stopped = false
  const running = (async () => {
    while (!stopped) {
      const { rows: waiting } = await pool.query<{ id: string }>(
        `SELECT id FROM conversations WHERE team_id = $1 AND status = 'queued' ORDER BY created_at LIMIT $2`,
        [teamId, PEER_BATCH],
      )
      for (const { id } of waiting) {
        const { rows: agents } = await pool.query<{ user_id: string }>(
          `SELECT p.user_id FROM agent_presence p
           JOIN team_memberships m ON m.user_id = p.user_id AND m.team_id = $1
           LEFT JOIN conversations c ON c.assigned_to = p.user_id AND c.status <> 'closed'
           WHERE p.status = 'online'
           GROUP BY p.user_id, p.capacity HAVING COUNT(c.id) < p.capacity ORDER BY COUNT(c.id) LIMIT 1`,
          [teamId],
        )
        await pool.query(
          `UPDATE conversations SET status = 'assigned', assigned_to = $2, assigned_at = NOW(), queued_at = NULL
           WHERE id = $1 AND status = 'queued'`,
          [id, agents[0]?.user_id],
        )
      }
      await sleep(PEER_INTERVAL_MS)
    }
  })()
  return async () => {
    stopped = true
    await running
  }
}
