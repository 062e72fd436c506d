import { setTimeout as sleep } from 'node:timers/promises'
import { createServer } from 'node:net'

import type pg from 'pg'

import { bench, number, rising } from './options.ts'
import { measureAtOnce } from './bootstrap.ts'
import {
  addColleagues,
  fillCompany,
  leaveUnindexed,
  memoryOf,
  SECRET_KEY,
  watchMemory,
  watchProcessors,
  type Colleague,
} from './company.ts'
import { loadAfresh } from './fresh-load.ts'
import { percentile } from './percentile.ts'
import { SimulatedWorkstation, untilAllLive } from './simulated-workstation.ts'
import { createWorld, type ServerProcess, type World } from './world.ts'

const CONVERSATIONS = 10_000
const RATES = [10, 50]
const MISSED_CHANGES = 2_000
const SETTLE_MS = 3_000

/**
 * Many workstations on one server process and on two: what a connection costs, what nothing costs, how fast a message is
 * with everybody who may see it, how fast all are back after a restart, and how fast all of them load afresh at once.
 */
export const connections = bench({
  says: 'a company’s workstations on one and on two server processes',
  options: {
    workstations: number(1000, 'workstations'),
    processes: rising([1, 2], 'server processes'),
    seconds: number(10, 'seconds of each measurement'),
  },
  run,
})

async function run({
  workstations,
  processes: sizes,
  seconds,
}: {
  workstations: number
  processes: number[]
  seconds: number
}): Promise<void> {
  for (const processes of sizes) {
    const world = await createWorld()
    try {
      await measure(world, workstations, processes, seconds)
    } finally {
      await world.stop()
    }
  }
}

async function measure(
  world: World,
  count: number,
  processes: number,
  seconds: number,
): Promise<void> {
  const teamIds = await fillCompany(world.pool, CONVERSATIONS)
  await leaveUnindexed(world.pool)
  const ports = await Promise.all(Array.from({ length: processes }, freePort))
  const start = (): Promise<ServerProcess[]> =>
    Promise.all(
      ports.map((port) => world.startServer({ PARLEY_SECRET_KEY: SECRET_KEY, PORT: String(port) })),
    )
  let servers = await start()
  const urlOf = (n: number): string => servers[n % servers.length]?.url ?? ''
  print(`— ${count.toLocaleString('en')} workstations, ${processes} server processes —`)
  await sleep(SETTLE_MS)
  const idleMb = memoryOf(servers[0]?.process.pid)
  print(`idle server ${idleMb.toFixed(0)} MB (target 150)`)

  const people = [
    ...(await addColleagues(world.pool, teamIds, 'agent', Math.ceil(count * 0.94))),
    ...(await addColleagues(world.pool, teamIds, 'team_lead', Math.ceil(count * 0.05))),
    ...(await addColleagues(world.pool, teamIds, 'supervisor', Math.ceil(count * 0.01))),
  ].slice(0, count)
  const [first] = people as [Colleague]
  const { cursor } = await loadAfresh(urlOf(0), first)
  const heard = new Map<string, number[]>()
  const workstations = people.map(
    (person, n) =>
      new SimulatedWorkstation(urlOf(n), person, cursor, (id) => {
        heard.get(id)?.push(performance.now())
      }),
  )
  for (const workstation of workstations) {
    workstation.connect()
    await sleep(2)
  }
  const together = await untilAllLive(workstations)
  await sleep(SETTLE_MS)
  const withAllMb = memoryOf(servers[0]?.process.pid)
  print(
    `all connected ${together.all.toFixed(1)} s after the last; server ${withAllMb.toFixed(0)} MB (target 400), ` +
      `${(((withAllMb - idleMb) * 1024) / (count / processes)).toFixed(0)} kB a connection`,
  )
  print(`idle: ${(await queriesASecond(world.pool, 10)).toFixed(0)} transactions/s in the database`)

  for (const rate of RATES) {
    const processors = watchProcessors(servers)
    await measureFanOut(world.pool, teamIds, rate, seconds, heard)
    print(`  ${processors()}`)
  }

  for (const server of servers) await server.stop()
  await changeMuch(world.pool, MISSED_CHANGES)
  servers = await start()
  const memory = watchMemory(servers.map((server) => server.process.pid))
  const processors = watchProcessors(servers)
  const resumed = await untilAllLive(workstations)
  print(
    `after a restart with ${MISSED_CHANGES.toLocaleString('en')} missed changes half are current within ${resumed.half.toFixed(1)} s and all within ${resumed.all.toFixed(1)} s (target 10), server at most ${memory().toFixed(0)} MB; ${processors()}`,
  )
  for (const workstation of workstations) workstation.end()
  const [server] = servers as [ServerProcess]
  const newcomers = await addColleagues(world.pool, teamIds, 'agent', Math.ceil(count * 1.2))
  await measureAtOnce(server, newcomers)
  for (const each of servers) await each.stop()
}

/** From the commit of a message until it is with each who follows. */
async function measureFanOut(
  pool: pg.Pool,
  teamIds: readonly string[],
  rate: number,
  seconds: number,
  heard: Map<string, number[]>,
): Promise<void> {
  const { rows } = await pool.query<{ id: string }>(
    `SELECT id FROM conversations WHERE status <> 'closed' AND team_id = ANY($1::uuid[]) ORDER BY random() LIMIT 500`,
    [teamIds],
  )
  const sentAt = new Map<string, number>()
  const began = performance.now()
  for (let n = 0; n < rate * seconds; n++) {
    const dueMs = began + (n * 1000) / rate
    await sleep(Math.max(0, dueMs - performance.now()))
    const conversationId = rows[n % rows.length]?.id
    void (async () => {
      const { rows: stored } = await pool.query<{ id: string }>(
        `WITH said AS (
           INSERT INTO messages (id, conversation_id, direction, sender_type, content_type, content_text, status, sent_at)
           VALUES (new_id(), $1, 'inbound', 'customer', 'text', '¿hay novedades?', 'delivered', NOW()) RETURNING id),
         touched AS (UPDATE conversations SET last_message_at = NOW() WHERE id = $1)
         SELECT id FROM said`,
        [conversationId],
      )
      const [message] = stored
      if (message === undefined) return
      sentAt.set(message.id, performance.now())
      // It may be with somebody before this process has heard of its commit.
      if (!heard.has(message.id)) heard.set(message.id, [])
      await pool.query('NOTIFY parley_feed')
    })()
  }
  await sleep(2_000)
  const waits = [...sentAt].flatMap(([id, at]) => (heard.get(id) ?? []).map((then) => then - at))
  if (waits.length === 0) throw new Error('nobody heard of any message')
  print(
    `${rate} messages/s: ${(waits.length / sentAt.size).toFixed(0)} recipients each, ` +
      `p50 ${percentile(waits, 50).toFixed(0)} ms, p99 ${percentile(waits, 99).toFixed(0)} ms (target p99 250 at 50/s)`,
  )
}

async function changeMuch(pool: pg.Pool, changes: number): Promise<void> {
  await pool.query(
    `UPDATE conversations SET priority = CASE priority WHEN 'high' THEN 'normal' ELSE 'high' END
     WHERE id IN (SELECT id FROM conversations ORDER BY random() LIMIT $1)`,
    [changes],
  )
}

async function queriesASecond(pool: pg.Pool, seconds: number): Promise<number> {
  const count = async (): Promise<number> => {
    const { rows } = await pool.query<{ count: string }>(
      'SELECT xact_commit AS count FROM pg_stat_database WHERE datname = current_database()',
    )
    return Number(rows[0]?.count)
  }
  const before = await count()
  await sleep(seconds * 1000)
  return ((await count()) - before) / seconds
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
