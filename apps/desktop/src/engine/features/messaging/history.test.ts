import { type ConversationRow, type FeedItem, type MessageRow } from '@parley/contracts'
import { describe, expect, test } from 'vitest'

import { type EngineCore } from '../../feature.ts'
import { refusal } from '../../session/server-client.ts'
import { type Applied } from '../../store/applied.ts'
import { listed, openCache, put } from '../../testing/open-cache.ts'
import { conversation, message } from '../../testing/rows.ts'
import { conversationOf, threadOf } from '../conversations/index.ts'
import { openThread } from './history.ts'

const at = (seq: number) => `2026-11-20T10:00:${String(seq).padStart(2, '0')}.000Z`

/** An engine whose server has a thread, and what is older than that, and how often it was asked. */
function engineWith({
  thread = [],
  history = [],
  isOnline = true,
  meanwhile = () => {},
}: {
  thread?: MessageRow[]
  history?: MessageRow[]
  isOnline?: boolean
  meanwhile?: () => void
} = {}) {
  const { cache, apply } = openCache({ role: 'agent', teamIds: ['sales'] })
  const asked: unknown[] = []
  const brought: string[] = []
  const server = {
    sync: {
      conversations: {
        query: async ({ ids: [id = ''] }: { ids: string[] }) => {
          brought.push(id)
          const row = conversationOf(cache, id) as ConversationRow
          return [put('conversation', row), ...thread.map((one) => put('message', one))]
        },
      },
    },
    conversations: {
      history: {
        query: async (input: unknown) => {
          asked.push(input)
          meanwhile()
          return { messages: history, events: [], hasOlder: false }
        },
      },
    },
  }
  const engine = {
    cache,
    isOnline,
    ask: (request: (trpc: unknown) => Promise<unknown>) => request(server),
    take: async (request: (trpc: unknown) => Promise<FeedItem[]>) => {
      const items = await request(server)
      apply(...items)
      return items
    },
  } as unknown as EngineCore
  const open = async (conversationId: string, before: string | null = null) => {
    const page = await openThread(engine, { conversationId, before, limit: 20 })
    return page.entries.flatMap((entry) => (entry.type === 'message' ? [entry.message.text] : []))
  }
  return { cache, apply, asked, brought, open }
}

describe('opening a conversation', () => {
  test('that is only listed brings its thread first, once', async () => {
    const row = conversation()
    const thread = [message(row.id, { text: '¿siguen ahí?' })]
    const { apply, brought, open } = engineWith({ thread })
    apply(listed(row))
    expect(await open(row.id)).toEqual(['¿siguen ahí?'])
    expect(await open(row.id)).toEqual(['¿siguen ahí?'])
    expect(brought).toEqual([row.id])
  })

  test('that is whole, or without the server, asks nobody', async () => {
    const [silent, known] = [conversation({ lastMessageAt: null }), conversation()]
    const { apply, brought, open } = engineWith()
    apply(
      put('conversation', silent),
      put('conversation', known),
      put('message', message(known.id, { text: 'hola' })),
    )
    expect([await open(silent.id), await open(known.id)]).toEqual([[], ['hola']])
    const offline = engineWith({ isOnline: false })
    offline.apply(listed(known))
    expect(await offline.open(known.id)).toEqual([])
    expect([brought, offline.brought]).toEqual([[], []])
  })
})

describe('scrolling up', () => {
  const row = conversation()
  const said = (seq: number) => message(row.id, { seq, text: `${seq}`, sentAt: at(seq) })

  test('fetches what is older than what is here, and says when that is all', async () => {
    const { apply, cache, asked, open } = engineWith({ history: [said(1), said(2)] })
    apply(put('conversation', row), put('message', said(3)))
    expect(await open(row.id, `m:${at(3)}|3`)).toEqual(['1', '2'])
    expect(asked).toEqual([{ conversationId: row.id, beforeSeq: 3 }])
    expect(threadOf(cache, row.id)).toEqual({ isWhole: true, isComplete: true })
  })

  test('leaves no hole where the thread came anew meanwhile', async () => {
    const { apply, cache, open } = engineWith({
      history: [said(1), said(2)],
      meanwhile: () => apply(put('conversation', { ...row, version: 2 }), put('message', said(90))),
    })
    apply(put('conversation', row), put('message', said(3)))
    await open(row.id, `m:${at(3)}|3`)
    expect(cache.store.all('SELECT seq FROM messages')).toEqual([{ seq: 90 }])
    expect(threadOf(cache, row.id)).toEqual({ isWhole: true, isComplete: false })
  })
})

test('without the server a thread that is not here is said to be none, and not shown as an empty one', async () => {
  const { cache, apply } = openCache({ role: 'agent', teamIds: ['sales'] })
  const row = conversation({ status: 'closed' })
  apply(listed(row))
  const engine = { cache, isOnline: false } as unknown as EngineCore
  const asked = { conversationId: row.id, before: null, limit: 20 }
  const missing = await openThread(engine, asked)
  apply(put('conversation', { ...row, version: row.version + 1 }))
  // One without words yet, whole.
  const empty = await openThread(engine, asked)
  expect(missing.entries).toEqual(empty.entries)
  expect(missing).toMatchObject({ isPartial: true })
  expect(empty).toMatchObject({ isPartial: false })
})

test('of a thread that is not here the last words are shown as lists have them, until it comes', async () => {
  const { cache, apply } = openCache({ role: 'agent', teamIds: ['sales'] })
  const said = (given: Partial<MessageRow>) => message('', { sentAt: at(5), ...given })
  const rowWith = ({ text, seq, sentAt, ...last }: MessageRow) => {
    const { id, version, direction, senderType, senderId, contentType, status } = last
    const lastMessage = {
      id,
      version,
      seq,
      direction,
      senderType,
      senderId,
      contentType,
      text,
      status,
    }
    return conversation({ status: 'closed', lastMessageAt: sentAt, lastMessage })
  }
  const [short, long] = [
    rowWith(said({ text: 'gracias' })),
    rowWith(said({ text: 'a'.repeat(200) })),
  ]
  apply(listed(short), listed(long))
  const engine = { cache, isOnline: false } as unknown as EngineCore
  const read = async (conversationId: string) =>
    openThread(engine, { conversationId, before: null, limit: 20 })
  const [shown, cut] = [await read(short.id), await read(long.id)]
  expect(shown).toMatchObject({
    isPartial: true,
    hasOlder: false,
    entries: [{ type: 'message', at: at(5), message: { text: 'gracias' } }],
  })
  expect(cut.entries).toMatchObject([{ message: { text: `${'a'.repeat(200)}…` } }])
  const { lastMessage } = short
  apply(
    put('conversation', { ...short, version: 2 }),
    put('message', { ...said({ text: 'gracias' }), ...lastMessage, conversationId: short.id }),
  )
  const come = await read(short.id)
  expect(come.isPartial).toBe(false)
  // The same words in the same place.
  expect(come.entries.map(({ key }) => key)).toEqual(shown.entries.map(({ key }) => key))
})

describe('a message that stands further back', () => {
  const row = conversation()
  const said = (seq: number) => message(row.id, { seq, text: `${seq}`, sentAt: at(seq) })
  const found = said(1)

  /** A server that has it some pages back, each when it is let. */
  function open() {
    const { cache, apply } = openCache({ role: 'agent', teamIds: ['sales'] })
    apply(put('conversation', row), put('message', said(9)))
    const answers: PromiseWithResolvers<unknown>[] = []
    const changed: string[] = []
    const engine = {
      cache,
      isOnline: true,
      ask: () => {
        const answer = Promise.withResolvers<unknown>()
        answers.push(answer)
        return answer.promise
      },
      changed: ({ conversationIds }: Applied) => void changed.push(...conversationIds),
    } as unknown as EngineCore
    const read = async () => {
      const asked = { conversationId: row.id, before: null, limit: 20, reach: found.id }
      const { entries, isReaching } = await openThread(engine, asked)
      return [entries.map((entry) => entry.type === 'message' && entry.message.seq), isReaching]
    }
    const bring = async (...messages: MessageRow[]) => {
      answers.at(-1)?.resolve({ messages, events: [], hasOlder: true })
      await new Promise(setImmediate)
    }
    return { read, bring, answers, changed }
  }

  test('is fetched while what is here is shown, and shown when it has come', async () => {
    const { read, bring, answers, changed } = open()
    expect(await read()).toEqual([[9], true])
    await bring(said(8))
    expect(await read()).toEqual([[8, 9], true])
    expect(changed).toEqual([])
    await bring(found)
    expect(changed).toEqual([row.id])
    expect(await read()).toEqual([[1, 8, 9], false])
    expect(answers).toHaveLength(2)
  })

  test('that does not come is said not to, once, and is asked for again', async () => {
    const { read, answers, changed } = open()
    expect(await read()).toEqual([[9], true])
    answers.at(-1)?.reject(refusal('try_later'))
    await new Promise(setImmediate)
    expect(changed).toEqual([row.id])
    expect(await read()).toEqual([[9], false])
    expect(await read()).toEqual([[9], true])
    expect(answers).toHaveLength(2)
  })
})

test('a thread that is here is shown though what was found further back does not come', async () => {
  const { cache, apply } = openCache({ role: 'agent', teamIds: ['sales'] })
  const row = conversation()
  apply(put('conversation', row), put('message', message(row.id, { seq: 9, text: 'lo último' })))
  const ask = async () => {
    throw refusal('try_later')
  }
  const engine = { cache, isOnline: true, ask, changed: () => {} } as unknown as EngineCore
  const found = crypto.randomUUID()
  const asked = { conversationId: row.id, before: null, limit: 20, reach: found }
  expect((await openThread(engine, asked)).entries).toHaveLength(1)
})
