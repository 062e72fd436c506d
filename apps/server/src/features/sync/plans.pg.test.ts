import { type BootstrapPage, type InboxView } from '@parley/contracts'
import { createPool } from '@parley/database'
import { type Role } from '@parley/domain'
import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { KINDS, OPERATORS } from '../../features.ts'
import { type SessionActor } from '../../platform/actor.ts'
import { Database, STEADY_PLANS } from '../../platform/database.ts'
import { type Services } from '../../platform/services.ts'
import { type Statement } from '../../platform/sql.ts'
import { createBareServices, type BareServices } from '../../testing/bare-services.ts'
import { countInbox, countOpen } from '../inbox/counts.ts'
import { readListPage } from '../inbox/list-page.ts'
import { readOfCustomer } from '../inbox/of-customer.ts'
import { readWallboard } from '../inbox/wallboard.ts'
import { indexPortion, search } from '../search/index.ts'
import { itemsFor, loadBatch } from './deliver-batch.ts'
import { FeedHub } from './feed-hub.ts'
import { Kinds } from './kinds.ts'
import { positionBefore, readChanges } from './feed.queries.ts'

/**
 * A database that was restored this morning: its statements were first planned while it was empty, and nobody has
 * analysed its tables since. However much it holds, nothing that a workstation asks for reads a large table through.
 */
const CONVERSATIONS = 6_000
const LARGE = [
  'conversations',
  'messages',
  'conversation_events',
  'customers',
  'customer_identities',
  'sla_timers',
  'conversation_tags',
  'read_marks',
  'changes',
  'message_search',
  'customer_search',
]

let bare: BareServices
let services: Services
/** A connection each, which keeps the plans that it made in the beginning. */
let pool: pg.Pool
let steadyPool: pg.Pool
let feed: FeedHub
const kinds = new Kinds(KINDS)
const teams: string[] = []
const actors: SessionActor[] = []

beforeAll(async () => {
  bare = await createBareServices()
  pool = createPool(bare.database.connectionString, { maxConnections: 1 })
  steadyPool = createPool(bare.database.connectionString, {
    maxConnections: 1,
    settings: STEADY_PLANS,
  })
  services = { ...bare, db: new Database(pool, { steady: steadyPool }), operators: OPERATORS }
  for (const { name } of await bare.rows<{ name: string }>(
    `SELECT oid::regclass::text AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
  )) {
    await bare.rows(`ALTER TABLE ${name} SET (autovacuum_enabled = off)`)
  }
  feed = await FeedHub.start(services, KINDS)
  for (let n = 0; n < 20; n++) teams.push(await bare.addTeam())
  for (const role of ['agent', 'team_lead', 'supervisor'] satisfies Role[]) {
    const teamIds = role === 'supervisor' ? [] : teams.slice(0, 2)
    const userId = await bare.addPerson(role, 'online', teamIds)
    actors.push({ userId, role, teamIds, sessionId: userId })
  }
  await bare.rows(`INSERT INTO tags (name) VALUES ('Pago')`)
})
afterAll(async () => {
  await feed.stop()
  await pool.end()
  await steadyPool.end()
  await bare.database.drop()
})

/** By the connection that is watched: what another reads is told at its leisure. */
async function fill(count: number): Promise<void> {
  await pool.query(
    `WITH customer AS (
       INSERT INTO customers (id, channel, external_id, name)
       SELECT new_id(), 'whatsapp', gen_random_uuid(), 'Cliente ' || n FROM generate_series(1, $2::int) n RETURNING id),
     numbered AS (SELECT id, row_number() OVER () AS n FROM customer)
     INSERT INTO conversations (id, customer_id, channel, channel_account_id, team_id, status, assigned_to, closed_at, queued_at, waiting_since)
     SELECT new_id(), numbered.id, 'whatsapp', account.id, ($1::uuid[])[1 + (n / 20) % 20],
            CASE WHEN n % 20 = 0 THEN 'queued' WHEN n % 20 = 1 THEN 'assigned' ELSE 'closed' END,
            CASE WHEN n % 20 = 1 THEN ($3::uuid[])[1 + (n / 20) % 3] END,
            CASE WHEN n % 20 > 1 THEN NOW() - make_interval(mins => (n * 7)::int) END, NOW(), NOW()
     FROM numbered, (SELECT id FROM channel_accounts LIMIT 1) account`,
    [teams, count, actors.map(({ userId }) => userId)],
  )
  await pool.query(
    `INSERT INTO messages (conversation_id, direction, sender_type, content_text, sent_at)
     SELECT id, 'inbound', 'customer', 'hola pedido ' || left(id::text, 8), NOW() FROM conversations, generate_series(1, 3)`,
  )
  await pool.query(
    `INSERT INTO conversation_events (conversation_id, event_type, actor_type)
     SELECT id, 'conversation.created', 'system' FROM conversations, generate_series(1, 2)`,
  )
}

async function everything(actor: SessionActor): Promise<void> {
  const conversations: string[] = []
  let page: string | null = null
  do {
    const answer: BootstrapPage = (await feed.bootstrap(actor, page)).toJSON()
    for (const item of answer.items) {
      if (item.kind === 'conversation') conversations.push(item.row.id)
    }
    page = answer.nextPage
  } while (page !== null)
  await feed.conversations(actor, conversations.slice(0, 100), { threads: true })
  await feed.conversations(actor, conversations.slice(0, 100), { threads: false })
  const views: InboxView[] = [
    { kind: 'mine' },
    { kind: 'open' },
    { kind: 'closed' },
    { kind: 'team', teamId: teams[0] as string },
  ]
  for (const view of views) {
    for (const filter of ['', 'due:warning']) {
      const asked = { view, filter, order: 'queue', limit: 50, after: null } as const
      const { sections } = await readListPage(services, feed, actor, asked)
      for (const { next } of sections) {
        if (next !== null) await readListPage(services, feed, actor, { ...asked, after: next })
      }
    }
  }
  const now = services.clock.now()
  const counted = await countOpen(services.db, actor, now)
  await countInbox(services.db, actor, counted)
  await readWallboard(services, feed, actor, counted, now)
  const [known] = await bare.rows<{ id: string; customer_id: string }>(
    'SELECT id, customer_id FROM conversations ORDER BY id LIMIT 1',
  )
  const { id: besides = '', customer_id: customerId = '' } = known ?? {}
  await readOfCustomer(services, feed, actor, { customerId, besides })
  for (const text of ['pedido', 'pedi', 'zarzamora', 'cliente 77', 'hola due:overdue']) {
    await search(services, feed, actor, text, 20)
  }
  const begin = await positionBefore(services.db, 1_000)
  const { changes } = await readChanges(services.db, begin, 500)
  await itemsFor(await loadBatch(services.db.steady, kinds, changes), actor)
}

/** Rows of large tables that were read by reading the tables through. */
async function rowsReadThrough(): Promise<number> {
  // What a connection has counted is told at its leisure, unless it is asked.
  for (const one of [pool, steadyPool]) await one.query('SELECT pg_stat_force_next_flush()')
  const [row] = await bare.rows<{ rows: string }>(
    'SELECT SUM(seq_tup_read) AS rows FROM pg_stat_user_tables WHERE relname = ANY($1)',
    [LARGE],
  )
  return Number(row?.rows)
}

/** Tells of each statement whether it read one through. */
class Watched extends Database {
  readonly found: Set<string>
  override readonly steady: Database
  #turn: Promise<unknown> = Promise.resolve()

  constructor(isSteady = false, found = new Set<string>()) {
    super(isSteady ? steadyPool : pool, { isSteady })
    this.found = found
    this.steady = isSteady ? this : new Watched(true, found)
  }

  override many<Row>(statement: Statement): Promise<Row[]> {
    return this.#watch(statement, () => super.many<Row>(statement))
  }

  override maybe<Row>(statement: Statement): Promise<Row | null> {
    return this.#watch(statement, () => super.maybe<Row>(statement))
  }

  override one<Row>(statement: Statement): Promise<Row> {
    return this.#watch(statement, () => super.one<Row>(statement))
  }

  /** One after the other, so that each is told apart. */
  #watch<Result>({ text }: Statement, run: () => Promise<Result>): Promise<Result> {
    const watched = this.#turn.then(async () => {
      const before = await rowsReadThrough()
      const result = await run()
      if ((await rowsReadThrough()) > before) this.found.add(text.replace(/\s+/g, ' ').trim())
      return result
    })
    this.#turn = watched.catch(() => {})
    return watched
  }
}

test('what a workstation asks for reads no large table through, on a database that nobody has analysed', async () => {
  await fill(40)
  while ((await indexPortion(services.db)) !== 'all');
  // Often enough for plans that are kept.
  for (let round = 0; round < 8; round++) for (const actor of actors) await everything(actor)
  await fill(CONVERSATIONS)
  while ((await indexPortion(services.db)) !== 'all');
  await rowsReadThrough()
  const watched = new Watched()
  services = { ...services, db: watched }
  await feed.stop()
  feed = await FeedHub.start(services, KINDS)
  for (const actor of actors) await everything(actor)
  expect([...watched.found]).toEqual([])
}, 120_000)

test('a search for what stands nowhere reads nothing through either, however sure the database is of its statistics', async () => {
  // As many buckets as a company of a million messages has, and an index that has been analysed.
  await bare.rows(`SELECT setval('messages_seq_seq', nextval('messages_seq_seq') + 8192 * 120)`)
  await fill(40)
  while ((await indexPortion(services.db)) !== 'all');
  await bare.rows('ANALYZE')
  await rowsReadThrough()
  const watched = new Watched()
  const texts = ['zarzamora', 'higuera', 'albaricoque', 'zarzamora higuera', 'pedido zarzamora']
  for (const actor of actors) {
    for (const text of texts) {
      const { hits, isComplete } = await search({ ...services, db: watched }, feed, actor, text, 20)
      expect([text, hits, isComplete]).toEqual([text, [], true])
    }
  }
  expect([...watched.found].filter((text) => text.includes('message_search'))).toEqual([])
}, 120_000)
