import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { type FeedItem, type PutItem } from '@parley/contracts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { REGISTRY } from '../features.ts'
import { personOf, readTeams, teamNameOf } from '../features/accounts/index.ts'
import { becameMine, conversationOf } from '../features/conversations/index.ts'
import { readConversation } from '../features/conversations/conversation-view.ts'
import { answerFailed, customerWrote } from '../features/messaging/kept-messages.ts'
import { search } from '../features/search/search.ts'
import { type Outbox } from '../outbox/outbox.ts'
import { cursor, openCacheFile, openOutbox, put } from '../testing/open-cache.ts'
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
import { Store, UnusableCache } from './store.ts'

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
    expect(() => Store.open(file, 'cd'.repeat(32), REGISTRY.features)).toThrow(UnusableCache)
    open()
    expect(search(cache, 'secretas', 5, 0)).toHaveLength(1)
  })

  test('of a newer workstation is refused, not overwritten', () => {
    cache.store.run('PRAGMA user_version = 99')
    cache.store.close()
    expect(() => openCacheFile(file)).toThrow(/newer workstation/)
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
    cache.applyBootstrapPage(items.slice(0, 1) as PutItem[], 1)
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
    cache.applyBootstrapPage(items, 1)
    cache.finishBootstrap(1, cursor(5))
  }

  test('removes what it does not bring, with all that hangs on it', () => {
    const [gone, still] = [conversation(), conversation()]
    const [old, kept] = [cannedResponse(), cannedResponse()]
    const words = message(still.id)
    apply(
      put('customer', customer(gone.customerId)),
      ...[gone, still].map((row) => put('conversation', row)),
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

describe('losing access', () => {
  test('removes the conversation and all that hangs on it, and keeps one’s own words', () => {
    const row = conversation({ assignedTo: ME, status: 'assigned' })
    apply(
      put('customer', customer(row.customerId)),
      put('conversation', row),
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
    expect(conversationOf(cache, ours.id)).toBeNull()
    expect(conversationOf(cache, mine.id)).not.toBeNull()
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
