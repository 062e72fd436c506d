import { type FeedItem, type MessageRow } from '@parley/contracts'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { type EngineCore } from '../../feature.ts'
import { refusal } from '../../session/server-client.ts'
import { newApplied } from '../../store/applied.ts'
import { type Cache } from '../../store/cache.ts'
import { cursor, listed, openCache, openOutbox, put } from '../../testing/open-cache.ts'
import { conversation, customer, message, offer } from '../../testing/rows.ts'
import { saveDraft } from '../messaging/index.ts'
import { fetchThreads } from './fetch.ts'
import { Holder } from './holder.ts'
import { conversationOf } from './kept-conversations.ts'
import { threadOf } from './of-conversation.ts'
import { dropThreads } from './threads.ts'

const ME = 'me'
const row = conversation({ assignedTo: ME, status: 'assigned' })
const said = (seq: number, given: Partial<MessageRow> = {}) =>
  message(row.id, { id: `m${seq}`, seq, ...given })
const whole = (...seqs: number[]): FeedItem[] => [
  put('conversation', row),
  ...seqs.map((seq) => put('message', said(seq))),
]
const seqsIn = ({ store }: Cache) =>
  store.all<{ seq: number }>('SELECT seq FROM messages ORDER BY seq').map(({ seq }) => seq)

/** A server that answers when a test says so. */
function open() {
  const { cache, apply: feed } = openCache({ role: 'agent', teamIds: ['sales'] })
  /** As what was asked for brings them: with what hangs on them, if there is anything. */
  const apply = (...items: FeedItem[]) => cache.applyItems(items)
  const asked: { ids: string[]; threads: boolean }[] = []
  const waiting: PromiseWithResolvers<FeedItem[]>[] = []
  const server = {
    sync: {
      conversations: {
        query: (input: { ids: string[]; threads: boolean }) => {
          asked.push(input)
          const answer = Promise.withResolvers<FeedItem[]>()
          waiting.push(answer)
          return answer.promise
        },
      },
    },
  }
  const take = ((request: (trpc: unknown) => Promise<FeedItem[]>) =>
    cache.answering(async (one) => {
      const items = await request(server)
      cache.applyAnswer(items, one, { applied: newApplied({ isOwnDoing: true }) })
      return items
    })) as unknown as EngineCore['take']
  const next = () => waiting.shift() as PromiseWithResolvers<FeedItem[]>
  return {
    cache,
    apply,
    feed,
    asked,
    take,
    answer: async (...items: FeedItem[]) => {
      next().resolve(items)
      await vi.advanceTimersByTimeAsync(0)
    },
    fail: async () => {
      next().reject(refusal('try_later', { retryAfterMs: 5000 }))
      await vi.advanceTimersByTimeAsync(0)
    },
  }
}

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => vi.useRealTimers())

describe('what is lacking', () => {
  test('is the thread of what is mine still, though an intent that waits has given it away', async () => {
    const { cache, apply, asked, take } = open()
    apply(listed(row), put('customer', customer(row.customerId)))
    openOutbox(cache).add('released', row.id, { kind: 'release' })
    expect(
      cache.store.value('SELECT assigned_to FROM conversations WHERE id = ?', row.id),
    ).toBeNull()
    const holder = new Holder({ cache, take })
    holder.live()
    await vi.advanceTimersByTimeAsync(0)
    expect(asked).toEqual([{ ids: [row.id], threads: true }])
    holder.lineLost()
  })

  test('is fetched once the line is there: threads of my own, and what is spoken of and not here', async () => {
    const { cache, apply, asked, take, answer } = open()
    const [offered, drafted, mine] = [conversation(), conversation(), row]
    const known = customer(mine.customerId)
    apply(listed(mine), put('customer', known), put('offer', offer(offered.id)))
    saveDraft(cache, drafted.id, 'lo reviso')
    const holder = new Holder({ cache, take })
    await vi.advanceTimersByTimeAsync(1000)
    expect(asked).toEqual([])
    holder.live()
    await vi.advanceTimersByTimeAsync(0)
    expect(asked).toEqual([{ ids: [mine.id], threads: true }])
    await answer(...whole(1, 2))
    expect(threadOf(cache, mine.id)?.isWhole).toBe(true)
    await vi.advanceTimersByTimeAsync(0)
    expect(asked.slice(1)).toEqual([{ ids: [drafted.id, offered.id], threads: false }])
    await answer(listed(offered), put('customer', customer(offered.customerId)), {
      op: 'remove',
      kind: 'conversation',
      id: drafted.id,
    })
    // What the server does not give is not asked for again.
    holder.applied()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(asked).toHaveLength(2)
    holder.lineLost()
  })

  test('is fetched for one that comes back by the feed, whose customer is here by another: what hangs on its row', async () => {
    const { cache, apply, feed, asked, take, answer } = open()
    const other = conversation()
    apply(listed(other), put('customer', customer(other.customerId)))
    const holder = new Holder({ cache, take })
    holder.live()
    await vi.advanceTimersByTimeAsync(1000)
    expect(asked).toEqual([])
    // It was closed and beyond the budget; somebody of the team has reopened it. Its tags have not changed by that, so the
    // server, to which it was always in reach, sends the row alone.
    const reopened = conversation({ customerId: other.customerId, status: 'queued', version: 7 })
    feed(listed(reopened))
    holder.applied()
    await vi.advanceTimersByTimeAsync(1000)
    expect(asked).toEqual([{ ids: [reopened.id], threads: false }])
    await answer(listed(reopened))
    // What has come is not asked for when the line is made anew, or when the row changes.
    feed(listed({ ...reopened, version: 8 }))
    holder.live()
    await vi.advanceTimersByTimeAsync(1000)
    expect(asked).toHaveLength(1)
    holder.lineLost()
  })

  test.each(['the feed', 'an answer to what one did'])(
    'is fetched for one that the last load did not bring, and of which %s brings the row alone',
    async (by) => {
      const { cache, apply, feed, asked, take } = open()
      const [left, held] = [conversation(), conversation()]
      apply(
        ...[left, held].flatMap((one) => [listed(one), put('customer', customer(one.customerId))]),
      )
      cache.beginLoad(cursor(9))
      // What is done while the load is under way belongs to what it does not bring.
      cache.applyItems([listed({ ...left, version: 2 })], { isAlone: true })
      cache.applyLoaded([listed(held), put('customer', customer(held.customerId))])
      cache.finishLoad(null)
      // Before the slice that takes it away with its tags.
      if (by === 'the feed') feed(listed({ ...left, version: 3 }))
      else cache.applyItems([listed({ ...left, version: 3 })], { isAlone: true })
      while (cache.tidy());
      expect(conversationOf(cache, left.id)?.version).toBe(3)
      const holder = new Holder({ cache, take })
      holder.live()
      await vi.advanceTimersByTimeAsync(1000)
      expect(asked).toEqual([{ ids: [left.id], threads: false }])
      holder.lineLost()
    },
  )

  test('is fetched for one that came by an answer while a fresh load was under way that does not bring it', async () => {
    const { cache, asked, take } = open()
    const [row, held] = [conversation(), conversation()]
    const customers = [row, held].map(({ customerId }) => put('customer', customer(customerId)))
    cache.beginLoad(cursor(9))
    cache.applyItems([listed(row), listed(held), ...customers], { isAlone: true })
    cache.applyLoaded([listed(held)])
    cache.finishLoad(null)
    while (cache.tidy());
    const holder = new Holder({ cache, take })
    holder.live()
    await vi.advanceTimersByTimeAsync(1000)
    expect(asked).toEqual([{ ids: [row.id], threads: false }])
    holder.lineLost()
  })

  test('is fetched again when it has gone since: a conversation that left and came back without its customer', async () => {
    const { cache, apply, feed, asked, take, answer } = open()
    const other = conversation()
    const holder = new Holder({ cache, take })
    holder.live()
    feed(listed(other))
    holder.applied()
    await vi.advanceTimersByTimeAsync(1000)
    await answer(listed(other), put('customer', customer(other.customerId)))
    apply(
      { op: 'remove', kind: 'conversation', id: other.id },
      { op: 'remove', kind: 'customer', id: other.customerId },
    )
    feed(listed({ ...other, version: 5 }))
    holder.applied()
    await vi.advanceTimersByTimeAsync(1000)
    expect(asked.map(({ ids }) => ids)).toEqual([[other.id], [other.id]])
    holder.lineLost()
  })

  test('is fetched again when it has gone since: what was mine, was let go of by the budget, and is mine again', async () => {
    const { cache, apply, asked, take, answer } = open()
    apply(listed(row), put('customer', customer(row.customerId)))
    const holder = new Holder({ cache, take })
    holder.live()
    await vi.advanceTimersByTimeAsync(0)
    await answer(...whole(1, 2))
    apply(listed({ ...row, version: 2, status: 'closed', closedAt: new Date().toISOString() }))
    cache.store.write(() => dropThreads(cache, [row.id]))
    apply(listed({ ...row, version: 3 }))
    expect(threadOf(cache, row.id)?.isWhole).toBe(false)
    holder.applied()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(asked).toHaveLength(2)
    holder.lineLost()
  })

  test('is asked for by one request at a time, and later after each failure, as the server says', async () => {
    const { cache, apply, asked, take, answer, fail } = open()
    apply(listed(row), put('customer', customer(row.customerId)))
    const holder = new Holder({ cache, take })
    holder.live()
    await vi.advanceTimersByTimeAsync(0)
    holder.applied()
    await vi.advanceTimersByTimeAsync(1000)
    expect(asked).toHaveLength(1)
    await fail()
    await vi.advanceTimersByTimeAsync(4999)
    expect(asked).toHaveLength(1)
    // Not all who were told so come at the very same moment.
    await vi.advanceTimersByTimeAsync(501)
    expect(asked).toHaveLength(2)
    await answer(...whole(1))
    holder.lineLost()
    holder.applied()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(asked).toHaveLength(2)
  })
})

describe('while a thread is being fetched', () => {
  function fetching() {
    const world = open()
    world.apply(listed({ ...row, version: 0 }))
    const fetched = fetchThreads(world, [row.id])
    fetched.catch(() => {})
    return { ...world, fetched }
  }

  test('what comes is kept: it may be newer than what the answer was read from', async () => {
    const { cache, apply, answer, fetched } = fetching()
    apply(put('message', said(9)))
    await answer(...whole(6, 7, 8))
    await fetched
    apply(put('message', said(10)))
    expect(seqsIn(cache)).toEqual([6, 7, 8, 9, 10])
  })

  test('nor is lost what was numbered before the newest of the answer, and written after it', async () => {
    const { cache, apply, answer, fetched } = fetching()
    apply(put('message', said(7)))
    await answer(...whole(6, 8))
    await fetched
    expect(seqsIn(cache)).toEqual([6, 7, 8])
  })

  test('what came is no thread if the answer does not', async () => {
    const { cache, apply, fail, fetched } = fetching()
    apply(put('message', said(9)))
    await fail()
    await expect(fetched).rejects.toThrow('try_later')
    expect([seqsIn(cache), threadOf(cache, row.id)?.isWhole]).toEqual([[], false])
  })

  test('and lists show what came all the same, as far as it is newer than what they have', async () => {
    const { cache, apply, fail, fetched } = fetching()
    apply(put('message', said(9, { version: 2, text: 'y nadie contesta' })))
    apply(put('message', said(9, { version: 3, text: 'y nadie contesta', status: 'read' })))
    await fail()
    await expect(fetched).rejects.toThrow('try_later')
    expect(conversationOf(cache, row.id)?.lastMessage).toMatchObject({ seq: 9, status: 'read' })
  })

  test('and its person’s access ends, what is said is why there is no answer', async () => {
    const { cache, fail, fetched } = fetching()
    cache.store.close()
    await fail()
    await expect(fetched).rejects.toThrow('try_later')
  })

  test('what came long before the answer’s own beginning would be a hole, and goes', async () => {
    const { cache, apply, answer, fetched } = fetching()
    apply(put('message', said(2)))
    await answer(...whole(6, 7))
    await fetched
    expect(seqsIn(cache)).toEqual([6, 7])
  })

  test('it may be taken away, or come whole by itself: a late answer changes neither', async () => {
    const gone = fetching()
    gone.apply({ op: 'remove', kind: 'conversation', id: row.id })
    await gone.answer(...whole(1))
    expect(conversationOf(gone.cache, row.id)).toBeNull()
    expect(seqsIn(gone.cache)).toEqual([])
    const came = fetching()
    came.apply(...whole(1, 2))
    await came.answer({ op: 'remove', kind: 'conversation', id: row.id })
    expect(seqsIn(came.cache)).toEqual([1, 2])
  })
})

describe('of a conversation that is only listed', () => {
  test('a message is not kept, and its row says it', () => {
    const { cache, apply } = open()
    apply(listed(row))
    apply(put('message', said(5, { text: '¿Siguen ahí?' })))
    expect(seqsIn(cache)).toEqual([])
    expect(conversationOf(cache, row.id)?.lastMessage).toMatchObject({
      seq: 5,
      text: '¿Siguen ahí?',
    })
    // An older one that changed is not its last; a receipt of the last is.
    apply(put('message', said(4, { version: 9 })))
    apply(put('message', said(5, { version: 2, status: 'read' })))
    expect(conversationOf(cache, row.id)?.lastMessage).toMatchObject({ seq: 5, status: 'read' })
  })

  test('a change of what is older than its thread makes no hole', () => {
    const { cache, apply } = open()
    apply(...whole(6, 7))
    apply(put('message', said(2, { version: 3 })), put('message', said(6, { version: 3 })))
    expect(seqsIn(cache)).toEqual([6, 7])
  })
})

test('no order of writing, reading, telling, failing and forgetting leaves a hole', async () => {
  for (let seed = 1; seed <= 60; seed += 1) await interleave(seed)
})

/** Messages are numbered before they are committed; the feed tells them in the order of their commits, later. */
async function interleave(seed: number): Promise<void> {
  const world = open()
  const { cache, apply } = world
  apply(listed({ ...row, version: 0 }))
  const random = seeded(seed)
  const numbered: number[] = []
  const committed = new Map<number, number>()
  const told: FeedItem[] = []
  let newest = 0
  let reading: { items: FeedItem[]; fetched: Promise<unknown> } | null = null
  const newestOnes = () => [...committed.keys()].toSorted((a, b) => a - b).slice(-3)
  const tell = (seq: number) =>
    told.push(put('message', said(seq, { version: committed.get(seq) ?? 1 })))
  for (let step = 0; step < 200; step += 1) {
    const doing = random(9)
    if (doing === 0) numbered.push((newest += 1))
    else if (doing === 1 && numbered.length > 0) {
      const [seq = 0] = numbered.splice(random(numbered.length), 1)
      committed.set(seq, 1)
      tell(seq)
    } else if (doing === 2 && committed.size > 0) {
      const seq = [...committed.keys()][random(committed.size)] ?? 0
      committed.set(seq, (committed.get(seq) ?? 1) + 1)
      tell(seq)
    } else if (doing <= 4) {
      const item = told.shift()
      if (item !== undefined) apply(item)
    } else if (doing === 5 && reading === null && threadOf(cache, row.id)?.isWhole === false) {
      const fetched = fetchThreads(world, [row.id]).catch(() => {})
      const items = newestOnes().map((seq) =>
        put('message', said(seq, { version: committed.get(seq) ?? 1 })),
      )
      reading = { items: [put('conversation', row), ...items], fetched }
    } else if (doing === 6 && reading !== null) {
      await world.answer(...reading.items)
      await reading.fetched
      reading = null
    } else if (doing === 7 && reading !== null) {
      await world.fail()
      await reading.fetched
      reading = null
    } else if (doing === 8 && random(4) === 0) {
      cache.store.write(() => dropThreads(cache, [row.id]))
    }
    agree(cache, committed, told, { seed, step })
  }
}

/** From the oldest that is here everything is here that was told, or is about to be. */
function agree(
  cache: Cache,
  committed: ReadonlyMap<number, number>,
  told: readonly FeedItem[],
  at: { seed: number; step: number },
): void {
  if (threadOf(cache, row.id)?.isWhole !== true) return
  const here = seqsIn(cache)
  const [oldest = Infinity] = here
  const toCome = new Set(told.map((item) => (item.op === 'put' ? (item.row as MessageRow).seq : 0)))
  const expected = [...committed.keys()]
    .filter((seq) => seq >= oldest && (here.includes(seq) || !toCome.has(seq)))
    .toSorted((a, b) => a - b)
  expect({ ...at, here }).toEqual({ ...at, here: expected })
}

function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
