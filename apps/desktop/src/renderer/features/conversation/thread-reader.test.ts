import type { Bridge, BridgeEvents, Reading, ThreadEntry, ThreadPage } from '@parley/contracts'
import { describe, expect, it } from 'vitest'

import { Answers } from '../../../engine/answers.ts'
import { createClient } from '../../bridge/client.ts'
import { ThreadReader } from './thread-reader.ts'

const entry = (n: number): ThreadEntry =>
  ({
    type: 'message',
    key: `k${n}`,
    message: { id: `m${n}`, text: `what stands in message ${n}` },
  }) as unknown as ThreadEntry

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
  const pageOf = ({ before, limit, reach }: Asked): ThreadPage => {
    const end = before === null ? total : Number(before.slice(1)) - 1
    const reached = reach === undefined || isReaching ? end : Number(reach.slice(1)) - 1
    const start = Math.max(0, Math.min(end - limit, reached))
    const entries = Array.from({ length: end - start }, (_, index) => edited(start + index + 1))
    return { entries, hasOlder: start > 0, isPartial: false, isReaching, seenSeq: total }
  }
  const texts = new Map<number, string>()
  const edited = (n: number): ThreadEntry => {
    const made = entry(n)
    const text = texts.get(n)
    if (text !== undefined && made.type === 'message') made.message.text = text
    return made
  }
  const answers = new Answers()
  const readings: Reading<unknown>[] = []
  const bridge = {
    call: async (_method: string, asked: Asked) => ({ ok: true, value: pageOf(asked) }),
    read: async (_method: string, asked: Asked, held: number | null) => {
      const value = answers.reading(JSON.stringify(asked), pageOf(asked), held)
      readings.push(value)
      return { ok: true, value }
    },
    on: (_event: string, listener: typeof tell) => {
      tell = listener
      return nobody
    },
  } as unknown as Bridge
  const reader = new ThreadReader(createClient(bridge), 'c1', reach)
  reader.subscribe(() => {})
  return {
    reader,
    /** The server has brought what lies further back. */
    fetched: () => void (isReaching = false),
    keys: () => reader.get().entries.map((one) => one.key),
    readings,
    write: (n: number, text: string) => texts.set(n, text),
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

describe('what comes of a thread that is read again', () => {
  const kindsOf = (readings: Reading<unknown>[]) =>
    readings.map((one) => ('whole' in one ? 'whole' : 'changes'))

  it('is what has changed in it, but for one time in twenty messages', async () => {
    const { reader, keys, grow, readings } = served(200)
    await settled()
    for (let n = 1; n <= 40; n += 1) {
      const before = reader.get().entries
      await grow(1)
      expect(keys()).toEqual(upTo(141, 200 + n))
      expect(
        reader
          .get()
          .entries.slice(0, -1)
          .every((one, at) => one === before[at]),
      ).toBe(true)
    }
    const kinds = kindsOf(readings)
    expect(kinds.filter((kind) => kind === 'whole')).toHaveLength(3)
    expect(kinds.slice(0, 2)).toEqual(['whole', 'changes'])
  })

  it('is that in a short one from the second message on', async () => {
    const { grow, keys, readings } = served(3)
    await settled()
    for (let n = 0; n < 50; n += 1) await grow(1)
    expect(keys()).toEqual(upTo(1, 53))
    const kinds = kindsOf(readings)
    expect(kinds.lastIndexOf('whole')).toBeLessThan(5)
  })

  it('is that while one reads on, and of what was read on', async () => {
    const { reader, keys, grow, readings, write } = served(400)
    await settled()
    await reader.readOlder()
    await reader.readOlder()
    await grow(1)
    await grow(1)
    write(110, 'written anew')
    const before = reader.get().entries
    await grow(1)
    expect(keys()).toEqual(upTo(101, 403))
    const { entries } = reader.get()
    expect(entries[9]).toMatchObject({ message: { text: 'written anew' } })
    for (const [at, one] of before.entries()) if (at !== 9) expect(entries[at]).toBe(one)
    expect(kindsOf(readings)).toEqual(['whole', 'whole', 'whole', 'changes'])
  })
})
