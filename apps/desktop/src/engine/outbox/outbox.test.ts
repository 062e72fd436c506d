import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { type ErrorCode, type FeedItem } from '@parley/contracts'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { type EngineFeature } from '../feature.ts'
import { REGISTRY } from '../features.ts'
import { shownConversation } from '../features/conversations/index.ts'
import { countInbox } from '../features/inbox/count-inbox.ts'
import { listInbox } from '../features/inbox/list-inbox.ts'
import { readThread } from '../features/messaging/thread.ts'
import { gather } from '../registry.ts'
import { refusal, type ServerClient } from '../session/server-client.ts'
import { Cache } from '../store/cache.ts'
import { cursor, openCacheFile, openOutbox, put } from '../testing/open-cache.ts'
import { conversation, customer, message, someId } from '../testing/rows.ts'
import { type Outbox } from './outbox.ts'
import { readOutbox } from './outbox-table.ts'

const ME = 'me'
const QUEUE_ORDER = { filter: '', order: 'queue', nowMs: 0 } as const

let folder: string
let file: string
let cache: Cache
let outbox: Outbox

function open(): void {
  cache = openCacheFile(file)
  outbox = openOutbox(cache)
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-engine-'))
  file = join(folder, 'cache.db')
  open()
  cache.setAccess({ role: 'agent', teamIds: ['sales'] })
})
afterEach(() => {
  cache.store.close()
  rmSync(folder, { recursive: true, force: true })
})

const apply = (...items: FeedItem[]) => cache.applyBatch(items, cursor(1))

describe('the outbox', () => {
  test('shows at once what was done, and survives a stop in the middle of sending', () => {
    const row = conversation({ assignedTo: ME, status: 'assigned' })
    apply(put('conversation', row), put('message', message(row.id)))
    const intentId = someId()
    outbox.add(intentId, row.id, {
      kind: 'reply',
      text: 'voy',
      lastSeenSeq: 1,
      despiteNewerReply: false,
    })
    cache.store.run(`UPDATE outbox SET state = 'sending'`)
    cache.store.close()
    open()
    expect(outbox.list()).toMatchObject([{ intentId, state: 'waiting', text: 'voy' }])
    expect(shownConversation(cache, row.id)?.status).toBe('pending_customer')
    const thread = readThread(cache, row.id, null, 50)
    expect(thread.entries.at(-1)).toMatchObject({ outbox: 'waiting', message: { text: 'voy' } })
    expect(
      listInbox(cache, { kind: 'mine' }, 10, QUEUE_ORDER).sections[0]?.rows[0]?.preview.mark,
    ).toBe('pending')
  })

  test('takes back what the server cannot have heard of, and nothing else', async () => {
    const row = conversation({ assignedTo: ME, status: 'assigned' })
    apply(put('conversation', row))
    const [close, release] = [someId(), someId()]
    outbox.add(close, row.id, { kind: 'close', reason: 'resolved' })
    expect(shownConversation(cache, row.id)?.status).toBe('closed')
    expect(outbox.takeBack(close)).toBe(true)
    expect(shownConversation(cache, row.id)).toMatchObject({ status: 'assigned', assignedTo: ME })
    expect(outbox.list()).toEqual([])
    // Twice is once.
    expect(outbox.takeBack(close)).toBe(false)

    // Its try was cut off: perhaps it has arrived.
    outbox.add(release, row.id, { kind: 'release' })
    outbox.connect({ ask: () => new Promise(() => {}) } as unknown as ServerClient)
    await vi.waitFor(() => expect(outbox.list()).toMatchObject([{ state: 'sending' }]))
    expect(outbox.takeBack(release)).toBe(false)
    outbox.connect(null)
    cache.store.run(`UPDATE outbox SET state = 'waiting'`)
    expect(outbox.takeBack(release)).toBe(false)
    expect(outbox.list()).toHaveLength(1)
  })

  test('thought better of, what the server refused is not tried again', async () => {
    const row = conversation({ assignedTo: ME, status: 'assigned' })
    apply(put('conversation', row))
    const close = someId()
    outbox.add(close, row.id, { kind: 'close', reason: 'resolved' })
    outbox.connect({
      ask: () => Promise.reject(refusal('required')),
    } as unknown as ServerClient)
    await vi.waitFor(() => expect(outbox.list()).toMatchObject([{ state: 'refused' }]))
    expect(outbox.takeBack(close)).toBe(true)
    expect(outbox.list()).toEqual([])
  })

  test('lets go of what the feed acknowledges, by the intent or by the message itself', () => {
    const row = conversation({ assignedTo: ME, status: 'assigned' })
    apply(put('conversation', row))
    const [claim, reply] = [someId(), someId()]
    outbox.add(claim, row.id, { kind: 'close', reason: 'resolved' })
    outbox.add(reply, row.id, {
      kind: 'reply',
      text: 'voy',
      lastSeenSeq: null,
      despiteNewerReply: false,
    })
    apply({ op: 'acknowledge', intentId: claim })
    expect(outbox.list().map(({ intentId }) => intentId)).toEqual([reply])
    apply(
      put(
        'message',
        message(row.id, {
          id: reply,
          direction: 'outbound',
          senderType: 'agent',
          senderId: ME,
          text: 'voy',
        }),
      ),
    )
    expect(outbox.list()).toEqual([])
    expect(
      readThread(cache, row.id, null, 50).entries.filter(({ type }) => type === 'message'),
    ).toHaveLength(1)
  })

  test('an undo says of whom it is, though its conversation has left this workstation', () => {
    const row = conversation({ assignedTo: ME, status: 'assigned', teamId: 'sales' })
    apply(put('conversation', row), put('customer', customer(row.customerId, { name: 'Lucía' })))
    const of = someId()
    outbox.add(of, row.id, { kind: 'transfer', to: { kind: 'team', teamId: 'other' } })
    apply({ op: 'acknowledge', intentId: of }, { op: 'remove', kind: 'conversation', id: row.id })
    outbox.add(someId(), row.id, { kind: 'undo', of })
    expect(outbox.list()).toMatchObject([{ kind: 'undo', customerName: 'Lucía' }])
  })

  test('keeps what was refused, undoes its effect, and asks the person', () => {
    const row = conversation({ assignedTo: ME, status: 'assigned' })
    apply(put('conversation', row))
    const intentId = someId()
    outbox.add(intentId, row.id, { kind: 'close', reason: 'resolved' })
    expect(shownConversation(cache, row.id)?.status).toBe('closed')
    cache.store.write(() =>
      cache.store.run(
        `UPDATE outbox SET state = 'refused', refusal = '{"code":"conflict","details":{}}'`,
      ),
    )
    expect(shownConversation(cache, row.id)?.status).toBe('assigned')
    const keys = () =>
      listInbox(cache, { kind: 'mine' }, 10, QUEUE_ORDER).sections.map(({ key }) => key)
    expect([keys()[0], countInbox(cache, Date.now()).mine]).toEqual(['to_decide', 1])
    outbox.discard(intentId)
    expect([keys()[0], countInbox(cache, Date.now()).mine]).toEqual(['awaiting_me', 1])
  })

  test('sends a reply that was outdated again despite the newer one, and others as they were', () => {
    const row = conversation({ assignedTo: ME, status: 'assigned' })
    apply(put('conversation', row))
    const words = { text: 'voy', lastSeenSeq: 1, despiteNewerReply: false }
    const intend = () => outbox.intend(row.id, { kind: 'reply', ...words }).intentId
    const [outdated, closed] = [intend(), intend()]
    const refuse = (intentId: string, code: string) =>
      cache.store.run(
        `UPDATE outbox SET state = 'refused', refusal = json_object('code', ?) WHERE intent_id = ?`,
        code,
        intentId,
      )
    refuse(outdated, 'reply_outdated')
    refuse(closed, 'window_closed')
    outbox.retry(outdated)
    outbox.retry(closed)
    expect(readOutbox(cache.store)).toMatchObject([
      { intent_id: outdated, state: 'waiting', payload: { ...words, despiteNewerReply: true } },
      { intent_id: closed, state: 'waiting', payload: words },
    ])
  })

  test('a server that cannot now is no refusal, however often: the words wait', async () => {
    const row = conversation({ assignedTo: ME, status: 'assigned' })
    apply(put('conversation', row))
    outbox.intend(row.id, { kind: 'close', reason: 'resolved' })
    for (let attempt = 0; attempt < 10; attempt++) {
      const asked = Promise.withResolvers<void>()
      outbox.connect({
        ask: () => {
          asked.resolve()
          return Promise.reject(refusal('try_later'))
        },
      } as unknown as ServerClient)
      await asked.promise
      await new Promise((resolve) => setImmediate(resolve))
      expect(outbox.list()).toMatchObject([{ state: 'waiting', refusal: null }])
    }
    outbox.connect(null)
    expect(shownConversation(cache, row.id)?.status).toBe('closed')
  })

  test('takes nothing on for a conversation that is not here', () => {
    expect(() => outbox.intend(someId(), { kind: 'claim' })).toThrow('not_found')
    expect(outbox.list()).toEqual([])
  })

  test('asks every guard before it takes an intent on', () => {
    const required = { code: 'required', details: { what: 'tags' } } as const
    const asked: unknown[] = []
    const guarding: EngineFeature = {
      name: 'guarding',
      guards: {
        close: (_cache, conversationId, { reason }) => {
          asked.push([conversationId, reason])
          return reason === 'spam' ? null : required
        },
      },
    }
    const guarded = new Cache(cache.store, ME, gather([...REGISTRY.features, guarding]))
    const row = conversation({ assignedTo: ME, status: 'assigned' })
    apply(put('conversation', row))
    const careful = openOutbox(guarded)
    expect(() => careful.intend(row.id, { kind: 'close', reason: 'resolved' })).toThrow('required')
    expect(shownConversation(cache, row.id)?.status).toBe('assigned')
    careful.intend(row.id, { kind: 'close', reason: 'spam' })
    expect(asked).toEqual([
      [row.id, 'resolved'],
      [row.id, 'spam'],
    ])
    expect(careful.list()).toMatchObject([{ kind: 'close', text: null }])
  })
})

/** A server that answers each request as it is told to, and notes what it was asked for. */
class FakeServer {
  readonly asked: { about: string; what: string }[] = []
  readonly done: string[] = []
  /** Null: done. */
  answer: (about: string, what: string) => ErrorCode | null = () => null
  details: Record<string, unknown> = {}

  readonly line = {
    ask: async (request: (trpc: unknown) => Promise<unknown>) => request(this.#at('')),
  } as unknown as ServerClient

  #at(path: string): unknown {
    const mutate = async (input: Record<string, unknown>): Promise<unknown> => {
      const what = String(input['text'] ?? path.slice(1))
      const about = String(input['conversationId'] ?? '')
      this.asked.push({ about, what })
      const code = this.answer(about, what)
      if (code !== null) throw refusal(code, this.details)
      this.done.push(what)
      return { conversation: null, message: null }
    }
    return new Proxy(
      {},
      { get: (_, name) => (name === 'mutate' ? mutate : this.#at(`${path}.${String(name)}`)) },
    )
  }
}

describe('over a line that fails', () => {
  let server: FakeServer

  beforeEach(() => {
    vi.useFakeTimers()
    server = new FakeServer()
  })
  afterEach(() => {
    outbox.connect(null)
    vi.useRealTimers()
  })

  const mine = (): string => {
    const row = conversation({ assignedTo: ME, status: 'assigned' })
    apply(put('conversation', row))
    return row.id
  }
  const say = (conversationId: string, text: string): string =>
    outbox.intend(conversationId, {
      kind: 'reply',
      text,
      lastSeenSeq: null,
      despiteNewerReply: false,
    }).intentId
  const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000)
  const states = () => outbox.list().map(({ text, state, isHeld }) => [text, state, isHeld])

  test('and a disk that takes nothing meanwhile: the reply leaves once, when what became of it can be kept', async () => {
    const id = mine()
    server.answer = () => {
      // It was taken, and from now on nothing can be written here.
      cache.store.run('PRAGMA query_only = 1')
      return null
    }
    say(id, 'voy')
    outbox.connect(server.line)
    await pass(60)
    expect(server.asked).toHaveLength(1)
    expect(states()).toEqual([['voy', 'sending', false]])
    server.answer = () => null
    cache.store.run('PRAGMA query_only = 0')
    await pass(60)
    // Its id makes the second time harmless.
    expect(server.asked.map(({ what }) => what)).toEqual(['voy', 'voy'])
    expect(states()).toEqual([])
  })

  test('whose database is away for half a minute no reply is refused, and all leave in their order', async () => {
    const conversations = Array.from({ length: 6 }, mine)
    server.answer = () => 'try_later'
    outbox.connect(server.line)
    for (let round = 0; round < 6; round++) {
      for (const [index, id] of conversations.entries()) {
        say(id, `${index}.${round}`)
        await pass(0.7)
      }
    }
    // Every new reply used to begin asking anew: 147 requests in 24 seconds.
    expect(server.asked.length).toBeLessThan(15)
    expect(outbox.counts()).toEqual({ waiting: 36, refused: 0 })
    server.answer = () => null
    await pass(30)
    expect(outbox.list()).toEqual([])
    for (const index of conversations.keys()) {
      const said = server.done.filter((text) => text.startsWith(`${index}.`))
      expect(said).toEqual([0, 1, 2, 3, 4, 5].map((round) => `${index}.${round}`))
    }
  })

  test.each(['server_unreachable', 'try_later', 'too_many_attempts', 'unauthenticated'] as const)(
    '%s is given up by nobody, though it lasts all day, and asked at most every few seconds',
    async (code) => {
      server.answer = () => code
      outbox.connect(server.line)
      say(mine(), 'voy')
      await pass(3600)
      expect(states()).toEqual([['voy', 'waiting', false]])
      expect(server.asked.length).toBeLessThan(3600 / 5 + 20)
      // None of that was the server's fault with this reply, which has all its tries left.
      server.answer = () => 'internal'
      await pass(15)
      expect(states()).toEqual([['voy', 'waiting', false]])
      server.answer = () => null
      await pass(15)
      expect(server.done).toEqual(['voy'])
    },
  )

  test('the pauses are over when the line is back', async () => {
    server.answer = () => 'server_unreachable'
    outbox.connect(server.line)
    say(mine(), 'voy')
    await pass(600)
    server.answer = () => null
    outbox.connect(null)
    outbox.connect(server.line)
    await pass(0)
    expect(server.done).toEqual(['voy'])
  })

  test('a gateway that asks for a pause gets it', async () => {
    server.answer = () => 'server_unreachable'
    server.details = { retryAfterMs: 30_000 }
    outbox.connect(server.line)
    say(mine(), 'voy')
    await pass(29)
    say(mine(), 'yo también')
    expect(server.asked).toHaveLength(1)
    server.answer = () => null
    await pass(1)
    expect(server.done).toEqual(['voy', 'yo también'])
  })

  test('a refused reply is not overtaken by what was written after it, and other conversations go on', async () => {
    const [here, there] = [mine(), mine()]
    server.answer = (_, what) => (what === 'uno' ? 'window_closed' : null)
    outbox.connect(server.line)
    const [one] = [say(here, 'uno'), say(here, 'dos'), say(there, 'otra')]
    outbox.intend(here, { kind: 'close', reason: 'resolved' })
    // What depends on nothing that was refused does not wait for the decision.
    outbox.intend(here, { kind: 'set_priority', priority: 'high' })
    await pass(60)
    expect(server.done).toEqual(['otra', 'conversations.setPriority'])
    expect(states()).toEqual([
      ['uno', 'refused', false],
      ['dos', 'waiting', true],
      [null, 'waiting', true],
    ])
    outbox.discard(one as string)
    await pass(0)
    expect(server.done.slice(2)).toEqual(['dos', 'conversations.close'])
  })

  test('refused replies that are sent again leave in the order in which they were written', async () => {
    const here = mine()
    const texts = ['uno', 'dos', 'tres']
    const ids = texts.map((text) => say(here, text))
    cache.store.run(
      `UPDATE outbox SET state = 'refused', refusal = '{"code":"internal","details":{}}'`,
    )
    outbox.connect(server.line)
    for (const id of ids.toReversed()) {
      outbox.retry(id)
      await pass(1)
    }
    expect(server.done).toEqual(texts)
  })

  test('a server that fails on one conversation does not hold up others, and after a minute its person decides', async () => {
    const [broken, fine] = [mine(), mine()]
    server.answer = (about) => (about === broken ? 'internal' : null)
    outbox.connect(server.line)
    say(broken, 'uno')
    say(broken, 'dos')
    say(fine, 'otra')
    await pass(1)
    expect(server.done).toEqual(['otra'])
    // As long as it takes to replace a server.
    await pass(20)
    expect(states()[0]).toEqual(['uno', 'waiting', false])
    await pass(100)
    expect(states()).toEqual([
      ['uno', 'refused', false],
      ['dos', 'waiting', true],
    ])
    expect(server.asked.filter(({ about }) => about === broken)).toHaveLength(12)
    server.answer = () => null
    outbox.retry(outbox.list()[0]?.intentId as string)
    await pass(0)
    expect(server.done).toEqual(['otra', 'uno', 'dos'])
  })

  test('nothing is sent that was not kept', async () => {
    const here = mine()
    outbox.connect(server.line)
    expect(() =>
      cache.store.write(() => {
        say(here, 'voy')
        throw new Error('the disk is full')
      }),
    ).toThrow('full')
    await pass(1)
    expect([server.asked, outbox.list()]).toEqual([[], []])
  })
})
