import { type FeedItem, type ProblemRow } from '@parley/contracts'
import { type Role } from '@parley/domain'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { Database } from '../../platform/database.ts'
import { createLogger } from '../../platform/logger.ts'
import { createServices, type Services } from '../../platform/services.ts'
import { TEST_SECRETS } from '../../testing/bare-services.ts'
import { codeOf, conversationOf, newCustomer, write } from '../../testing/conversations.ts'
import {
  eventually,
  newId,
  startTestServer,
  type TestClient,
  type TestServer,
} from '../../testing/test-server.ts'
import { bootstrapAll } from '../../testing/workstations.ts'
import { endProblem, raiseProblem, reviewProblem } from './index.ts'

let server: TestServer
let processes: readonly [Services, Services]
const clients: TestClient[] = []

beforeAll(async () => {
  server = await startTestServer()
  const another = () =>
    createServices(
      new Database(server.database.pool),
      server.database.connectionString,
      TEST_SECRETS,
      createLogger('fatal'),
    )
  processes = [await another(), await another()]
})
afterAll(async () => {
  for (const client of clients) client.close()
  await server.stop()
})
beforeEach(async () => {
  await query('DELETE FROM problems')
})

const query = async (text: string, values: unknown[] = []) =>
  (await server.database.pool.query(text, values)).rows

const ABOUT = { kind: 'channel_stopped', subject: 'an-account' } as const
const raise = (services: Services, reason = '190') =>
  services.db.transaction((tx) =>
    raiseProblem(services, tx, ABOUT, () => ({ channel: 'whatsapp', account: 'Ventas', reason })),
  )
const end = (services: Services) => services.db.transaction((tx) => endProblem(services, tx, ABOUT))
const aMinuteLater = () => query(`UPDATE problems SET last_at = NOW() - INTERVAL '61 seconds'`)
const problems = () => query('SELECT * FROM problems ORDER BY first_at, id')
const changes = async () =>
  (await query(`SELECT entity_id FROM changes WHERE entity = 'problem'`)).length

interface Watcher extends TestClient {
  /** What the feed brought. */
  heard: FeedItem[]
}

async function watch(role: Role): Promise<Watcher> {
  const person = await server.addPerson({ role, teamIds: [server.teams.sales], capacity: 0 })
  const client = await server.signIn(person)
  clients.push(client)
  const { cursor } = await client.trpc.sync.bootstrap.query({ page: null })
  const heard: FeedItem[] = []
  await new Promise<void>((resolve) => {
    client.trpc.sync.feed.subscribe(
      { cursor: cursor as string },
      {
        onData({ data }) {
          if (data.type === 'live') resolve()
          if (data.type === 'batch') heard.push(...data.batch.items)
        },
      },
    )
  })
  return { ...client, heard }
}

const isOf = (kind: string) => (item: FeedItem) => 'kind' in item && item.kind === kind
const newest = ({ heard }: Watcher): ProblemRow | undefined =>
  heard.flatMap((item) => (item.op === 'put' && item.kind === 'problem' ? [item.row] : [])).at(-1)

test('raised many times at once by two processes it is one problem, told once', async () => {
  const before = await changes()
  await Promise.all(Array.from({ length: 20 }, (_, n) => raise(processes[n % 2 === 0 ? 0 : 1])))
  expect(await problems()).toMatchObject([{ count: '1', ended_at: null }])
  expect((await changes()) - before).toBe(1)
})

test('what stands for long is told again once a minute, as it is by then', async () => {
  const [here] = processes
  await raise(here, '190')
  await raise(here, '131031')
  expect(await problems()).toMatchObject([{ count: '1', details: { reason: '190' } }])
  await aMinuteLater()
  await Promise.all(processes.map((services) => raise(services, '131031')))
  expect(await problems()).toMatchObject([{ count: '2', details: { reason: '131031' } }])
})

test('what is over stays over, and the same again is another problem', async () => {
  const [here, there] = processes
  await raise(here)
  await Promise.all([end(here), end(there)])
  await raise(there)
  await end(here)
  await raise(here)
  const all = await problems()
  expect(all.map(({ ended_at }) => ended_at === null)).toEqual([false, false, true])
  expect(new Set(all.map(({ id }) => id)).size).toBe(3)
})

test('what is raised while somebody finds all well is not ended with what was', async () => {
  const [here, there] = processes
  await raise(here)
  let raised: Promise<void> = Promise.resolve()
  await reviewProblem(here, ABOUT, async () => {
    raised = raise(there)
    // It waits for the one that is being looked at, which is about to end.
    await eventually(async () =>
      expect(
        await query(
          `SELECT 1 FROM pg_stat_activity
           WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%FROM problems%'`,
        ),
      ).toHaveLength(1),
    )
    return null
  })
  await raised
  expect((await problems()).map(({ ended_at }) => ended_at === null)).toEqual([false, true])
})

test('administrators hear of it, by the feed and by the initial load, and nobody else does', async () => {
  const admin = await watch('admin')
  const others = await Promise.all((['agent', 'team_lead', 'supervisor'] as const).map(watch))
  await raise(processes[0])
  await eventually(() => expect(newest(admin)).toMatchObject({ kind: 'channel_stopped' }))
  const id = newest(admin)?.id ?? ''
  await end(processes[1])
  await eventually(() => expect(newest(admin)?.endedAt).toEqual(expect.any(String)))
  await raise(processes[0])
  const problemsOf = async (client: TestClient) =>
    (await bootstrapAll(client)).filter(({ kind }) => kind === 'problem').length
  // What is over is not loaded any more.
  expect(await problemsOf(admin)).toBe(1)
  // What comes after it in the feed, everybody has.
  await query(`UPDATE teams SET name = name || '.' WHERE slug = 'sales'`)
  for (const other of others) {
    await eventually(() => expect(other.heard.some(isOf('team'))).toBe(true))
    expect(await problemsOf(other)).toBe(0)
    expect(await codeOf(other.trpc.problems.acknowledge.mutate({ problemId: id }))).toBe(
      'forbidden',
    )
    expect(other.heard.filter(isOf('problem'))).toEqual([])
  }
})

test('one who acknowledges it quiets it for all, once, and it ends by itself', async () => {
  const [rosa, ivan] = await Promise.all([watch('admin'), watch('admin')])
  await raise(processes[0])
  await eventually(() => expect(newest(rosa)).toBeDefined())
  const problemId = newest(rosa)?.id ?? ''
  const [first, second] = await Promise.all(
    [rosa, ivan].map(({ trpc }) => trpc.problems.acknowledge.mutate({ problemId })),
  )
  expect(first?.problem.acknowledgedBy).toEqual(second?.problem.acknowledgedBy)
  await eventually(() => {
    for (const one of [rosa, ivan]) expect(newest(one)?.acknowledgedAt).toEqual(expect.any(String))
  })
  await aMinuteLater()
  await raise(processes[1], '131031')
  await eventually(() =>
    expect(newest(ivan)).toMatchObject({
      details: { reason: '131031' },
      acknowledgedBy: first?.problem.acknowledgedBy,
    }),
  )
  await end(processes[0])
  await eventually(() => expect(newest(ivan)?.endedAt).toEqual(expect.any(String)))
  // Late: it stays as it ended.
  const late = await rosa.trpc.problems.acknowledge.mutate({ problemId })
  expect(late.problem.version).toBe(newest(ivan)?.version)
  expect(await codeOf(rosa.trpc.problems.acknowledge.mutate({ problemId: newId() }))).toBe(
    'not_found',
  )
})

test('an account whose token has ended is told of, without the token, until a message goes through', async () => {
  const admin = await watch('admin')
  const { id } = await conversationOf(server, await write(server, newCustomer(), 'quiero comprar'))
  await admin.trpc.conversations.claim.mutate({ intentId: newId(), conversationId: id })
  server.graph.fail({ kind: 'error', code: 190, httpStatus: 401 })
  await admin.trpc.messages.send.mutate({
    id: newId(),
    conversationId: id,
    text: 'claro que sí',
    lastSeenSeq: null,
  })
  await eventually(() => expect(newest(admin)).toMatchObject({ endedAt: null }))
  const problem = newest(admin)
  expect(problem).toMatchObject({
    kind: 'channel_stopped',
    details: {
      channel: 'whatsapp',
      account: expect.stringContaining('WhatsApp'),
      reason: '190',
    },
  })
  // The message that tries meanwhile is refused, too, for another reason: it goes on.
  server.graph.fail({ kind: 'error', code: 131031, httpStatus: 403 })
  await aMinuteLater()
  await query(`UPDATE channel_accounts SET next_probe_at = NOW() WHERE stopped_at IS NOT NULL`)
  await eventually(() =>
    expect(newest(admin)).toMatchObject({ id: problem?.id, details: { reason: '131031' } }),
  )
  // The server stops and starts again: it stands.
  await server.restart()
  const [row] = await problems()
  expect(row.id).toBe(problem?.id)
  await query(`UPDATE channel_accounts SET next_probe_at = NOW() WHERE stopped_at IS NOT NULL`)
  await eventually(async () =>
    expect(await problems()).toMatchObject([{ id: problem?.id, ended_at: expect.any(Date) }]),
  )
  await eventually(() => expect(server.graph.accepted).toHaveLength(1))
})
