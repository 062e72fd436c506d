import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { eventually, startTestServer, type TestServer } from '../../testing/test-server.ts'
import { newTeam, queueUp } from '../../testing/workstations.ts'

/**
 * Several server processes on one database, killed at random while conversations come, are answered,
 * closed, given back and offered. What must be true is asked after every step.
 */

let server: TestServer
const children = new Set<ChildProcess>()
const secretKey = randomBytes(32).toString('base64')

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await server.stop()
})

async function startProcess(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../main.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'] ?? '',
      DATABASE_URL: server.database.connectionString,
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

interface Broken {
  too_much: number
  two_owners: number
  owner_differs: number
  two_offers: number
  offered_elsewhere: number
  lost: number
}

/** Asked in one snapshot, so that it holds whatever is under way. */
async function broken(teamIds: string[], total: number): Promise<Broken> {
  const { rows } = await server.database.pool.query<Broken>(
    `SELECT
       (SELECT COUNT(*)::int FROM agent_presence p
        JOIN loads_of(ARRAY(SELECT user_id FROM agent_presence)) l ON l.user_id = p.user_id
        WHERE l.load > p.capacity) AS too_much,
       (SELECT COUNT(*)::int FROM (
          SELECT conversation_id FROM conversation_assignments WHERE ended_at IS NULL
          GROUP BY conversation_id HAVING COUNT(*) > 1) twice) AS two_owners,
       (SELECT COUNT(*)::int FROM conversations c
        LEFT JOIN conversation_assignments a ON a.conversation_id = c.id AND a.ended_at IS NULL
        WHERE c.team_id = ANY($1::uuid[]) AND c.status IN ('assigned', 'pending_agent', 'pending_customer')
          AND a.user_id IS DISTINCT FROM c.assigned_to) AS owner_differs,
       (SELECT COUNT(*)::int FROM (
          SELECT conversation_id FROM offers WHERE outcome = 'open'
          GROUP BY conversation_id HAVING COUNT(*) > 1) twice) AS two_offers,
       (SELECT COUNT(*)::int FROM offers o JOIN conversations c ON c.id = o.conversation_id
        WHERE o.outcome = 'open' AND (c.status <> 'queued' OR c.team_id <> o.team_id)) AS offered_elsewhere,
       (SELECT $2 - COUNT(*)::int FROM conversations WHERE team_id = ANY($1::uuid[])) AS lost`,
    [teamIds, total],
  )
  return rows[0] as Broken
}

const NOTHING_BROKEN: Broken = {
  too_much: 0,
  two_owners: 0,
  owner_differs: 0,
  two_offers: 0,
  offered_elsewhere: 0,
  lost: 0,
}

test('processes that are killed at any moment never break what holds, and nothing stays behind', async () => {
  const auto = await newTeam(server, 'auto')
  const offering = await newTeam(server, 'offering', { mode: 'offer', offerSeconds: 5 })
  const teamIds = [auto, offering]
  for (let index = 0; index < 12; index++) {
    // Half of them belong to both teams, whose dispatchers then compete for the same room.
    await server.addPerson({
      role: 'agent',
      teamIds: index % 2 === 0 ? teamIds : [teamIds[index % 4 === 1 ? 0 : 1] as string],
      capacity: 1 + (index % 5),
      presence: 'online',
    })
  }
  const pool = server.database.pool
  const running = [await startProcess(), await startProcess()]
  let total = 0
  for (let step = 0; step < 24; step++) {
    total += (await queueUp(server, teamIds[step % 2] as string, 15)).length
    // People's work, as their commands would leave it: closed, answered, taken.
    await pool.query(
      `WITH done AS (
         UPDATE conversations SET status = 'closed', closed_at = NOW()
         WHERE id IN (SELECT id FROM conversations WHERE status = 'assigned' AND team_id = ANY($1::uuid[])
                      ORDER BY random() LIMIT 8 FOR UPDATE SKIP LOCKED) RETURNING id)
       UPDATE conversation_assignments SET ended_at = NOW(), end_reason = 'closed'
       WHERE conversation_id IN (SELECT id FROM done) AND ended_at IS NULL`,
      [teamIds],
    )
    await pool.query('NOTIFY parley_routing')
    if (step % 4 === 1) {
      await kill(running[step % 2] as ChildProcess)
      running[step % 2] = await startProcess()
    }
    // The clock of an offer jumps.
    if (step % 5 === 2) {
      await pool.query(
        `UPDATE offers SET expires_at = NOW() - INTERVAL '1 hour' WHERE outcome = 'open' AND random() < 0.5`,
      )
    }
    expect(await broken(teamIds, total)).toEqual(NOTHING_BROKEN)
  }
  // However it was interrupted: nobody of the automatic team has room while somebody waits there.
  await eventually(async () => {
    const { rows } = await pool.query<{ waiting: number; room: number }>(
      `SELECT (SELECT COUNT(*)::int FROM conversations WHERE status = 'queued' AND team_id = $1) AS waiting,
              (SELECT COUNT(*)::int FROM team_memberships m
               JOIN agent_presence p ON p.user_id = m.user_id AND p.status = 'online'
               LEFT JOIN loads_of(ARRAY(SELECT user_id FROM agent_presence)) l ON l.user_id = p.user_id
               WHERE m.team_id = $1 AND COALESCE(l.load, 0) + 1 <= p.capacity) AS room`,
      [auto],
    )
    const [now] = rows as [{ waiting: number; room: number }]
    expect(Math.min(now.waiting, now.room)).toBe(0)
  })
  expect(await broken(teamIds, total)).toEqual(NOTHING_BROKEN)
}, 180_000)
