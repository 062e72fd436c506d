import { type EventRow, type MessageRow } from '@parley/contracts'
import { describe, expect, test } from 'vitest'

import { type EngineCore } from '../../feature.ts'
import { openCache, put } from '../../testing/open-cache.ts'
import { conversation, message } from '../../testing/rows.ts'
import { openThread } from './history.ts'

/** An engine whose server has these messages of the conversation, and how often it was asked. */
function engineWith(history: { messages: MessageRow[]; events: EventRow[] }, isOnline = true) {
  const { cache, apply } = openCache({ role: 'agent', teamIds: ['sales'] })
  const asked: unknown[] = []
  const server = {
    conversations: {
      history: {
        query: async (input: unknown) => {
          asked.push(input)
          return { ...history, hasOlder: false }
        },
      },
    },
  }
  const engine = {
    cache,
    isOnline,
    ask: (request: (trpc: unknown) => Promise<unknown>) => request(server),
  } as unknown as EngineCore
  const open = async (conversationId: string): Promise<(string | null)[]> => {
    const page = await openThread(engine, { conversationId, before: null, limit: 20 })
    return page.entries.flatMap((entry) => (entry.type === 'message' ? [entry.message.text] : []))
  }
  return { apply, asked, open }
}

describe('opening a conversation', () => {
  test('that has messages, and none of them here, fetches them once', async () => {
    const row = conversation()
    const history = { messages: [message(row.id, { text: '¿siguen ahí?' })], events: [] }
    const { apply, asked, open } = engineWith(history)
    apply(put('conversation', row))
    expect(await open(row.id)).toEqual(['¿siguen ahí?'])
    expect(await open(row.id)).toEqual(['¿siguen ahí?'])
    expect(asked).toEqual([{ conversationId: row.id, beforeSeq: null }])
  })

  test('that has none, or some of them here, or without the server asks nobody', async () => {
    const silent = conversation({ lastMessageAt: null })
    const known = conversation()
    const { apply, asked, open } = engineWith({ messages: [], events: [] })
    apply(
      put('conversation', silent),
      put('conversation', known),
      put('message', message(known.id, { text: 'hola' })),
    )
    expect([await open(silent.id), await open(known.id)]).toEqual([[], ['hola']])
    expect(asked).toEqual([])
    const offline = engineWith({ messages: [], events: [] }, false)
    offline.apply(put('conversation', known))
    expect(await offline.open(known.id)).toEqual([])
    expect(offline.asked).toEqual([])
  })
})
