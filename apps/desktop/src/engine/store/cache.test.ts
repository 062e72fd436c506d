import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { type FeedItem, type PutItem } from '@parley/contracts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { REGISTRY } from '../features.ts'
import { personOf, readTeams, teamNameOf } from '../features/accounts/index.ts'
import { becameMine, conversationOf, threadOf } from '../features/conversations/index.ts'
import { readConversation } from '../features/conversations/conversation-view.ts'
import { answerFailed, customerWrote } from '../features/messaging/kept-messages.ts'
import { markRead, readSeq } from '../features/reads/index.ts'
import { search } from '../features/search/search.ts'
import { type Outbox } from '../outbox/outbox.ts'
import { findIntent } from '../outbox/outbox-table.ts'
import { cursor, loadAfresh, openCacheFile, openOutbox, put } from '../testing/open-cache.ts'
import {
  cannedResponse,
  conversation,
  customer,
  event,
  message,
  person,
  someId,
  team,
} from '../testing/rows.ts'
import { type Cache } from './cache.ts'
import { CacheTrouble } from './cache-trouble.ts'
import { Store } from './store.ts'

const ME = 'me'

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

describe('the file', () => {
  test('holds nothing that can be read without the key', () => {
    const row = conversation({ assignedTo: ME, status: 'assigned' })
    apply(
      put('conversation', row),
      put('message', message(row.id, { text: 'palabras muy secretas' })),
    )
    cache.store.close()
    const bytes = readFileSync(file)
    expect(bytes.includes('SQLite format 3')).toBe(false)
    expect(bytes.includes('palabras')).toBe(false)
    expect(() => Store.open(file, 'cd'.repeat(32), REGISTRY.features)).toThrow(CacheTrouble)
    open()
    expect(search(cache, 'secretas', 5, 0)).toHaveLength(1)
  })

  test('of a newer workstation is refused, not overwritten', () => {
    cache.store.run('PRAGMA user_version = 99')
    cache.store.close()
    expect(() => openCacheFile(file)).toThrow(expect.objectContaining({ reason: 'newer' }))
    rmSync(file)
    open()
  })
})

describe('a batch', () => {
  test('and its cursor are there together after a restart', () => {
    const row = conversation()
    cache.applyBatch([put('conversation', row)], cursor(7))
    cache.store.close()
    open()
    expect(cache.cursor).toBe(cursor(7))
    expect(conversationOf(cache, row.id)).toEqual(row)
  })

  test('applied twice, or late, changes nothing: only higher versions count', () => {
    const row = conversation({ version: 5, priority: 'high' })
    apply(put('conversation', row))
    apply(put('conversation', { ...row, version: 4, priority: 'low' }))
    apply(put('conversation', { ...row, version: 5, priority: 'low' }))
    expect(conversationOf(cache, row.id)?.priority).toBe('high')
    apply(put('conversation', { ...row, version: 6, priority: 'urgent' }))
    expect(conversationOf(cache, row.id)?.priority).toBe('urgent')
  })

  test('that fails in the middle leaves nothing of itself', () => {
    const row = conversation()
    const broken = {
      op: 'put',
      kind: 'message',
      row: { ...message(row.id), sentAt: null },
    } as unknown as FeedItem
    expect(() => cache.applyBatch([put('conversation', row), broken], cursor(9))).toThrow()
    expect(conversationOf(cache, row.id)).toBeNull()
    expect(cache.cursor).toBeNull()
  })

  test('that fails at its very end is as if it had not come: who asks is told of the one before', () => {
    cache.applyBatch([], cursor(1))
    expect(() =>
      cache.store.write(() => {
        cache.applyBatch([], cursor(2))
        cache.setAccess({ role: 'supervisor', teamIds: [] })
        throw new Error('full')
      }),
    ).toThrow('full')
    expect([cache.cursor, cache.actor.role]).toEqual([cursor(1), 'agent'])
  })
})

describe('a batch by which access is gained', () => {
  test('leaves no place to go on from, whatever happens next: what was gained is loaded', () => {
    cache.setAccess({ role: 'agent', teamIds: ['sales'] })
    cache.applyBatch([{ op: 'access', role: 'agent', teamIds: ['sales'] }], cursor(1))
    expect(cache.cursor).toBe(cursor(1))
    cache.applyBatch([{ op: 'access', role: 'supervisor', teamIds: ['sales'] }], cursor(2))
    expect(cache.cursor).toBeNull()
  })
})

describe('a kind of row', () => {
  test('that nobody here knows is passed over, with what else its batch brings applied', () => {
    const row = conversation()
    const unknown = { id: someId(), version: 1, name: 'vip' }
    const items = [
      { op: 'put', kind: 'label', row: unknown },
      { op: 'remove', kind: 'label', id: row.id },
      put('conversation', row),
    ] as FeedItem[]
    const applied = cache.applyBatch(items, cursor(3))
    expect([...applied.conversationIds]).toEqual([row.id])
    expect([...applied.topics]).toEqual([])
    expect(conversationOf(cache, row.id)).toEqual(row)
    expect(cache.cursor).toBe(cursor(3))
    loadAfresh(cache, cursor(4), ...(items.slice(0, 1) as PutItem[]))
  })

  test('can be removed one by one, and says what it touched', () => {
    const row = conversation()
    const [said, noted] = [message(row.id), event(row.id)]
    const answer = cannedResponse()
    apply(
      put('conversation', row),
      put('message', said),
      put('event', noted),
      put('canned_response', answer),
    )
    const removed = apply(
      { op: 'remove', kind: 'message', id: said.id },
      { op: 'remove', kind: 'event', id: noted.id },
      { op: 'remove', kind: 'canned_response', id: answer.id },
      { op: 'remove', kind: 'alert', id: someId() },
    )
    expect([[...removed.conversationIds], [...removed.topics]]).toEqual([
      [row.id],
      ['canned_response'],
    ])
    for (const table of ['messages', 'events', 'canned_responses']) {
      expect(cache.store.all(`SELECT id FROM ${table}`)).toEqual([])
    }
  })
})

describe('a fresh load', () => {
  const load = (...items: PutItem[]) => {
    loadAfresh(cache, cursor(5), ...items)
  }

  test('removes what it does not bring, with all that hangs on it', () => {
    const [gone, still] = [conversation(), conversation()]
    const [old, kept] = [cannedResponse(), cannedResponse()]
    const words = message(still.id)
    apply(
      ...[gone, still].map((row) => put('conversation', row)),
      put('customer', customer(gone.customerId)),
      put('message', message(gone.id)),
      put('message', words),
      put('canned_response', old),
      put('canned_response', kept),
    )
    load(
      put('conversation', still),
      put('message', message(still.id, { id: words.id })),
      put('canned_response', kept),
    )
    const ids = (sql: string) => cache.store.all<{ id: string }>(sql).map(({ id }) => id)
    expect(ids('SELECT id FROM conversations')).toEqual([still.id])
    expect(ids('SELECT conversation_id AS id FROM messages')).toEqual([still.id])
    expect(ids('SELECT id FROM customers')).toEqual([])
    expect(ids('SELECT id FROM canned_responses')).toEqual([kept.id])
  })

  test('leaves people and teams that it does not bring their names, and gives them no work', () => {
    const [ana, leo] = [person({ id: 'ana' }), person({ id: 'leo', fullName: 'Leo' })]
    apply(
      put('person', ana),
      put('person', leo),
      put('team', team('sales')),
      put('team', team('old')),
    )
    load(put('person', ana), put('team', team('sales')))
    expect([personOf(cache, 'ana'), personOf(cache, 'leo')]).toEqual([
      ana,
      { ...leo, isActive: false },
    ])
    expect(readTeams(cache).map(({ id }) => id)).toEqual(['sales'])
    expect(teamNameOf(cache, 'old')).toBe('Ventas')
    // Should they come back, that is newer.
    apply(put('person', { ...leo, version: 2 }))
    expect(personOf(cache, 'leo')?.isActive).toBe(true)
  })
})

describe('a fresh load and what hangs on a conversation', () => {
  const OTHER_EPOCH = '22222222-2222-4222-8222-222222222222:1:1'
  const load = (until: string, ...items: PutItem[]) => {
    loadAfresh(cache, until, ...items)
  }
  const row = conversation({ assignedTo: ME, status: 'assigned' })
  const words = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, index) =>
      message(row.id, { id: `message-${from + index}`, seq: from + index }),
    ).map((said) => put('message', said))
  const seqs = () =>
    cache.store.all<{ seq: number }>('SELECT seq FROM messages ORDER BY seq').map(({ seq }) => seq)
  const isComplete = () => threadOf(cache, row.id)?.isComplete
  const older = (...items: PutItem[]) =>
    cache.answering(async (asked) => {
      cache.applyHistory(row.id, items, asked)
      cache.store.run('UPDATE conversation_rows SET history_complete = 1')
    })

  test('after a restore keeps no message and no event that the server has not, however old', async () => {
    load(cursor(1), put('conversation', row), ...words(5, 8), put('event', event(row.id)))
    await older(...words(1, 4))
    cache.forgetCursor()
    load(OTHER_EPOCH, put('conversation', row), ...words(5, 6))
    expect(seqs()).toEqual([5, 6])
    expect(cache.store.all('SELECT id FROM events')).toEqual([])
    // What is older can be fetched again.
    expect(isComplete()).toBe(false)
  })

  test('keeps older history that somebody opened, and ends what is missing among the newest', async () => {
    load(cursor(1), put('conversation', row), ...words(5, 8))
    await older(...words(1, 4))
    cache.forgetCursor()
    load(cursor(2), put('conversation', row), ...words(7, 7), ...words(9, 12))
    expect(seqs()).toEqual([1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12])
    expect(isComplete()).toBe(true)
  })

  test('leaves no gap: what it does not reach back to is fetched again', async () => {
    load(cursor(1), put('conversation', row), ...words(5, 8))
    await older(...words(1, 4))
    cache.forgetCursor()
    load(cursor(2), put('conversation', row), ...words(50, 60))
    expect(seqs()[0]).toBe(50)
    expect(isComplete()).toBe(false)
  })

  test('does not keep what only a load brought that was broken off', () => {
    load(cursor(1), put('conversation', row), ...words(1, 2))
    cache.forgetCursor()
    const stray = conversation()
    cache.beginLoad(cursor(2))
    cache.applyLoaded([put('conversation', stray), ...words(3, 3)])
    load(cursor(2), put('conversation', row), ...words(1, 2))
    expect(conversationOf(cache, stray.id)).toBeNull()
    expect(seqs()).toEqual([1, 2])
  })

  test('keeps what was answered while it ran, and what was fetched', async () => {
    load(cursor(1), put('conversation', row), ...words(5, 8))
    cache.forgetCursor()
    cache.beginLoad(cursor(2))
    cache.applyLoaded([put('conversation', row), ...words(7, 8)])
    await cache.answering(async (asked) => void cache.applyAnswer(words(9, 9), asked))
    await older(...words(1, 4))
    cache.finishLoad(null)
    while (cache.tidy());
    expect(seqs()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  test('never touches drafts, and what waits to be sent', () => {
    load(cursor(1), put('conversation', row))
    cache.store.run(`INSERT INTO drafts VALUES (?, 'mi borrador', '')`, row.id)
    outbox.add(someId(), row.id, { kind: 'close', reason: 'resolved' })
    cache.forgetCursor()
    load(OTHER_EPOCH)
    expect(outbox.list()).toHaveLength(1)
    expect(cache.store.all('SELECT text FROM drafts')).toEqual([{ text: 'mi borrador' }])
  })

  test('after a restore nobody counts as having read what took a lost message’s number', () => {
    load(cursor(1), put('conversation', row), ...words(1, 8))
    markRead(cache, row.id)
    const intentId = someId()
    outbox.add(intentId, row.id, {
      kind: 'reply',
      text: 'voy',
      lastSeenSeq: 8,
      despiteNewerReply: false,
    })
    cache.forgetCursor()
    const another = message(row.id, { id: 'another', seq: 7 })
    load(OTHER_EPOCH, put('conversation', row), ...words(1, 6), put('message', another))
    expect(readSeq(cache, row.id)).toBe(6)
    expect(findIntent(cache.store, intentId)?.payload).toMatchObject({ lastSeenSeq: 6 })
  })
})

describe('an answer that comes after the feed has moved on', () => {
  const row = conversation({ assignedTo: ME, status: 'assigned' })
  /** An answer to something asked before `meanwhile`, written before it, too. */
  const answer = (items: readonly FeedItem[], meanwhile: () => void) =>
    cache.answering(async (asked) => {
      meanwhile()
      return cache.applyAnswer(items, asked)
    })

  test('does not bring back what was taken from this person, in whichever way', async () => {
    const mine = { ...row, version: 2 }
    const late = [put('conversation', mine), put('message', message(row.id))]
    const ways: (() => void)[] = [
      () => void apply({ op: 'remove', kind: 'conversation', id: row.id }),
      () => void apply(put('conversation', { ...row, version: 3, teamId: 'b', assignedTo: 'leo' })),
      () => loadAfresh(cache, cursor(9)),
    ]
    for (const way of ways) {
      apply(put('conversation', row))
      await answer(late, way)
      expect(conversationOf(cache, row.id)).toBeNull()
      expect(cache.store.all('SELECT id FROM messages')).toEqual([])
    }
  })

  test('nor a row that is gone; the feed may, and so may an answer to what was asked later', async () => {
    const gone = cannedResponse()
    const here = () => cache.store.all('SELECT id FROM canned_responses').length
    apply(put('canned_response', gone))
    const newer = put('canned_response', { ...gone, version: 2 })
    await answer([newer], () => void apply({ op: 'remove', kind: 'canned_response', id: gone.id }))
    expect(here()).toBe(0)
    await answer([newer], () => loadAfresh(cache, cursor(9)))
    expect(here()).toBe(0)
    await answer([newer], () => {})
    expect(here()).toBe(1)
    apply({ op: 'remove', kind: 'canned_response', id: gone.id })
    apply(newer)
    expect(here()).toBe(1)
  })
})

describe('losing access', () => {
  test('removes the conversation and all that hangs on it, and keeps one’s own words', () => {
    const row = conversation({ assignedTo: ME, status: 'assigned' })
    apply(
      put('conversation', row),
      put('customer', customer(row.customerId)),
      put('message', message(row.id, { text: 'adiós' })),
    )
    cache.store.run(`INSERT INTO drafts VALUES (?, 'mi borrador', '')`, row.id)
    outbox.add(someId(), row.id, {
      kind: 'reply',
      text: 'no enviada',
      lastSeenSeq: null,
      despiteNewerReply: false,
    })
    apply({ op: 'remove', kind: 'conversation', id: row.id })
    expect(readConversation(cache, outbox, row.id)).toBeNull()
    expect(search(cache, 'adiós', 5, 0)).toEqual([])
    expect(search(cache, 'Héctor', 5, 0)).toEqual([])
    expect(outbox.list().map(({ text }) => text)).toEqual(['no enviada'])
    expect(cache.store.all('SELECT text FROM drafts')).toEqual([{ text: 'mi borrador' }])
  })

  test('by a version that is not mine any more is noticed at once', () => {
    const row = conversation({ assignedTo: ME, status: 'assigned' })
    apply(put('conversation', row))
    apply(put('conversation', { ...row, version: 2, teamId: 'support', assignedTo: 'somebody' }))
    expect(conversationOf(cache, row.id)).toBeNull()
  })

  test('by a change of teams removes what was only the team’s', () => {
    const mine = conversation({ assignedTo: ME, status: 'assigned' })
    const ours = conversation()
    apply(put('conversation', mine), put('conversation', ours))
    const applied = apply({ op: 'access', role: 'agent', teamIds: ['support'] })
    expect(applied.gainedAccess).toBe(true)
    // Until what has come into reach is loaded nothing says that all is here.
    expect(cache.coverage.open).toBe(false)
    expect(conversationOf(cache, ours.id)).toBeNull()
    expect(conversationOf(cache, mine.id)).not.toBeNull()
  })

  test('by signing in again with other teams removes what was only the team’s, and loads what was gained', () => {
    const [mine, ours] = [conversation({ assignedTo: ME, status: 'assigned' }), conversation()]
    apply(put('conversation', mine), put('conversation', ours))
    cache.signedInWith({ role: 'agent', teamIds: [] })
    expect(conversationOf(cache, ours.id)).toBeNull()
    expect(conversationOf(cache, mine.id)).not.toBeNull()
    expect(cache.cursor).not.toBeNull()
    cache.signedInWith({ role: 'agent', teamIds: [] })
    expect(cache.cursor).not.toBeNull()
    cache.signedInWith({ role: 'agent', teamIds: ['support'] })
    expect(cache.cursor).toBeNull()
  })

  test('by signing in again with more, while a load is broken off, begins the load anew: its pages were of before', () => {
    cache.beginLoad(cursor(5))
    // Its first page, of who was in no other team: the newest of `support` would have stood in it. The feed says the same
    // access after the load, which is no news then.
    cache.applyLoaded([put('conversation', conversation())], 'the page behind it')
    cache.signedInWith({ role: 'agent', teamIds: ['sales', 'support'] })
    expect([cache.load, cache.cursor]).toEqual([null, null])
  })
})

describe('news', () => {
  test('is what became mine by somebody else, and what customers of mine wrote', () => {
    const mine = conversation({ assignedTo: ME, status: 'assigned' })
    expect(apply(put('conversation', mine)).news.of(becameMine)).toEqual([mine.id])
    expect(apply(put('message', message(mine.id))).news.of(customerWrote)).toEqual([mine.id])
    const reaction = message(mine.id, { contentType: 'reaction' })
    expect(apply(put('message', reaction)).news.of(customerWrote)).toEqual([])
    const queued = conversation()
    apply(put('conversation', queued))
    expect(apply(put('message', message(queued.id))).news.of(customerWrote)).toEqual([])
    const answer = message(mine.id, { direction: 'outbound', senderType: 'agent', status: 'sent' })
    const failed = { ...answer, version: 2, status: 'failed' as const }
    expect(apply(put('message', answer)).news.of(answerFailed)).toEqual([])
    expect(apply(put('message', failed)).news.of(answerFailed)).toEqual([mine.id])
    const givenUp = { ...failed, version: 3, discardedAt: failed.sentAt }
    expect(apply(put('message', givenUp)).news.of(answerFailed)).toEqual([])
    outbox.add(someId(), queued.id, { kind: 'claim' })
    const claimed = { ...queued, version: 2, status: 'assigned' as const, assignedTo: ME }
    expect(apply(put('conversation', claimed)).news.of(becameMine)).toEqual([])
  })
})
