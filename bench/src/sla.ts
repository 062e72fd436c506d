import { setTimeout as sleep } from 'node:timers/promises'

import type pg from 'pg'

import { bench, rising } from './options.ts'
import { percentile } from './percentile.ts'
import { createWorld } from './world.ts'

/** Fall due within one second, among all others that are due some day. */
const DUE_TOGETHER = 1000
/** Come due in one instant, to see how much can be done and not how soon. */
const DUE_AT_ONCE = 5000

/**
 * How late breaches are recorded and told, how that changes with the number of open timers, and how fast many
 * are worked off, against a database that does nothing but write the same rows.
 */
export const sla = bench({
  says: 'how late breaches are recorded and told',
  options: { sizes: rising([10_000, 100_000, 1_000_000], 'open timers') },
  run,
})

async function run({ sizes }: { sizes: number[] }): Promise<void> {
  const world = await createWorld()
  const { pool } = world
  try {
    const lead = await prepare(pool)
    const server = await world.startServer()
    const costs: number[] = []
    for (const size of sizes) {
      await openTimers(pool, size)
      const lateness = await measureLateness(pool)
      print(
        `${size.toLocaleString('en')} open timers, ${DUE_TOGETHER.toLocaleString('en')} due within one second: ` +
          `recorded and told after p50 ${percentile(lateness, 50).toFixed(0)} ms, p99 ${percentile(lateness, 99).toFixed(0)} ms ` +
          `(target p99 ≤ 1,000), all of them ${lateness.length === DUE_TOGETHER ? 'once' : `WRONG: ${lateness.length}`}`,
      )
      const rate = await measureRate(pool)
      const floor = await measureFloor(pool, lead)
      costs.push(1000 / rate)
      print(
        `  ${DUE_AT_ONCE.toLocaleString('en')} due at once: ${rate.toFixed(0)}/s, floor ${floor.toFixed(0)}/s, ` +
          `ratio ${(rate / floor).toFixed(2)}; ${(1000 / rate).toFixed(3)} ms each`,
      )
    }
    const [first, last] = [costs[0] ?? 0, costs.at(-1) ?? 0]
    print(`cost with the most timers against the fewest: ${(last / first).toFixed(2)}`)
    await server.stop()
  } finally {
    await world.stop()
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** A team with a lead and a policy. @returns the lead */
async function prepare(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    `WITH team AS (INSERT INTO teams (name, slug) VALUES ('Bench', 'bench') RETURNING id),
     account AS (
       INSERT INTO channel_accounts (channel, external_id, display_name) VALUES ('whatsapp', 'bench', 'bench')),
     policy AS (
       INSERT INTO sla_policies (team_id, priority, frt_target_seconds, resolution_target_seconds)
       SELECT id, 'normal', 86400, 864000 FROM team),
     lead AS (
       INSERT INTO users (email, password_hash, full_name, role)
       VALUES ('lead@bench.example', '-', 'Lead', 'team_lead') RETURNING id),
     member AS (INSERT INTO team_memberships (user_id, team_id) SELECT lead.id, team.id FROM lead, team)
     SELECT id FROM lead`,
  )
  await pool.query(
    `UPDATE team_settings SET routing_mode = 'pull' WHERE team_id = (SELECT id FROM teams WHERE slug = 'bench')`,
  )
  return (rows[0] as { id: string }).id
}

/** So many queued conversations with a running clock each, due over the next month. */
async function openTimers(pool: pg.Pool, count: number): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('TRUNCATE conversations, customers, changes CASCADE')
    // Without triggers: nobody follows what was before.
    await client.query('SET session_replication_role = replica')
    await client.query(
      `WITH people AS (
         INSERT INTO customers (external_id, channel)
         SELECT 'bench-' || n, 'whatsapp' FROM generate_series(1, $1::int) n RETURNING id),
       opened AS (
         INSERT INTO conversations (customer_id, channel, channel_account_id, team_id, status, queued_at,
           first_message_at, waiting_since, last_inbound_at, last_message_at, next_due_at)
         SELECT people.id, 'whatsapp', a.id, t.id, 'queued', NOW(), NOW(), NOW(), NOW(), NOW(),
                NOW() + INTERVAL '1 day' + random() * INTERVAL '30 days'
         FROM people, channel_accounts a, teams t WHERE a.external_id = 'bench' AND t.slug = 'bench'
         RETURNING id, next_due_at)
       INSERT INTO sla_timers (conversation_id, clock, sla_policy_id, state, started_at, target_seconds, warns_at,
         due_at, warned_at, next_at)
       SELECT opened.id, 'first_response', p.id, 'running', NOW(), 86400, opened.next_due_at, opened.next_due_at,
              NOW(), opened.next_due_at
       FROM opened, sla_policies p`,
      [count],
    )
    await client.query('VACUUM ANALYZE conversations')
    await client.query('VACUUM ANALYZE sla_timers')
    await client.query('CHECKPOINT')
  } finally {
    await client.query('SET session_replication_role = DEFAULT')
    client.release()
  }
}

/** Makes so many of the timers that are due last come due from `inSeconds` on, spread over `withinSeconds`. */
async function bringForward(
  pool: pg.Pool,
  count: number,
  inSeconds: number,
  withinSeconds: number,
): Promise<void> {
  await pool.query(
    `UPDATE sla_timers t SET due_at = soon.at, next_at = soon.at
     FROM (SELECT conversation_id, date_trunc('milliseconds',
                    NOW() + make_interval(secs => $2) + random() * make_interval(secs => $3)) AS at
           FROM sla_timers WHERE next_at IS NOT NULL ORDER BY next_at DESC LIMIT $1) soon
     WHERE t.conversation_id = soon.conversation_id`,
    [count, inSeconds, withinSeconds],
  )
}

/** @returns milliseconds from each due instant until its breach and its alert can be read */
async function measureLateness(pool: pg.Pool): Promise<number[]> {
  await pool.query('TRUNCATE sla_violations, alerts')
  await bringForward(pool, DUE_TOGETHER, 3, 1)
  const seen = new Map<string, number>()
  const until = performance.now() + 30_000
  while (seen.size < DUE_TOGETHER && performance.now() < until) {
    // Only what is new, so that looking costs little of what is looked at.
    const { rows } = await pool.query<{ id: string; late: number }>({
      name: 'told-breaches',
      text: `SELECT v.id, EXTRACT(EPOCH FROM clock_timestamp() - v.breached_at)::float8 * 1000 AS late
             FROM sla_violations v JOIN alerts a ON a.conversation_id = v.conversation_id AND a.kind = 'breach'
             WHERE v.created_at > clock_timestamp() - INTERVAL '3 seconds' AND v.id <> ALL ($1::uuid[])`,
      values: [[...seen.keys()]],
    })
    for (const { id, late } of rows) if (!seen.has(id)) seen.set(id, late)
    await sleep(10)
  }
  return [...seen.values()]
}

/** @returns breaches a second, when they all come due in the same instant */
async function measureRate(pool: pg.Pool): Promise<number> {
  await pool.query('TRUNCATE sla_violations, alerts')
  await bringForward(pool, DUE_AT_ONCE, 3, 0)
  const { rows } = await pool.query<{ in_ms: number }>(
    `SELECT EXTRACT(EPOCH FROM MIN(next_at) - clock_timestamp())::float8 * 1000 AS in_ms FROM sla_timers`,
  )
  await sleep(Math.max(0, rows[0]?.in_ms ?? 0))
  const startedAt = performance.now()
  for (;;) {
    const { rows: done } = await pool.query<{ count: number }>({
      name: 'recorded',
      text: 'SELECT COUNT(*)::int AS count FROM sla_violations',
    })
    if ((done[0]?.count ?? 0) >= DUE_AT_ONCE) break
    await sleep(10)
  }
  return DUE_AT_ONCE / ((performance.now() - startedAt) / 1000)
}

/** The same locks and rows in pages of the same size, with nothing read and nothing decided. */
async function measureFloor(pool: pg.Pool, lead: string): Promise<number> {
  const { rows } = await pool.query<{ conversation_id: string }>(
    'SELECT conversation_id FROM sla_violations LIMIT $1',
    [DUE_AT_ONCE],
  )
  await pool.query('TRUNCATE sla_violations, alerts')
  const ids = rows.map(({ conversation_id }) => conversation_id)
  const startedAt = performance.now()
  for (let from = 0; from < ids.length; from += 500) {
    const page = ids.slice(from, from + 500)
    const client = await pool.connect()
    await client.query('BEGIN')
    await client.query('SELECT 1 FROM conversations WHERE id = ANY($1::uuid[]) FOR NO KEY UPDATE', [
      page,
    ])
    await client.query(
      `INSERT INTO sla_violations (conversation_id, sla_policy_id, violation_type, target_seconds, actual_seconds, breached_at)
       SELECT id, (SELECT id FROM sla_policies), 'frt', 86400, 86400, NOW() FROM unnest($1::uuid[]) id`,
      [page],
    )
    await client.query(
      `INSERT INTO conversation_events (conversation_id, event_type, actor_type, metadata)
       SELECT id, 'sla.breached', 'system', '{"clock":"first_response"}' FROM unnest($1::uuid[]) id`,
      [page],
    )
    await client.query(
      `INSERT INTO alerts (user_id, subject_id, kind, clock, conversation_id, due_at)
       SELECT $2, gen_random_uuid(), 'breach', 'first_response', id, NOW() FROM unnest($1::uuid[]) id`,
      [page, lead],
    )
    await client.query(
      'UPDATE sla_timers SET fired_at = NOW(), next_at = NULL WHERE conversation_id = ANY($1::uuid[])',
      [page],
    )
    await client.query('COMMIT')
    client.release()
  }
  return ids.length / ((performance.now() - startedAt) / 1000)
}
