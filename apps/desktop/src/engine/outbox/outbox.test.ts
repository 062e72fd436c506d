import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { type FeedItem } from '@parley/contracts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

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
import { conversation, message, someId } from '../testing/rows.ts'
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

  test('keeps what was refused, undoes its effect, and asks the person', () => {
    const row = conversation({ assignedTo: ME, status: 'assigned' })
    apply(put('conversation', row))
    const intentId = someId()
    outbox.add(intentId, row.id, { kind: 'close', reason: 'resolved' })
    expect(shownConversation(cache, row.id)?.status).toBe('closed')
    cache.store.run(
      `UPDATE outbox SET state = 'refused', refusal = '{"code":"conflict","details":{}}'`,
    )
    cache.intentsChanged(row.id)
    expect(shownConversation(cache, row.id)?.status).toBe('assigned')
    expect(countInbox(cache, Date.now()).toDecide).toBe(1)
    expect(listInbox(cache, { kind: 'mine' }, 10, QUEUE_ORDER).sections[0]).toMatchObject({
      key: 'to_decide',
      total: 1,
    })
    outbox.discard(intentId)
    expect(countInbox(cache, Date.now()).toDecide).toBe(0)
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
