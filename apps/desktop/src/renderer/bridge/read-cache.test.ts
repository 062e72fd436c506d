import type { BridgeEvents, BridgeResult } from '@parley/contracts'
import { describe, expect, it, vi } from 'vitest'

import { install } from '../contributions/registry.ts'
import { type Client } from './client.ts'
import { ReadCache } from './read-cache.ts'

install([{ reads: { 'conversation.get': { conversations: 'same' } } }])

const nobody = (_changed?: BridgeEvents['changed']): void => {}

/** A bridge whose answers are given by hand. */
function fakeClient() {
  const pending: ((result: BridgeResult<unknown>) => void)[] = []
  let tell = nobody
  const client = {
    ask: vi.fn<() => Promise<unknown>>(() => new Promise((resolve) => pending.push(resolve))),
    on: (_event: string, listener: typeof tell) => {
      tell = listener
      return nobody
    },
  } as unknown as Client
  const answer = async (value: unknown) => {
    pending.shift()?.({ ok: true, value })
    await Promise.resolve()
    await Promise.resolve()
  }
  const changed = (conversationIds: string[] | null) =>
    tell({
      conversationIds,
      topics: [],
    })
  return {
    client,
    answer,
    changed,
    asked: () => (client.ask as unknown as ReturnType<typeof vi.fn>).mock.calls.length,
  }
}

const KEY = 'conversation'
const read = (cache: ReadCache, listener = () => {}) =>
  cache.subscribe(KEY, 'conversation.get', { conversationId: 'c1' }, listener)

describe('the read cache', () => {
  it('asks once for two who want the same', async () => {
    const { client, answer, asked } = fakeClient()
    const cache = new ReadCache(client)
    read(cache)
    read(cache)
    await answer({ id: 'c1' })
    expect(asked()).toBe(1)
    expect(cache.state(KEY).value).toEqual({ id: 'c1' })
  })

  it('asks again only for what changed, and keeps the old answer meanwhile', async () => {
    const { client, answer, changed, asked } = fakeClient()
    const cache = new ReadCache(client)
    read(cache)
    await answer({ n: 1 })
    changed(['another'])
    expect(asked()).toBe(1)
    changed(['c1'])
    expect(asked()).toBe(2)
    expect(cache.state(KEY).value).toEqual({ n: 1 })
    await answer({ n: 2 })
    expect(cache.state(KEY).value).toEqual({ n: 2 })
  })

  it('asks once more, not twice at a time, for what changes while it asks', async () => {
    const { client, answer, changed, asked } = fakeClient()
    const cache = new ReadCache(client)
    read(cache)
    changed(['c1'])
    changed(null)
    expect(asked()).toBe(1)
    await answer({ n: 1 })
    expect(asked()).toBe(2)
    await answer({ n: 2 })
    expect(asked()).toBe(2)
  })

  it('does not ask for what nobody shows, but reads it again when it is shown', async () => {
    const { client, answer, changed, asked } = fakeClient()
    const cache = new ReadCache(client)
    const leave = read(cache)
    await answer({ n: 1 })
    leave()
    changed(['c1'])
    expect(asked()).toBe(1)
    read(cache)
    expect(asked()).toBe(2)
    expect(cache.state(KEY).value).toEqual({ n: 1 })
  })

  it('tells its listeners nothing where the answer is the same', async () => {
    const { client, answer, changed } = fakeClient()
    const cache = new ReadCache(client)
    const listener = vi.fn<() => void>()
    read(cache, listener)
    await answer({ n: 1 })
    changed(['c1'])
    await answer({ n: 1 })
    expect(listener).toHaveBeenCalledTimes(1)
  })
})
