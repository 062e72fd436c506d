import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { createTestDatabase, type TestDatabase } from '@parley/database/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { promise, violationsOf } from '../../testing/service-levels.ts'
import { eventually } from '../../testing/test-server.ts'
import { newTeam, queueUp } from '../../testing/workstations.ts'

/** Server processes of their own, killed while clocks come due. Nothing is missed and nothing happens twice. */

let database: TestDatabase
const children = new Set<ChildProcess>()
const secretKey = randomBytes(32).toString('base64')

beforeAll(async () => {
  database = await createTestDatabase()
  await database.pool.query(`ALTER DATABASE ${database.name} SET synchronous_commit = on`)
})
afterAll(async () => {
  await Promise.all([...children].map(kill))
  await database.drop()
})

async function startProcess(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../main.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'] ?? '',
      DATABASE_URL: database.connectionString,
      PARLEY_SECRET_KEY: secretKey,
      PORT: '0',
      LOG_LEVEL: 'error',
    },
  })
  children.add(child)
  child.once('exit', () => children.delete(child))
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`a server ended with ${code}`)))
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      if ((JSON.parse(line) as { msg?: string }).msg === 'listening') resolve()
    })
  })
  return child
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await ended
}

/** A team with its leads, and conversations whose clocks have been computed. */
async function staffedTeam(slug: string, conversations: number) {
  const teamId = await newTeam({ database }, slug, { mode: 'pull' })
  const { rows: leads } = await database.pool.query<{ id: string }>(
    `WITH leads AS (
       INSERT INTO users (email, password_hash, full_name, role)
       SELECT $1 || n || '@parley.example', 'none', 'Lead ' || n, 'team_lead' FROM generate_series(1, 2) n
       RETURNING id),
     members AS (INSERT INTO team_memberships (user_id, team_id) SELECT id, $2 FROM leads),
     present AS (INSERT INTO agent_presence (user_id, status, last_seen_at) SELECT id, 'busy', NOW() + INTERVAL '1 day' FROM leads)
     SELECT id FROM leads`,
    [slug, teamId],
  )
  const ids = await queueUp({ database }, teamId, conversations)
  await promise({ database }, teamId, {
    firstResponseSeconds: 3600,
    resolutionSeconds: 7200,
    escalationSeconds: 5400,
  })
  return { teamId, ids, leads: leads.map(({ id }) => id) }
}

/** What was done more or less than once for these conversations. */
async function irregularities(ids: readonly string[], leads: number): Promise<object> {
  const { rows } = await database.pool.query<object>(
    `WITH wanted AS (SELECT unnest($1::uuid[]) AS id),
     per AS (
       SELECT w.id,
         (SELECT COUNT(*) FROM sla_violations v WHERE v.conversation_id = w.id) AS violations,
         (SELECT COUNT(*) FROM conversation_events e WHERE e.conversation_id = w.id AND e.event_type = 'sla.breached') AS events,
         (SELECT COUNT(*) FROM alerts a WHERE a.conversation_id = w.id AND a.kind = 'breach') AS breach_alerts,
         (SELECT COUNT(*) FROM escalations x WHERE x.conversation_id = w.id) AS escalations,
         (SELECT COUNT(*) FROM alerts a WHERE a.conversation_id = w.id AND a.kind = 'escalation') AS escalation_alerts
       FROM wanted w)
     SELECT COUNT(*) FILTER (WHERE violations <> 2)::int AS violations,
            COUNT(*) FILTER (WHERE events <> 2)::int AS events,
            COUNT(*) FILTER (WHERE breach_alerts <> 2 * $2::int)::int AS breach_alerts,
            COUNT(*) FILTER (WHERE escalations <> 1)::int AS escalations,
            COUNT(*) FILTER (WHERE escalation_alerts <> 1)::int AS escalation_alerts
     FROM per`,
    [ids, leads],
  )
  return rows[0] as object
}

const NONE = { violations: 0, events: 0, breach_alerts: 0, escalations: 0, escalation_alerts: 0 }

test('three processes killed at random miss no breach and record none twice', async () => {
  let running = await Promise.all([startProcess(), startProcess(), startProcess()])
  const { ids, leads } = await staffedTeam('chaos', 900)
  // Each of 900 conversations has three instants within the next four seconds, spread over them.
  await database.pool.query(
    `UPDATE sla_timers t SET due_at = soon.at, warned_at = NOW(), next_at = soon.at
     FROM (SELECT conversation_id, clock, NOW() + random() * INTERVAL '4 seconds' AS at FROM sla_timers
           WHERE conversation_id = ANY($1)) soon
     WHERE t.conversation_id = soon.conversation_id AND t.clock = soon.clock`,
    [ids],
  )
  await database.pool.query('NOTIFY parley_sla')
  const until = Date.now() + 4500
  for (let turn = 0; Date.now() < until; turn++) {
    const [victim, ...others] = running as [ChildProcess, ChildProcess, ChildProcess]
    await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 250))
    await kill(victim)
    // Now and then there is none at all for a moment.
    if (turn % 3 === 2) {
      await Promise.all(others.map(kill))
      running = await Promise.all([startProcess(), startProcess(), startProcess()])
    } else {
      running = [...others, await startProcess()]
    }
  }
  await eventually(
    async () => expect(await irregularities(ids, leads.length)).toEqual(NONE),
    30_000,
  )
  // And it stays so: whatever else is looked at later does nothing again.
  await database.pool.query('NOTIFY parley_sla')
  const { rows } = await database.pool.query(
    'SELECT 1 FROM sla_timers WHERE conversation_id = ANY($1) AND next_at IS NOT NULL',
    [ids],
  )
  expect(rows).toEqual([])
  expect(await irregularities(ids, leads.length)).toEqual(NONE)
  await Promise.all(running.map(kill))
}, 120_000)

test('after an hour without a server all that came due is recorded with its instant, and no warning is given', async () => {
  const server = await startProcess()
  const { ids, leads } = await staffedTeam('stopped', 20)
  await kill(server)
  await database.pool.query(
    `UPDATE sla_timers SET started_at = started_at - INTERVAL '3 hours', warns_at = warns_at - INTERVAL '3 hours',
            due_at = due_at - INTERVAL '3 hours', next_at = next_at - INTERVAL '3 hours'
     WHERE conversation_id = ANY($1)`,
    [ids],
  )
  const again = await startProcess()
  await eventually(async () => expect(await irregularities(ids, leads.length)).toEqual(NONE))
  for (const { breached_at, created_at } of await violationsOf({ database }, ids)) {
    expect(created_at.getTime() - breached_at.getTime()).toBeGreaterThan(3_500_000)
  }
  const { rows } = await database.pool.query(
    `SELECT 1 FROM alerts WHERE conversation_id = ANY($1) AND kind = 'warning'`,
    [ids],
  )
  expect(rows).toEqual([])
  await kill(again)
}, 60_000)
