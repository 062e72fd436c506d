import { type FeedMessage } from '@parley/contracts'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { refusal, type ServerClient } from '../session/server-client.ts'
import { type Cache } from '../store/cache.ts'
import { cursor, openCache } from '../testing/open-cache.ts'
import { Synchroniser } from './synchroniser.ts'

interface Subscriber {
  onData(event: { data: FeedMessage }): void
  onError(error: unknown): void
}

/** A line whose feed says what a test has it say, and that notes what is wanted of it. */
class FakeLine {
  subscribers: Subscriber[] = []
  distrusted = 0
  loads = 0
  readonly client = {
    ask: async () => ({ cursor: cursor(++this.loads), items: [], nextPage: null }),
    distrustToken: () => void (this.distrusted += 1),
    trpc: {
      sync: {
        feed: {
          subscribe: (_: unknown, subscriber: Subscriber) => {
            this.subscribers.push(subscriber)
            return { unsubscribe: () => {} }
          },
        },
      },
    },
  } as unknown as ServerClient

  fail(code: Parameters<typeof refusal>[0]): void {
    this.subscribers.at(-1)?.onError(refusal(code))
  }
}

let line: FakeLine
let cache: Cache
let synchroniser: Synchroniser

beforeEach(() => {
  vi.useFakeTimers()
  line = new FakeLine()
  cache = openCache({ role: 'agent', teamIds: [] }).cache
  cache.applyBatch([], cursor(1))
  synchroniser = new Synchroniser(line.client, cache, {
    applied: () => {},
    live: () => {},
    unreachable: () => {},
    bootstrapping: () => {},
    loadedSome: () => {},
    sessionEnded: () => {},
  })
  synchroniser.start()
})
afterEach(() => {
  synchroniser.stop()
  vi.useRealTimers()
})

test('a feed whose token is not taken is followed again with another one, soon', async () => {
  line.fail('unauthenticated')
  expect(line.distrusted).toBe(1)
  await vi.advanceTimersByTimeAsync(250)
  expect(line.subscribers).toHaveLength(2)
})

test('a server that takes no token at all is asked no more than every few seconds', async () => {
  for (let second = 0; second < 600; second++) {
    line.fail('unauthenticated')
    await vi.advanceTimersByTimeAsync(1000)
  }
  expect(line.subscribers.length).toBeLessThan(600 / 5 + 20)
  // Once it flows the next failure is a first one again.
  line.subscribers.at(-1)?.onData({ data: { type: 'live' } })
  const before = line.subscribers.length
  line.fail('try_later')
  await vi.advanceTimersByTimeAsync(250)
  expect(line.subscribers).toHaveLength(before + 1)
})

test('a cursor that is not taken means a fresh load at once, but not one after the other without end', async () => {
  const reset = () =>
    line.subscribers.at(-1)?.onData({ data: { type: 'reset', reason: 'new_epoch' } })
  reset()
  await vi.advanceTimersByTimeAsync(0)
  expect(line.loads).toBe(1)
  for (let second = 0; second < 600; second++) {
    reset()
    await vi.advanceTimersByTimeAsync(1000)
  }
  expect(line.loads).toBeLessThan(600 / 5 + 20)
})

test('what the disk does not take is asked for again from where the cache is, and the engine lives', async () => {
  const batch: FeedMessage = { type: 'batch', batch: { cursor: cursor(7), items: [] } }
  const before = cache.cursor
  cache.store.run('PRAGMA query_only = 1')
  line.subscribers.at(-1)?.onData({ data: batch })
  expect(cache.cursor).toBe(before)
  const { length } = line.subscribers
  cache.store.run('PRAGMA query_only = 0')
  await vi.advanceTimersByTimeAsync(250)
  expect(line.subscribers).toHaveLength(length + 1)
  line.subscribers.at(-1)?.onData({ data: batch })
  expect(cache.cursor).toBe(cursor(7))
})
