import { type ConversationRow, type MessageRow } from '@parley/contracts'
import { beforeEach, describe, expect, test } from 'vitest'

import { newApplied } from '../../store/applied.ts'
import { cursor, listed, openCache, openOutbox, put } from '../../testing/open-cache.ts'
import { conversation, customer, message } from '../../testing/rows.ts'
import { saveDraft } from '../messaging/index.ts'
import { conversationOf } from './kept-conversations.ts'
import { noteOpened } from './note-opened.ts'
import { threadOf } from './of-conversation.ts'
import { BUDGET, tidyConversations, type Budget } from './tidy.ts'

const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 10, minute)).toISOString()
let world: ReturnType<typeof openCache>

beforeEach(() => {
  world = openCache({ role: 'agent', teamIds: ['sales', 'support'] })
})

/** Until there is nothing left to do, by a budget that is small. */
function tidy(budget: Partial<Budget> = {}): Set<string> {
  const applied = newApplied()
  const { cache } = world
  let slices = 0
  while (cache.store.write(() => tidyConversations(cache, applied, { ...BUDGET, ...budget }))) {
    slices += 1
    expect(slices).toBeLessThan(100)
  }
  return applied.conversationIds
}

function add(given: Partial<ConversationRow> = {}): ConversationRow {
  const row = conversation(given)
  world.apply(
    put('conversation', row),
    put('customer', customer(row.customerId)),
    put('message', message(row.id)),
  )
  return row
}

const isWhole = ({ id }: ConversationRow) => threadOf(world.cache, id)?.isWhole
const isHere = ({ id }: ConversationRow) => conversationOf(world.cache, id) !== null

describe('more threads than are to be held', () => {
  test('go by when they were used last: what was opened stays, and is listed still', () => {
    const rows = [1, 2, 3, 4].map((minute) => add({ lastMessageAt: at(minute) }))
    noteOpened(world.cache, rows[0]?.id ?? '')
    tidy({ messages: 2 })
    expect(rows.map(isHere)).toEqual([true, true, true, true])
    expect(rows.map(isWhole)).toEqual([true, false, false, true])
    expect(world.cache.store.all('SELECT 1 FROM messages')).toHaveLength(2)
  })

  test('never take my own open work, drafts, or what waits to be sent', () => {
    const { cache } = world
    const mine = add({ assignedTo: 'me', status: 'assigned' })
    const [drafted, waiting, other] = [add(), add(), add()]
    saveDraft(cache, drafted.id, 'lo reviso')
    openOutbox(cache).add(crypto.randomUUID(), waiting.id, {
      kind: 'set_priority',
      priority: 'high',
    })
    tidy({ messages: 0, openConversations: 0 })
    expect([mine, drafted, waiting].map(isWhole)).toEqual([true, true, true])
    expect(isHere(other)).toBe(false)
    expect(cache.coverage.open).toBe(false)
  })
})

test('a thread that goes leaves behind what became of its last message', () => {
  const row = add({ lastMessage: null })
  const [said] = world.cache.store.rows<MessageRow>(
    'SELECT row FROM messages WHERE conversation_id = ? ORDER BY seq DESC LIMIT 1',
    row.id,
  ) as [MessageRow]
  world.apply(put('message', { ...said, version: said.version + 1, status: 'read' }))
  tidy({ messages: 0 })
  expect(isWhole(row)).toBe(false)
  expect(conversationOf(world.cache, row.id)?.lastMessage).toMatchObject({
    id: said.id,
    status: 'read',
  })
})

test('closed conversations beyond the budget go, oldest first, and the cache says since when it has them', () => {
  const { cache } = world
  cache.setCoverage({ open: true, closedSince: null })
  const rows = [1, 2, 3, 4].map((minute) => add({ status: 'closed', closedAt: at(minute) }))
  const gone = tidy({ closedConversations: 2 })
  expect(rows.map(isHere)).toEqual([false, false, true, true])
  expect([...gone].toSorted()).toEqual(
    rows
      .slice(0, 2)
      .map(({ id }) => id)
      .toSorted(),
  )
  expect(cache.coverage).toEqual({ open: true, closedSince: at(2) })
  // Their customers and what hung on them went along.
  expect(cache.store.all('SELECT 1 FROM customers')).toHaveLength(2)
  expect(cache.store.all('SELECT 1 FROM messages')).toHaveLength(2)
})

test('closed conversations that were just scrolled to stay for a while', () => {
  const row = add({ status: 'closed', closedAt: at(1) })
  world.cache.lookedBeyondAtMs = performance.now()
  tidy({ closedConversations: 0 })
  expect(isHere(row)).toBe(true)
})

test('open conversations that the server has just found stay for a while, too: they are older than all that is here', () => {
  const { cache } = world
  const rows = [5, 6, 7].map((minute) => add({ lastMessageAt: at(minute) }))
  cache.setCoverage({ open: false, closedSince: null })
  // As it comes with the answer to a search, or with a page of a list.
  const found = conversation({ lastMessageAt: at(1) })
  cache.applyItems([listed(found), put('customer', customer(found.customerId))])
  cache.lookedBeyondAtMs = performance.now()
  tidy({ openConversations: rows.length })
  expect(isHere(found)).toBe(true)
})

test.each([
  ['closed', { status: 'closed', closedAt: at(1) }, { closedConversations: 3 }],
  ['open', { lastMessageAt: at(1) }, { openConversations: 3 }],
] as const)(
  'of more %s conversations than are to be held the one that is being read is not taken away',
  (_which, given, budget) => {
    const read = add(given)
    noteOpened(world.cache, read.id)
    for (const minute of [5, 6, 7]) {
      const time = 'status' in given ? { closedAt: at(minute) } : { lastMessageAt: at(minute) }
      add({ ...given, ...time })
    }
    tidy(budget)
    expect(isHere(read)).toBe(true)
  },
)

test('what I may not see any more is found by nothing at once, and gone soon', () => {
  const { cache, apply } = world
  const [lost, kept] = [add({ teamId: 'support' }), add({ teamId: 'sales' })]
  const own = add({ teamId: 'support', assignedTo: 'me', status: 'assigned' })
  apply({ op: 'access', role: 'agent', teamIds: ['sales'] })
  expect([lost, kept, own].map(isHere)).toEqual([false, true, true])
  expect(cache.store.all('SELECT 1 FROM conversations WHERE id = ?', lost.id)).toEqual([])
  tidy()
  expect(cache.store.all('SELECT 1 FROM messages WHERE conversation_id = ?', lost.id)).toEqual([])
  // Seen again it has nothing of what it had then.
  apply({ op: 'access', role: 'agent', teamIds: ['sales', 'support'] })
  apply(listed({ ...lost, version: 2 }))
  expect(cache.store.all('SELECT 1 FROM messages WHERE conversation_id = ?', lost.id)).toEqual([])
})

test('a load that is complete ends slice by slice what it did not bring', () => {
  const { cache } = world
  const rows = Array.from({ length: 50 }, () => add())
  cache.beginLoad(cursor(2))
  cache.applyLoaded(rows.slice(0, 5).map(listed))
  cache.finishLoad(null)
  expect(tidyConversations(cache, newApplied())).toBe(true)
  expect(rows.filter(isHere).length).toBeGreaterThan(5)
  tidy()
  expect(rows.map(isHere).indexOf(false)).toBe(5)
  expect(rows.filter(isHere)).toHaveLength(5)
  expect(cache.store.all('SELECT 1 FROM messages')).toEqual([])
})
