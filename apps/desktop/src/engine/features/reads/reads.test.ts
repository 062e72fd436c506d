import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { type FeedItem, type ReadMark, type ReadMarkRow } from '@parley/contracts'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { type EngineCore, type ListeningPost } from '../../feature.ts'
import { type Notice } from '../../notices.ts'
import { refusal } from '../../session/server-client.ts'
import { newApplied, type Applied } from '../../store/applied.ts'
import { type Cache } from '../../store/cache.ts'
import { cursor, loadAfresh, openCache, openCacheFile, put } from '../../testing/open-cache.ts'
import { conversation, message, readMark, someId } from '../../testing/rows.ts'
import { countInbox } from '../inbox/count-inbox.ts'
import { readInboxRow } from '../inbox/index.ts'
import { reply } from '../messaging/reply.ts'
import { tellPerson } from '../messaging/tell-person.ts'
import { readSeq, reads } from './index.ts'
import { waitingMarks } from './kept-read-marks.ts'
import { markRead, markUnread, markedHere } from './mark.ts'
import { MarkSender } from './send-marks.ts'

const mine = (given = {}) => conversation({ assignedTo: 'me', status: 'assigned', ...given })
const unreadOf = (cache: Cache, id: string) => readInboxRow(cache, id)?.unread

/** With a conversation of mine in which the customer wrote these. */
function open(words = 3) {
  const { cache, apply } = openCache({ role: 'agent', teamIds: ['sales'] })
  const row = mine()
  const messages = Array.from({ length: words }, () => message(row.id))
  apply(put('conversation', row), ...messages.map((one) => put('message', one)))
  return { cache, apply, row, seqs: messages.map(({ seq }) => seq) as [number, number, number] }
}

/** A server that keeps marks by the rule of the contracts, and can be out of reach. */
function serverOf() {
  const kept = new Map<string, ReadMarkRow>()
  const asked: ReadMark[][] = []
  const state = { isThere: true, knows: (_conversationId: string) => true }
  return {
    kept,
    asked,
    state,
    mark(marks: readonly ReadMark[]): ReadMarkRow[] {
      asked.push([...marks])
      if (!state.isThere) throw refusal('server_unreachable')
      for (const mark of marks) {
        if (!state.knows(mark.conversationId)) continue
        const known = kept.get(mark.conversationId)
        const isGreater =
          known === undefined ||
          mark.turn > known.turn ||
          (mark.turn === known.turn && mark.seq > known.seq)
        if (!isGreater) continue
        kept.set(mark.conversationId, {
          ...readMark(mark.conversationId, { id: known?.id ?? someId() }),
          ...mark,
          version: (known?.version ?? 0) + 1,
        })
      }
      return marks.flatMap(({ conversationId }) => kept.get(conversationId) ?? [])
    },
  }
}

type FakeServer = ReturnType<typeof serverOf>

/** A workstation's line to that server. */
function lineTo(server: FakeServer, cache: Cache): Pick<ListeningPost, 'cache' | 'take'> {
  const trpc = {
    reads: {
      mark: { mutate: async ({ marks }: { marks: ReadMark[] }) => ({ marks: server.mark(marks) }) },
    },
  }
  const take = async (
    request: (given: typeof trpc) => Promise<{ marks: ReadMarkRow[] }>,
    itemsOf: (answer: { marks: ReadMarkRow[] }) => readonly FeedItem[],
  ) => {
    const answer = await request(trpc)
    cache.applyItems(itemsOf(answer))
    return answer
  }
  return { cache, take: take as unknown as ListeningPost['take'] }
}

const done = (conversationId: string) => {
  const applied = newApplied({ conversationId, isOwnDoing: true })
  applied.news.tell(markedHere, conversationId)
  return applied
}

describe('unread', () => {
  test('are the customer’s words after what I have read, in what is mine and open', () => {
    const { cache, apply, row, seqs } = open()
    expect([unreadOf(cache, row.id), countInbox(cache, 0).unread]).toEqual([3, 1])
    apply(put('read_mark', readMark(row.id, { seq: seqs[1] })))
    expect(unreadOf(cache, row.id)).toBe(1)
    apply(put('message', message(row.id, { direction: 'outbound', senderType: 'agent' })))
    apply(put('message', message(row.id, { contentType: 'reaction' })))
    const edit = { contentType: 'unsupported', content: { unsupported: { type: 'edit' } } }
    apply(put('message', message(row.id, edit)))
    expect(unreadOf(cache, row.id)).toBe(1)
    markRead(cache, row.id)
    expect([unreadOf(cache, row.id), countInbox(cache, 0).unread]).toEqual([0, 0])
  })

  test('a supervisor’s list is not bold from other people’s conversations, open or closed', () => {
    const { cache, apply } = openCache({ role: 'supervisor', teamIds: [] })
    const others = [
      conversation({ assignedTo: 'ana', status: 'assigned' }),
      conversation({ assignedTo: 'ana', status: 'closed' }),
      conversation({ assignedTo: 'me', status: 'closed' }),
      conversation({ status: 'queued' }),
    ]
    apply(
      ...others.map((row) => put('conversation', row)),
      ...others.map(({ id }) => put('message', message(id))),
    )
    expect(others.map(({ id }) => unreadOf(cache, id))).toEqual([0, 0, 0, 0])
    expect(countInbox(cache, 0).unread).toBe(0)
  })

  test('begin where I had read a colleague’s, once it is mine', () => {
    const { cache, apply } = openCache({ role: 'team_lead', teamIds: ['sales'] })
    const row = conversation({ assignedTo: 'ana', status: 'assigned' })
    apply(put('conversation', row), put('message', message(row.id)))
    markRead(cache, row.id)
    apply(put('message', message(row.id)))
    apply(put('conversation', { ...row, version: 2, assignedTo: 'me' }))
    expect(unreadOf(cache, row.id)).toBe(1)
  })

  test('are none of what I have answered', () => {
    const { cache, row } = open()
    const told: string[] = []
    reply(
      {
        cache,
        intend: () => ({ intentId: '' }),
        changed: ({ news }: Applied) => void told.push(...news.of(markedHere)),
      } as unknown as EngineCore,
      row.id,
      'hola',
    )
    expect([unreadOf(cache, row.id), told]).toEqual([0, [row.id]])
  })

  test('is what I have marked so, until I read on', () => {
    const { cache, apply, row, seqs } = open()
    expect(markUnread(cache, row.id)).toBe(false)
    markRead(cache, row.id)
    expect(markUnread(cache, row.id)).toBe(true)
    expect(unreadOf(cache, row.id)).toBe(1)
    // Another device had read all of it before it knew.
    apply(put('read_mark', readMark(row.id, { seq: seqs[2] })))
    expect(unreadOf(cache, row.id)).toBe(1)
    markRead(cache, row.id)
    expect([unreadOf(cache, row.id), waitingMarks(cache, 9)]).toEqual([
      0,
      [{ conversationId: row.id, turn: 1, seq: seqs[2] }],
    ])
  })

  test('is nothing that I could mark in a colleague’s', () => {
    const { cache, apply } = openCache({ role: 'team_lead', teamIds: ['sales'] })
    const row = conversation({ assignedTo: 'ana', status: 'assigned' })
    apply(put('conversation', row), put('message', message(row.id)))
    markRead(cache, row.id)
    expect(markUnread(cache, row.id)).toBe(false)
  })
})

describe('what I have read', () => {
  test('on another device is read here, and its notification goes', () => {
    const { cache, apply, row, seqs } = open()
    const notices: Notice[] = []
    const post = { ...lineTo(serverOf(), cache), notice: (notice: Notice) => notices.push(notice) }
    const listeners = reads.listens(post as unknown as ListeningPost)
    const hear = (...items: FeedItem[]) => {
      const applied = apply(...items)
      for (const listener of listeners) listener.applied?.(applied)
      return [...applied.conversationIds]
    }
    expect(hear(put('read_mark', readMark(row.id, { seq: seqs[0] })))).toEqual([row.id])
    expect(notices).toEqual([])
    hear(put('read_mark', readMark(row.id, { version: 2, seq: seqs[2] })))
    expect(notices).toEqual([{ kind: 'readElsewhere', conversationId: row.id }])
    // Late, and of somebody else.
    expect(hear(put('read_mark', readMark(row.id, { seq: seqs[1] })))).toEqual([])
    hear(put('read_mark', readMark(row.id, { userId: 'ana', turn: 9, seq: 0 })))
    expect(unreadOf(cache, row.id)).toBe(0)
  })

  test('meanwhile on another device is not told as new', () => {
    const { cache, apply, row } = open(0)
    const told: string[] = []
    const listener = tellPerson({
      cache,
      notice: ({ kind }: Notice) => told.push(kind),
    } as unknown as ListeningPost)
    const read = message(row.id)
    listener.applied?.(
      apply(put('message', read), put('read_mark', readMark(row.id, { seq: read.seq }))),
    )
    expect(told).toEqual([])
    listener.applied?.(apply(put('message', message(row.id))))
    expect(told).toEqual(['message'])
  })

  test('stays read when the conversation is taken from me and comes back', () => {
    const { cache, apply, row, seqs } = open()
    apply(put('read_mark', readMark(row.id, { seq: seqs[2] })))
    apply({ op: 'remove', kind: 'conversation', id: row.id })
    apply(put('conversation', row), ...seqs.map((seq) => put('message', message(row.id, { seq }))))
    expect(unreadOf(cache, row.id)).toBe(0)
  })

  test('is what a fresh load says, and what the server has yet to hear', () => {
    const { cache, apply, row, seqs } = open()
    const [other, third] = [mine(), mine()]
    const more = [other, third].map(({ id }) => message(id))
    const rows = [
      ...[row, other, third].map((one) => put('conversation', one)),
      ...seqs.map((seq) => put('message', message(row.id, { seq }))),
      ...more.map((one) => put('message', one)),
    ]
    apply(...rows)
    apply(put('read_mark', readMark(other.id, { seq: more[0]?.seq ?? 0 })))
    apply(put('read_mark', readMark(third.id, { turn: 4, seq: more[1]?.seq ?? 0 })))
    markRead(cache, row.id)
    const before = put('read_mark', readMark(third.id, { seq: 0 }))
    loadAfresh(cache, cursor(9), ...rows, before)
    // What it has not brought is not read any more; what it brings is the truth, a greater one here notwithstanding.
    expect([row, other, third].map(({ id }) => unreadOf(cache, id))).toEqual([0, 1, 1])
    expect(waitingMarks(cache, 9)).toHaveLength(1)
  })
})

describe('the server is told', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
  afterEach(() => vi.useRealTimers())

  test('at once of the first, and of what follows within a second together', async () => {
    const { cache, apply, row, seqs } = open()
    const others = Array.from({ length: 5 }, () => mine())
    apply(
      ...others.map((one) => put('conversation', one)),
      ...others.map(({ id }) => put('message', message(id))),
    )
    const server = serverOf()
    const sender = new MarkSender(lineTo(server, cache))
    sender.live()
    await vi.advanceTimersByTimeAsync(2000)
    expect(server.asked).toEqual([])
    const read = (id: string) => {
      markRead(cache, id)
      sender.applied(done(id))
    }
    read(row.id)
    await vi.advanceTimersByTimeAsync(1)
    expect(server.asked).toEqual([[{ conversationId: row.id, turn: 0, seq: seqs[2] }]])
    for (const { id } of others) {
      read(id)
      await vi.advanceTimersByTimeAsync(100)
    }
    await vi.advanceTimersByTimeAsync(2000)
    expect(server.asked.slice(1).map((marks) => marks.length)).toEqual([5])
    expect(waitingMarks(cache, 9)).toEqual([])
    sender.lineLost()
  })

  test('later of what was read offline, over a restart, without asking it in vain', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'parley-reads-'))
    const file = join(folder, 'cache.db')
    const server = serverOf()
    const row = mine()
    const words = message(row.id)
    {
      const cache = openCacheFile(file)
      cache.applyBatch([put('conversation', row), put('message', words)], cursor(1))
      const sender = new MarkSender(lineTo(server, cache))
      markRead(cache, row.id)
      sender.applied(done(row.id))
      await vi.advanceTimersByTimeAsync(60_000)
      expect(server.asked).toEqual([])
      // Killed: nothing is closed.
    }
    const cache = openCacheFile(file)
    const sender = new MarkSender(lineTo(server, cache))
    sender.live()
    await vi.advanceTimersByTimeAsync(1)
    expect(server.kept.get(row.id)).toMatchObject({ turn: 0, seq: words.seq })
    sender.lineLost()
    cache.store.close()
    rmSync(folder, { recursive: true })
  })

  test('again, less and less often, while it fails; the line’s return begins anew', async () => {
    const { cache, row } = open()
    const server = serverOf()
    server.state.isThere = false
    const sender = new MarkSender(lineTo(server, cache))
    markRead(cache, row.id)
    sender.live()
    await vi.advanceTimersByTimeAsync(60 * 60_000)
    const { length } = server.asked
    // Twelve an hour, and the first few.
    expect(length).toBeGreaterThan(12)
    expect(length).toBeLessThan(40)
    sender.lineLost()
    await vi.advanceTimersByTimeAsync(60 * 60_000)
    expect(server.asked).toHaveLength(length)
    server.state.isThere = true
    sender.live()
    await vi.advanceTimersByTimeAsync(1)
    expect(waitingMarks(cache, 9)).toEqual([])
    sender.lineLost()
  })

  test('before I sign out', async () => {
    const { cache, row } = open()
    const server = serverOf()
    const sender = new MarkSender(lineTo(server, cache))
    sender.live()
    await vi.advanceTimersByTimeAsync(10)
    markRead(cache, row.id)
    sender.applied(done(row.id))
    await sender.leaving()
    expect(server.kept.has(row.id)).toBe(true)
    sender.lineLost()
  })

  test('once of what is none of this person’s any more, and then it is marked on none of their devices', async () => {
    const { cache, row } = open()
    const server = serverOf()
    server.state.knows = () => false
    const sender = new MarkSender(lineTo(server, cache))
    markRead(cache, row.id)
    sender.live()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(server.asked).toHaveLength(1)
    expect(readSeq(cache, row.id)).toBe(0)
    sender.lineLost()
  })

  test('once of what is none of theirs any more, which stands as they had read it before', async () => {
    const { cache, apply, row, seqs } = open()
    const server = serverOf()
    const sender = new MarkSender(lineTo(server, cache))
    markRead(cache, row.id)
    sender.live()
    await vi.advanceTimersByTimeAsync(5000)
    apply(put('message', message(row.id)))
    server.state.knows = () => false
    markRead(cache, row.id)
    sender.applied(done(row.id))
    await vi.advanceTimersByTimeAsync(5000)
    expect(server.asked).toHaveLength(2)
    expect(readSeq(cache, row.id)).toBe(seqs[2])
    sender.lineLost()
  })

  test('the same by two devices, whatever each did while it was alone', async () => {
    for (let round = 0; round < 24; round++) {
      const server = serverOf()
      const row = mine()
      const words = Array.from({ length: 6 }, () => message(row.id))
      const devices = [0, 1].map(() => {
        const { cache, apply } = openCache({ role: 'agent', teamIds: ['sales'] })
        apply(put('conversation', row))
        const sender = new MarkSender(lineTo(server, cache))
        return { cache, apply, sender, has: 0 }
      })
      const random = seeded(round)
      for (let step = 0; step < 12; step++) {
        const device = devices[random(2)] as (typeof devices)[number]
        const doing = random(5)
        if (doing === 0 && device.has < words.length) {
          device.apply(put('message', words[device.has++] as never))
        } else if (doing === 1) markRead(device.cache, row.id)
        else if (doing === 2) markUnread(device.cache, row.id)
        else if (doing === 3) await reach(device.sender)
        else for (const known of server.kept.values()) device.apply(put('read_mark', known))
      }
      for (const { sender } of [...devices, ...devices]) await reach(sender)
      for (const { apply } of devices) {
        apply(...words.map((one) => put('message', one)))
        for (const known of server.kept.values()) apply(put('read_mark', known))
      }
      const [here, there] = devices.map(({ cache }) => unreadOf(cache, row.id))
      expect([round, here]).toEqual([round, there])
      expect(devices.flatMap(({ cache }) => waitingMarks(cache, 9))).toEqual([])
    }
  })

  async function reach(sender: MarkSender): Promise<void> {
    sender.live()
    await vi.advanceTimersByTimeAsync(1)
    sender.lineLost()
  }
})

/** The same numbers each time: mulberry32. */
function seeded(seed: number): (below: number) => number {
  let state = seed + 1
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}
