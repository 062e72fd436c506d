import { type ConversationRow, type ListPage } from '@parley/contracts'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { type EngineCore } from '../../feature.ts'
import { refusal } from '../../session/server-client.ts'
import { newApplied, type Applied } from '../../store/applied.ts'
import { listed, openCache, put } from '../../testing/open-cache.ts'
import { conversation, customer, someId, team } from '../../testing/rows.ts'
import { search } from '../search/index.ts'
import { wallboard } from '../wallboard/index.ts'
import { tidyConversations, BUDGET } from '../conversations/tidy.ts'
import { listAndCount } from './reaching-lists.ts'

const CLOSED = { view: { kind: 'closed' }, filter: '', order: 'queue', limit: 300 } as const
const closedAt = (minute: number) => new Date(Date.UTC(2026, 10, 20, 10, minute)).toISOString()
const closed = Array.from({ length: 6 }, (_, index) =>
  conversation({ status: 'closed', closedAt: closedAt(59 - index) }),
)

/** A server with six closed conversations, of which this device has the newest two; two to a page. */
function open({ isOnline = true, isSearchComplete = true } = {}) {
  const { cache, apply } = openCache({ role: 'supervisor', teamIds: [] })
  apply(put('team', team('sales')))
  apply(...closed.slice(0, 2).map(listed))
  cache.setCoverage({ open: false, closedSince: closedAt(58) })
  const asked: string[] = []
  const changes: Applied[] = []
  const page = (from: number): ListPage => ({
    sections: [
      {
        key: 'closed',
        teamId: null,
        ids: closed.slice(from, from + 2).map(({ id }) => id),
        total: closed.length,
        next: from + 2 < closed.length ? String(from + 2) : null,
      },
    ],
    total: closed.length,
    items: closed.slice(from, from + 2).map(listed),
  })
  const hit = (row: ConversationRow) => ({
    conversationId: row.id,
    messageId: null,
    title: 'Ana',
    channel: row.channel,
    status: row.status,
    snippet: [],
    at: null,
  })
  const server = {
    lists: {
      page: {
        query: async ({ after }: { after: string | null }) => {
          asked.push(`page ${after}`)
          return page(Number(after ?? 0))
        },
      },
      counts: {
        query: async () => {
          asked.push('counts')
          return {
            inbox: {
              mine: 9,
              open: 70,
              unread: 9,
              teams: { sales: 30 },
              due: { sales: 'overdue' },
            },
            wallboard: { teams: [], due: [], dueTotal: { overdue: 5, warning: 1 } },
          }
        },
      },
    },
    search: {
      query: {
        query: async ({ text }: { text: string }) => {
          asked.push(`search ${text}`)
          return {
            hits: closed.slice(1, 4).map(hit),
            items: closed.slice(1, 4).map(listed),
            isComplete: isSearchComplete,
          }
        },
      },
    },
  }
  const engine = {
    cache,
    isOnline,
    serverNowMs: () => Date.parse(closedAt(0)),
    changed: (applied: Applied) => void changes.push(applied),
    take: (request: (trpc: unknown) => Promise<never>, itemsOf: (answer: never) => never[]) =>
      cache.answering(async (one) => {
        if (!engine.isOnline) throw refusal('server_unreachable')
        const answer = await request(server)
        cache.applyAnswer(itemsOf(answer), one, { applied: newApplied({ isOwnDoing: true }) })
        return answer
      }),
  }
  return { cache, apply, asked, changes, engine, core: engine as unknown as EngineCore }
}

const settled = () => vi.advanceTimersByTimeAsync(0)

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] }))
afterEach(() => vi.useRealTimers().restoreAllMocks())

describe('a list that reaches further than this device', () => {
  test('shows what is here at once and says so, then what the server adds, page by page as it is read', async () => {
    const { core, asked, changes } = open()
    const { list } = listAndCount(core)
    const read = () => list(CLOSED)
    expect(read()).toMatchObject({ isPartial: true, total: 2 })
    for (let reads = 0; reads < 5; reads += 1) {
      await settled()
      read()
    }
    expect(asked).toEqual(['page null', 'page 2', 'page 4'])
    const { sections, ...rest } = read()
    expect(rest).toMatchObject({ isPartial: false, total: 6 })
    expect(sections[0]?.rows.map(({ id }) => id)).toEqual(closed.map(({ id }) => id))
    expect(changes.every(({ topics }) => topics.has('beside'))).toBe(true)
  })

  test('asks no further than it is read, and not again for half a minute', async () => {
    const { core, asked } = open()
    const { list } = listAndCount(core)
    const read = () => list({ ...CLOSED, limit: 2 })
    read()
    await settled()
    expect(read().total).toBe(6)
    await settled()
    expect(asked).toEqual(['page null'])
    await vi.advanceTimersByTimeAsync(30_001)
    read()
    await settled()
    expect(asked).toEqual(['page null', 'page null'])
  })

  test('stays with what is here without the server, and where that has been lost', async () => {
    const { core, engine, asked } = open({ isOnline: false })
    const { list } = listAndCount(core)
    expect(list(CLOSED)).toMatchObject({ isPartial: true, total: 2 })
    await settled()
    expect(asked).toEqual([])
    engine.isOnline = true
    list(CLOSED)
    await settled()
    expect(list(CLOSED).isPartial).toBe(false)
    engine.isOnline = false
    // What it said is remembered for half a minute.
    expect(list(CLOSED)).toMatchObject({ isPartial: false, total: 6 })
    await vi.advanceTimersByTimeAsync(30_001)
    expect(list(CLOSED).isPartial).toBe(true)
  })

  test('is read again when what the server said has become old, and asks and waits for no more than that', async () => {
    const { core, engine, changes, asked } = open()
    const { list } = listAndCount(core)
    const read = () => list({ ...CLOSED, limit: 2 })
    read()
    await settled()
    expect(read().isPartial).toBe(false)
    engine.isOnline = false
    changes.length = 0
    await vi.advanceTimersByTimeAsync(29_999)
    expect(changes).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(changes.map(({ topics }) => [...topics])).toEqual([['beside']])
    expect(read().isPartial).toBe(true)
    // Nobody has asked since: there is nothing that could become old.
    await vi.advanceTimersByTimeAsync(600_000)
    expect([changes.length, asked]).toEqual([1, ['page null']])
  })

  test('has what was closed within thirty days, whatever else is here, and then reaches far enough', () => {
    const { core, cache, apply } = open({ isOnline: false })
    const dayBefore = (days: number) =>
      new Date(Date.parse(closedAt(0)) - days * 24 * 60 * 60_000).toISOString()
    const aged = [29, 31].map((days) =>
      conversation({ status: 'closed', closedAt: dayBefore(days) }),
    )
    apply(...aged.map(listed))
    const { list } = listAndCount(core)
    const shown = () => {
      const { isPartial, total, sections } = list(CLOSED)
      return [isPartial, total, sections[0]?.rows.at(-1)?.id]
    }
    expect(shown()).toEqual([true, 3, aged[0]?.id])
    // What was left out of the load has become too old for the list meanwhile.
    cache.setCoverage({ open: false, closedSince: dayBefore(30) })
    expect(shown()).toEqual([false, 3, aged[0]?.id])
  })

  test('is partial where its number is: one’s own are all here once a load is complete', () => {
    const { core, cache, apply } = open({ isOnline: false })
    apply({ op: 'access', role: 'agent', teamIds: ['sales'] })
    apply(listed(conversation({ assignedTo: 'me', status: 'assigned' })))
    const { list } = listAndCount(core)
    const reaches = () => {
      const { isPartial, sections } = list({ ...CLOSED, view: { kind: 'mine' } })
      return [isPartial, sections.map((section) => [section.key, section.isPartial])]
    }
    expect(reaches()).toEqual([
      true,
      [
        ['awaiting_me', true],
        ['queue', true],
      ],
    ])
    cache.store.setMeta('completeLoad', '1')
    expect(reaches()).toEqual([
      false,
      [
        ['awaiting_me', false],
        ['queue', true],
      ],
    ])
    expect(list({ ...CLOSED, view: { kind: 'team', teamId: 'sales' } }).isPartial).toBe(true)
  })

  test('asks nobody where all is here', async () => {
    const { core, cache, asked } = open()
    cache.setCoverage({ open: true, closedSince: null })
    const { list, counts } = listAndCount(core)
    expect([list(CLOSED).isPartial, counts().isPartial]).toEqual([false, false])
    await settled()
    expect(asked).toEqual([])
  })
})

test('only who reads beyond what is held keeps that here; numbers that are asked for do not', async () => {
  const { cache, core } = open()
  const { list, counts } = listAndCount(core)
  counts()
  await settled()
  expect(cache.lookedBeyondAtMs).toBe(Number.NEGATIVE_INFINITY)
  list({ ...CLOSED, view: { kind: 'open' } })
  expect(cache.lookedBeyondAtMs).toBe(performance.now())
})

test('numbers are the server’s where not all is here; my own are always this device’s', async () => {
  const { core } = open()
  const { counts } = listAndCount(core)
  expect(counts()).toMatchObject({ isPartial: true, open: 0 })
  await settled()
  expect(counts()).toEqual({
    isPartial: false,
    mine: 0,
    unread: 0,
    open: 70,
    teams: { sales: 30 },
    due: { sales: 'overdue' },
  })
})

test('the wallboard is the server’s where not all is here', async () => {
  const { core } = open()
  const read = wallboard.handlers(core)['wallboard.get']
  expect(read()).toMatchObject({ isPartial: true, teams: [{ teamId: 'sales', queued: 0 }] })
  await settled()
  expect(read()).toMatchObject({ isPartial: false, dueTotal: { overdue: 5, warning: 1 } })
})

test('what the server said to who had another role is said to nobody any more', async () => {
  const { core, apply } = open()
  const board = wallboard.handlers(core)['wallboard.get']
  const { counts } = listAndCount(core)
  board()
  counts()
  await settled()
  expect([board().dueTotal.overdue, counts().open]).toEqual([5, 70])
  apply({ op: 'access', role: 'agent', teamIds: [] })
  expect(board()).toMatchObject({
    isPartial: true,
    teams: [],
    dueTotal: { overdue: 0, warning: 0 },
  })
  expect(counts()).toMatchObject({ isPartial: true, open: 0, teams: {} })
})

describe('a search', () => {
  test('shows what is here first, and what the server adds after it, each once', async () => {
    const { core, apply } = open()
    const [first, second] = closed as [ConversationRow, ConversationRow]
    apply(
      put('customer', customer(first.customerId, { name: 'Ana Uno' })),
      put('customer', customer(second.customerId, { name: 'Ana Dos' })),
    )
    const query = search.handlers(core)['search.query']
    const here = await query({ text: 'ana', limit: 30 })
    expect(here).toMatchObject({ isPartial: true, isAsking: true })
    expect(here.hits).toHaveLength(2)
    await settled()
    const all = await query({ text: 'ana', limit: 30 })
    expect(all).toMatchObject({ isPartial: false, isAsking: false })
    expect(all.hits.slice(0, 2)).toEqual(here.hits)
    expect(all.hits.map(({ conversationId }) => conversationId).toSorted()).toEqual(
      closed
        .slice(0, 4)
        .map(({ id }) => id)
        .toSorted(),
    )
  })

  test('says that the server has stopped looking, where there may be older ones', async () => {
    const { core } = open({ isSearchComplete: false })
    const query = search.handlers(core)['search.query']
    expect(await query({ text: 'ana', limit: 30 })).toMatchObject({ isBrokenOff: false })
    await settled()
    expect(await query({ text: 'ana', limit: 30 })).toMatchObject({
      isPartial: false,
      isBrokenOff: true,
    })
  })

  test('shows nothing more of what its reader may not see any more, though the server said it a moment ago', async () => {
    const { core, apply } = open()
    const query = search.handlers(core)['search.query']
    const shown = async () =>
      (await query({ text: 'ana', limit: 30 })).hits.map(({ conversationId }) => conversationId)
    await query({ text: 'ana', limit: 30 })
    await settled()
    const [first, second, third] = closed.slice(1, 4).map(({ id }) => id)
    expect((await shown()).toSorted()).toEqual([first, second, third].toSorted())
    apply({ op: 'remove', kind: 'conversation', id: second as string })
    expect((await shown()).toSorted()).toEqual([first, third].toSorted())
  })

  test('without the server says that it is of this device alone', async () => {
    const { core } = open({ isOnline: false })
    const answer = await search.handlers(core)['search.query']({ text: 'ana', limit: 30 })
    expect(answer).toEqual({ hits: [], isPartial: true, isBrokenOff: false, isAsking: false })
  })
})

describe('a long list, read to its end', () => {
  /** A server with so many queued and as many assigned conversations, as pages of ids alone. */
  function withLong(count: number) {
    const opened = open()
    const ids = { queue: [] as string[], assigned: [] as string[] }
    for (let n = 0; n < count; n += 1) {
      ids.queue.push(someId())
      ids.assigned.push(someId())
    }
    let asks = 0
    let moved = 0
    const section = (key: 'queue' | 'assigned', from: number) => ({
      key,
      teamId: null,
      ids: ids[key].slice(from, from + 200),
      total: count,
      next: from + 200 < count ? `${key} ${from + 200} ${moved}` : null,
    })
    const take = (request: (trpc: unknown) => Promise<never>) =>
      request({
        lists: {
          page: {
            query: async ({ after }: { after: string | null }) => {
              asks += 1
              const [key, from] = (after ?? '').split(' ')
              const sections =
                after === null
                  ? [section('queue', 0), section('assigned', 0)]
                  : [section(key as 'queue' | 'assigned', Number(from))]
              return { sections, total: 2 * count, items: [] }
            },
          },
        },
      })
    const core = { ...opened.engine, take } as unknown as EngineCore
    return { core, asks: () => asks, move: () => void (moved += 1) }
  }

  test('asks for each page once, and then for none', async () => {
    const { core, asks } = withLong(5000)
    const { list } = listAndCount(core)
    const read = () => list({ ...CLOSED, view: { kind: 'open' }, limit: 5000 })
    for (let reads = 0; reads < 300; reads += 1) {
      read()
      await settled()
    }
    // 25 pages of each section, of which the first are one answer.
    expect(asks()).toBe(49)
    expect(read().isPartial).toBe(false)
  })

  test('asks for its head again, and for nothing that follows as that changes', async () => {
    const { core, asks, move } = withLong(1000)
    const { list } = listAndCount(core)
    const readToEnd = async () => {
      for (let reads = 0; reads < 20; reads += 1) {
        list({ ...CLOSED, view: { kind: 'open' }, limit: 1000 })
        await settled()
      }
    }
    await readToEnd()
    expect(asks()).toBe(9)
    for (let minute = 0; minute < 8; minute += 1) {
      move()
      await vi.advanceTimersByTimeAsync(60_000)
      await readToEnd()
    }
    expect(asks()).toBe(9 + 8)
    // Every ten minutes all of it, once.
    await vi.advanceTimersByTimeAsync(60_000)
    await readToEnd()
    expect(asks()).toBe(9 + 8 + 9)
  })
})

test('who was not answered as the line broke is asked as soon as it is back', async () => {
  const { engine, asked } = open()
  const { take: reach } = engine
  let isBroken = true
  const take = (...given: Parameters<typeof reach>) =>
    isBroken ? Promise.reject(refusal('server_unreachable')) : reach(...given)
  const core = Object.assign(engine, { take }) as unknown as EngineCore
  const { list } = listAndCount(core)
  list(CLOSED)
  await settled()
  engine.isOnline = false
  await vi.advanceTimersByTimeAsync(2000)
  engine.isOnline = true
  isBroken = false
  list(CLOSED)
  await settled()
  expect(asked).toEqual(['page null'])
  expect(list(CLOSED).isPartial).toBe(false)
})

test('a server that does not answer is tried again by itself, ever less often, and at once over another line', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(1)
  const { engine, changes } = open()
  let tries = 0
  const take = () => {
    tries += 1
    return Promise.reject(refusal('try_later'))
  }
  const { list } = listAndCount(Object.assign(engine, { take }) as unknown as EngineCore)
  /** As the window does: when it hears that something has changed. */
  const look = async (forMs: number) => {
    const before = tries
    for (let ms = 0; ms < forMs; ms += 100) {
      if (changes.splice(0).length > 0) list(CLOSED)
      await vi.advanceTimersByTimeAsync(100)
    }
    return tries - before
  }
  list(CLOSED)
  const first = await look(5000)
  expect(first).toBeGreaterThan(2)
  await look(55_000)
  const later = await look(60_000)
  expect(later).toBeGreaterThan(4)
  expect(later).toBeLessThan(14)
  await settled()
  const before = tries
  list(CLOSED)
  expect(tries).toBe(before)
  engine.isOnline = false
  list(CLOSED)
  engine.isOnline = true
  list(CLOSED)
  expect(tries).toBe(before + 1)
})

test('open conversations that the server has just added to a list do not go while it is read', async () => {
  const { cache, apply, engine } = open()
  const opened = Array.from({ length: 12 }, (_, minute) =>
    conversation({
      status: 'queued',
      lastMessageAt: closedAt(minute),
      waitingSince: closedAt(minute),
    }),
  )
  // As after a fresh load: those that began most recently are here, the ones that wait longest only at the server.
  apply(...opened.slice(4).map(listed))
  const longest = opened.slice(0, 4)
  const take = async (request: (trpc: unknown) => Promise<ListPage>) => {
    const answer = await request({
      lists: {
        page: {
          query: async () => ({
            sections: [
              {
                key: 'queue',
                teamId: null,
                ids: longest.map(({ id }) => id),
                total: 12,
                next: null,
              },
            ],
            total: 12,
            items: longest.map(listed),
          }),
        },
      },
    })
    apply(...(answer.items as Parameters<typeof apply>))
    return answer
  }
  const { list } = listAndCount({ ...engine, take } as unknown as EngineCore)
  const shown = () => {
    const answer = list({ ...CLOSED, view: { kind: 'open' } })
    return { isPartial: answer.isPartial, ids: answer.sections[0]?.rows.map(({ id }) => id) }
  }
  shown()
  await settled()
  const before = shown()
  expect(before.isPartial).toBe(false)
  expect(before.ids).toEqual(expect.arrayContaining(longest.map(({ id }) => id)))
  const budget = { ...BUDGET, openConversations: 9 }
  while (cache.store.write(() => tidyConversations(cache, newApplied(), budget)));
  expect(shown()).toEqual(before)
})

test('before the first load is complete nothing says that all is here', () => {
  const { cache, apply } = openCache({ role: 'supervisor', teamIds: [] })
  apply(put('team', team('sales')))
  cache.beginLoad('11111111-1111-4111-8111-111111111111:5:1')
  cache.applyLoaded([listed(conversation({ status: 'queued' }))])
  expect(cache.completeLoad).toBe(0)
  expect(cache.coverage.open).toBe(false)
})

test('what nobody waits for any more is not asked of the server', async () => {
  const { core, asked } = open()
  const query = search.handlers(core)['search.query']
  const typed = ['pe', 'ped', 'pedi', 'pedid', 'pedido'].map((text) => query({ text, limit: 30 }))
  await Promise.all(typed)
  await settled()
  expect(asked).toEqual(['search pedido'])
})

test('who takes back a letter and waits for what was given up is told to ask for it again', async () => {
  const { core, asked, changes } = open()
  const query = search.handlers(core)['search.query']
  // The window asks for the first only once: it is still waiting when somebody comes back to it.
  const [given] = await Promise.all([
    query({ text: 'ped', limit: 30 }),
    query({ text: 'pedi', limit: 30 }),
  ])
  expect(given).toMatchObject({ isPartial: true, isAsking: true })
  await settled()
  await new Promise(setImmediate)
  expect(changes.at(-1)?.topics).toEqual(new Set(['beside']))
  const told = changes.length
  const again = { text: 'ped', limit: 30 }
  // Read twice at a time, as when something has changed meanwhile, it is no other.
  await Promise.all([query(again), query(again)])
  await settled()
  expect(asked).toEqual(['search pedi', 'search ped'])
  expect(await query(again)).toMatchObject({ isPartial: false, isAsking: false })
  await new Promise(setImmediate)
  // Of its answer alone.
  expect(changes.length).toBe(told + 1)
})

test('of one’s own there are as many as are here: the server does not know what waits on this device', async () => {
  const { cache, apply } = openCache({ role: 'agent', teamIds: ['sales'] })
  apply(listed(conversation({ assignedTo: 'me', status: 'assigned' })))
  cache.setCoverage({ open: false, closedSince: null })
  const answer: ListPage = {
    sections: [{ key: 'awaiting_me', teamId: null, ids: [], total: 2, next: null }],
    total: 2,
    items: [],
  }
  const engine = {
    cache,
    isOnline: true,
    serverNowMs: () => 0,
    changed: () => {},
    take: async () => answer,
  } as unknown as EngineCore
  const { list } = listAndCount(engine)
  const asked = { ...CLOSED, view: { kind: 'mine' } } as const
  list(asked)
  await settled()
  const { sections, isPartial } = list(asked)
  expect(isPartial).toBe(false)
  expect(sections.find(({ key }) => key === 'awaiting_me')?.total).toBe(1)
})
