import type { BridgeEvents, ThreadEntry, ThreadPage } from '@parley/contracts'
import { describe, expect, it } from 'vitest'

import { type Client } from '../../bridge/client.ts'
import { ThreadReader } from './thread-reader.ts'

const entry = (n: number): ThreadEntry =>
  ({ type: 'message', key: `k${n}`, message: { id: `m${n}` } }) as unknown as ThreadEntry

const nobody = (_changed?: BridgeEvents['changed']): void => {}

interface Asked {
  before: string | null
  limit: number
  reach?: string
}

/** A thread of `count` entries, served in pages as the engine does. */
function served(count: number, reach?: string, isFetching = false) {
  let total = count
  let tell = nobody
  let isReaching = isFetching
  const client = {
    ask: async (_method: string, { before, limit, reach }: Asked) => {
      const end = before === null ? total : Number(before.slice(1)) - 1
      const reached = reach === undefined || isReaching ? end : Number(reach.slice(1)) - 1
      const start = Math.max(0, Math.min(end - limit, reached))
      const entries = Array.from({ length: end - start }, (_, index) => entry(start + index + 1))
      const page: ThreadPage = {
        entries,
        hasOlder: start > 0,
        isPartial: false,
        isReaching,
        seenSeq: total,
      }
      return { ok: true, value: page }
    },
    on: (_event: string, listener: typeof tell) => {
      tell = listener
      return nobody
    },
  } as unknown as Client
  const reader = new ThreadReader(client, 'c1', reach)
  reader.subscribe(() => {})
  return {
    reader,
    /** The server has brought what lies further back. */
    fetched: () => void (isReaching = false),
    keys: () => reader.get().entries.map((one) => one.key),
    grow: async (by: number) => {
      total += by
      tell({
        conversationIds: ['c1'],
        topics: [],
      })
      await settled()
    },
  }
}
const settled = () => new Promise((resolve) => setTimeout(resolve, 0))
const upTo = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `k${from + index}`)

describe('reading a thread', () => {
  it('begins with the newest page', async () => {
    const { reader, keys } = served(200)
    await settled()
    expect(keys()).toEqual(upTo(141, 200))
    expect(reader.get()).toMatchObject({ hasOlder: true, isRead: true, seenSeq: 200 })
  })

  it('puts older pages before it, without gaps or doubles', async () => {
    const { reader, keys } = served(200)
    await settled()
    await Promise.all([reader.readOlder(), reader.readOlder()])
    expect(keys()).toEqual(upTo(21, 200))
    await reader.readOlder()
    expect(keys()).toEqual(upTo(1, 200))
    expect(reader.get().hasOlder).toBe(false)
  })

  it('joins what is new to what is held, and keeps the line of the opening', async () => {
    const { reader, keys, grow } = served(200)
    await settled()
    await reader.readOlder()
    await grow(3)
    expect(keys()).toEqual(upTo(21, 203))
    expect(reader.get().seenSeq).toBe(200)
    expect(reader.get().hasOlder).toBe(true)
  })

  it('holds five thousand and still reads only the newest part again', async () => {
    const { reader, keys, grow } = served(5000)
    await settled()
    for (let n = 0; n < 45; n += 1) await reader.readOlder()
    expect(keys()).toEqual(upTo(1, 5000))
    await grow(1)
    expect(keys()).toEqual(upTo(1, 5001))
  })
})

describe('reaching a message', () => {
  it('begins as far back as it stands, in one answer', async () => {
    const { reader, keys } = served(200, 'm40')
    await settled()
    expect(keys()).toEqual(upTo(40, 200))
    expect(reader.get().missed).toBeNull()
  })

  it('shows what is here while it is being fetched, and reads as far when it has come', async () => {
    const { reader, keys, grow, fetched } = served(200, 'm40', true)
    await settled()
    expect(keys()).toEqual(upTo(141, 200))
    expect(reader.get().missed).toBeNull()
    fetched()
    await grow(0)
    expect(keys()).toEqual(upTo(40, 200))
  })

  it('reads back to it from what is held, and keeps it when more comes', async () => {
    const { reader, keys, grow } = served(200)
    await settled()
    reader.readAsFarAs('m70')
    await settled()
    expect(keys()).toEqual(upTo(70, 200))
    await grow(2)
    expect(keys()).toEqual(upTo(70, 202))
  })

  it('says so where it is not there, until it is asked for again', async () => {
    const { reader } = served(10)
    await settled()
    reader.readAsFarAs('m0')
    await settled()
    expect(reader.get().missed).toBe('m0')
    reader.readAsFarAs('m4')
    await settled()
    expect(reader.get().missed).toBeNull()
  })
})
