import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'

import type pg from 'pg'

import {
  addColleagues,
  fillCompany,
  leaveUnindexed,
  ROLES,
  SECRET_KEY,
  watchMemory,
  watchProcessors,
  type Colleague,
} from './company.ts'
import { bench, number, rising } from './options.ts'
import { loadAfresh, readAtLeast, readWhole } from './fresh-load.ts'
import { percentile } from './percentile.ts'
import { createWorld, type ServerProcess } from './world.ts'

const ROUNDS = 3

/**
 * How long a fresh load takes, by role and by the company's size, on tables that nobody has analysed: beside the bare
 * statements that read as many rows, and the bare transfer of them, compressed. With `--fresh N`, so many at once.
 */
export const bootstrap = bench({
  says: 'fresh loads, by role and size',
  options: {
    sizes: rising([1000, 10_000], 'conversations of ten messages'),
    fresh: number(1, 'agents who load afresh at once'),
  },
  run,
})

async function run({ sizes, fresh }: { sizes: number[]; fresh: number }): Promise<void> {
  const world = await createWorld()
  try {
    let filled = 0
    for (const size of sizes) {
      const teamIds = await fillCompany(world.pool, size - filled)
      filled = size
      await leaveUnindexed(world.pool)
      const server = await world.startServer({ PARLEY_SECRET_KEY: SECRET_KEY })
      for (const role of ROLES) {
        const people = await addColleagues(world.pool, teamIds, role, ROUNDS)
        await measureRole(server, world.pool, size, people)
      }
      if (fresh > 1) {
        const people = await addColleagues(world.pool, teamIds, 'agent', fresh)
        await measureAtOnce(server, people)
      }
      await server.stop()
    }
  } finally {
    await world.stop()
  }
}

async function measureRole(
  server: ServerProcess,
  pool: pg.Pool,
  size: number,
  people: readonly Colleague[],
): Promise<void> {
  const loads = []
  for (const person of people) loads.push(await loadAfresh(server.url, person))
  const [first] = people as [Colleague]
  const { ms: statementsMs, rows } = await bareStatements(pool, first)
  const transferMs = await bareTransfer(rows)
  const best = loads.toSorted((a, b) => a.ms - b.ms)[0]
  if (best === undefined) return
  print(
    `${size.toLocaleString('en')} conversations, ${first.role}: ${best.ms.toFixed(0)} ms in ${best.pages} pages, ` +
      `${best.rows.toLocaleString('en')} rows, coverage ${JSON.stringify(best.coverage)}; ` +
      `bare statements ${statementsMs.toFixed(0)} ms, bare compressed transfer ${transferMs.toFixed(0)} ms, ` +
      `ratio ${(best.ms / (statementsMs + transferMs)).toFixed(2)}`,
  )
}

/** The same rows by the statements that anybody would write, over one connection. */
async function bareStatements(
  pool: pg.Pool,
  { userId, teamIds, role }: Colleague,
): Promise<{ ms: number; rows: unknown[] }> {
  const reach = role === 'supervisor' ? 'TRUE' : '(team_id = ANY($1::uuid[]) OR assigned_to = $2)'
  const values = role === 'supervisor' ? [] : [teamIds, userId]
  const client = await pool.connect()
  const began = performance.now()
  const read = async (text: string, parameters: unknown[]) =>
    (await client.query<{ id: string; customer_id: string }>(text, parameters)).rows
  const open = await read(
    `SELECT * FROM conversations WHERE status <> 'closed' AND ${reach} ORDER BY id DESC LIMIT 20000`,
    values,
  )
  const closed = await read(
    `SELECT * FROM conversations WHERE status = 'closed' AND closed_at > NOW() - INTERVAL '30 days' AND ${reach}
     ORDER BY closed_at DESC, id LIMIT 1000`,
    values,
  )
  // As many as the budget for threads holds, at fifteen of each.
  const whole = open.slice(0, 2_667).map(({ id }) => id)
  const rows: unknown[] = [...open, ...closed]
  for (const table of ['messages', 'conversation_events']) {
    rows.push(
      ...(await read(`SELECT * FROM ${table} WHERE conversation_id = ANY($1::uuid[])`, [whole])),
    )
  }
  const customers = [...open, ...closed].map(({ customer_id }) => customer_id)
  rows.push(...(await read('SELECT * FROM customers WHERE id = ANY($1::uuid[])', [customers])))
  const ms = performance.now() - began
  client.release()
  return { ms, rows }
}

async function bareTransfer(rows: unknown[]): Promise<number> {
  const server = createServer((_request, response) => {
    response.setHeader('content-encoding', 'gzip')
    response.end(gzipSync(JSON.stringify(rows), { level: 3 }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const began = performance.now()
  await (await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)).json()
  const ms = performance.now() - began
  server.closeAllConnections()
  server.close()
  return ms
}

/** Of so many simulated workstations one takes in all that comes, as a real one does, and the others count. */
const ONE_WHOLE_IN = 50

/** @param people each with a workstation that has nothing yet */
export async function measureAtOnce(
  server: ServerProcess,
  people: readonly Colleague[],
): Promise<void> {
  const memory = watchMemory([server.process.pid])
  const processors = watchProcessors([server])
  const began = performance.now()
  const loads = await Promise.all(
    people.map((person, n) =>
      loadAfresh(server.url, person, n % ONE_WHOLE_IN === 0 ? readWhole : readAtLeast),
    ),
  )
  const seconds = (performance.now() - began) / 1000
  const pages = loads.flatMap(({ pageMs }) => pageMs)
  const sum = (key: 'rows' | 'putOff' | 'bytes'): number =>
    loads.reduce((all, load) => all + load[key], 0)
  print(
    `${people.length.toLocaleString('en')} fresh loads at once: all within ${seconds.toFixed(1)} s (target 60 for 1,200), ` +
      `${(sum('rows') / seconds).toFixed(0)} rows/s in ${(sum('bytes') / 1e6).toFixed(0)} MB, page p50 ${percentile(pages, 50).toFixed(0)} ms, p99 ${percentile(pages, 99).toFixed(0)} ms, ` +
      `put off ${sum('putOff')} times, server at most ${memory().toFixed(0)} MB (target 600); ${processors()} (they receive, unpack and count; one in ${ONE_WHOLE_IN} reads all)`,
  )
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
