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
    read: vi.fn<() => Promise<unknown>>(() => new Promise((resolve) => pending.push(resolve))),
    on: (_event: string, listener: typeof tell) => {
      tell = listener
      return nobody
    },
  } as unknown as Client
  let id = 0
  const settle = async (result: BridgeResult<unknown>) => {
    pending.shift()?.(result)
    await Promise.resolve()
    await Promise.resolve()
  }
  const answer = (value: unknown) => settle({ ok: true, value: { id: (id += 1), value } })
  const refuse = () => settle({ ok: false, error: { code: 'not_found', details: {} } })
  const changed = (conversationIds: string[] | null) =>
    tell({
      conversationIds,
      topics: [],
    })
  return {
    client,
    answer,
    refuse,
    changed,
    asked: () => (client.read as unknown as ReturnType<typeof vi.fn>).mock.calls.length,
    /** What was said to be held, each time. */
    held: () => vi.mocked(client.read).mock.calls.map((call) => call[2]?.value ?? null),
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
    const same = { n: 1 }
    await answer(same)
    changed(['c1'])
    await answer(same)
    expect(listener).toHaveBeenCalledTimes(1)
  })

  it('says what it holds, also after an error, until there is another person', async () => {
    const { client, answer, refuse, changed, held } = fakeClient()
    const cache = new ReadCache(client)
    read(cache)
    await answer({ n: 1 })
    changed(['c1'])
    await refuse()
    expect(cache.state(KEY)).toMatchObject({ value: { n: 1 }, error: { code: 'not_found' } })
    changed(['c1'])
    await answer({ n: 2 })
    cache.forgetAll()
    expect(held()).toEqual([null, { n: 1 }, { n: 1 }, null])
  })

  it("shows nobody what is made of another person's answer", async () => {
    const { client, answer, changed, held } = fakeClient()
    const cache = new ReadCache(client)
    const shown: unknown[] = []
    read(cache, () => shown.push(cache.state(KEY).value))
    await answer({ of: 'Ana' })
    changed(['c1'])
    cache.forgetAll()
    await answer({ of: 'Ana, changed' })
    await answer({ of: 'Luis' })
    expect(shown).toEqual([{ of: 'Ana' }, undefined, { of: 'Luis' }])
    expect(held()).toEqual([null, { of: 'Ana' }, null])
  })

  it('takes an answer that was on its way to another person from nobody', async () => {
    const { client, answer } = fakeClient()
    const cache = new ReadCache(client)
    const shown: unknown[] = []
    read(cache, () => shown.push(cache.state(KEY).value))
    cache.forgetAll()
    await answer({ of: 'Ana' })
    await answer({ of: 'Luis' })
    expect(shown).toEqual([undefined, { of: 'Luis' }])
  })
})
