import { type BootstrapPage, type Coverage, type PutItem } from '@parley/contracts'
import { beforeEach, expect, test } from 'vitest'

import { conversationOf } from '../features/conversations/index.ts'
import { refusal, type ServerClient } from '../session/server-client.ts'
import { type Cache } from '../store/cache.ts'
import { cursor, listed, openCache, put } from '../testing/open-cache.ts'
import { cannedResponse, conversation, customer, message } from '../testing/rows.ts'
import { loadInitially } from './initial-load.ts'

/** A server whose load has these pages, which breaks the line before one of them, or knows some no more. */
class Server {
  readonly asked: (string | null)[] = []
  breaksAt: string | null = null
  epoch = 1
  coverage: Coverage = { open: false, closedSince: '2026-11-01T00:00:00.000Z' }
  readonly pages: PutItem[][]

  constructor(pages: PutItem[][]) {
    this.pages = pages
  }

  readonly client = {
    ask: (request: (trpc: unknown) => Promise<unknown>) =>
      request({
        sync: { bootstrap: { query: ({ page }: { page: string | null }) => this.#page(page) } },
      }),
  } as unknown as ServerClient

  async #page(page: string | null): Promise<BootstrapPage> {
    this.asked.push(page)
    if (page !== null && page === this.breaksAt) throw refusal('server_unreachable')
    const [epoch = this.epoch, index = 0] = page?.split(' ').map(Number) ?? []
    if (epoch !== this.epoch) throw refusal('invalid_input')
    const isLast = index === this.pages.length - 1
    return {
      cursor: page === null ? cursor(this.epoch) : null,
      items: this.pages[index] ?? [],
      nextPage: isLast ? null : `${this.epoch} ${index + 1}`,
      coverage: isLast ? this.coverage : null,
    }
  }
}

const rows = Array.from({ length: 4 }, () => conversation())
const pages = () => [
  ...rows.map((row) => [put('conversation', row), put('message', message(row.id))]),
  [put('canned_response', cannedResponse())],
]
const watch = { isStopped: () => false, loaded: () => {}, taken: () => {} }
let cache: Cache
let server: Server

beforeEach(() => {
  cache = openCache({ role: 'agent', teamIds: ['sales'] }).cache
  server = new Server(pages())
})

const load = () => loadInitially(server.client, cache, watch)
const here = () => rows.filter(({ id }) => conversationOf(cache, id) !== null).length

test('a load that was broken off goes on from its page, with the cursor that it began with', async () => {
  server.breaksAt = '1 3'
  await expect(load()).rejects.toThrow('server_unreachable')
  const before = here()
  expect(before).toBeGreaterThan(0)
  expect([cache.cursor, cache.load?.cursor]).toEqual([null, cursor(1)])
  server.breaksAt = null
  server.asked.length = 0
  expect(await load()).toBe(true)
  expect(server.asked).not.toContain(null)
  expect([here(), cache.cursor, cache.load]).toEqual([4, cursor(1), null])
  expect(cache.coverage).toEqual(server.coverage)
  while (cache.tidy());
  // What came before the line broke is of the same load.
  expect(here()).toBe(4)
})

test('a load of another epoch is begun anew, and so is one that is more than an hour old', async () => {
  server.breaksAt = '1 3'
  await expect(load()).rejects.toThrow()
  server.breaksAt = null
  server.epoch = 2
  await expect(load()).rejects.toThrow('invalid_input')
  server.asked.length = 0
  expect(await load()).toBe(true)
  expect([server.asked[0], cache.cursor]).toEqual([null, cursor(2)])

  cache.forgetCursor()
  server.breaksAt = '2 2'
  await expect(load()).rejects.toThrow()
  const begun = cache.load
  cache.store.write(() =>
    cache.store.setMeta(
      'load',
      JSON.stringify({ ...begun, begunAt: new Date(Date.now() - 3_700_000).toISOString() }),
    ),
  )
  server.breaksAt = null
  server.asked.length = 0
  await load()
  expect(server.asked[0]).toBeNull()
})

test('the person’s own words are written for good while a load is under way', async () => {
  expect(cache.store.value('PRAGMA synchronous')).toBe(2)
  let written = 0
  await loadInitially(server.client, cache, {
    ...watch,
    taken: () => {
      cache.store.write(() =>
        cache.store.run(`INSERT INTO drafts VALUES (?, 'voy', '')`, `draft ${(written += 1)}`),
      )
      expect(cache.store.value('PRAGMA synchronous')).toBe(2)
    },
  })
  expect(written).toBeGreaterThan(0)
})

test('what a load brings as list rows has no thread, whatever was here before', async () => {
  await load()
  const [first, second] = rows as [(typeof rows)[0], (typeof rows)[0]]
  cache.forgetCursor()
  server = new Server([[put('conversation', first), listed(second)], ...pages().slice(2)])
  await load()
  while (cache.tidy());
  const threads = cache.store.all<{ id: string; whole: number }>(
    'SELECT id, whole > 0 AS whole FROM conversation_rows WHERE id IN (?, ?) ORDER BY id',
    first.id,
    second.id,
  )
  expect(threads.map(({ whole }) => whole)).toEqual([1, 0])
  expect(cache.store.all('SELECT 1 FROM messages WHERE conversation_id = ?', second.id)).toEqual([])
})

test('conversations have their customers by the load alone, whole ones and listed ones', async () => {
  const [whole, alsoWhole, of] = [conversation(), conversation(), conversation()]
  const other = conversation({ customerId: whole.customerId })
  // As the server has them on a page: what hangs on conversations stands after them.
  server = new Server([
    [
      ...[whole, alsoWhole].map((row) => put('conversation', row)),
      ...[whole, alsoWhole].map(({ customerId }) => put('customer', customer(customerId))),
      put('message', message(whole.id)),
    ],
    [
      ...[other, of].map((row) => listed(row)),
      ...[other, of].map(({ customerId }) => put('customer', customer(customerId))),
    ],
  ])
  await load()
  const nameless = `SELECT COUNT(*) FROM conversations WHERE title = ''`
  expect(cache.store.value('SELECT COUNT(*) FROM conversations')).toBe(4)
  expect(cache.store.value(nameless)).toBe(0)
})
