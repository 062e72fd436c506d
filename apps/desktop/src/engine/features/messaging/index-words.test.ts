import { type MessageRow } from '@parley/contracts'
import { expect, test } from 'vitest'

import { type Cache } from '../../store/cache.ts'
import { openCache, put } from '../../testing/open-cache.ts'
import { conversation, customer, message } from '../../testing/rows.ts'
import { search } from '../search/search.ts'

const MANY = 700
const ROW = conversation()

/** As after an absence: more than is indexed at once. */
function comeBack() {
  const { cache, apply } = openCache({ role: 'agent', teamIds: ['sales'] })
  const messages = Array.from({ length: MANY }, (_, index) =>
    message(ROW.id, {
      seq: index + 1,
      text: `pedido ${index}`,
      sentAt: new Date(Date.UTC(2026, 10, 1, 0, 0, index)).toISOString(),
    }),
  )
  apply(
    put('conversation', ROW),
    put('customer', customer(ROW.customerId)),
    // In no order of time, as loads bring them.
    ...messages.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map((row) => put('message', row)),
  )
  return { cache, apply, messages }
}

const found = (cache: Cache, text = 'pedido'): (string | null)[] =>
  search(cache, text, 1000, 0).map(({ messageId }) => messageId)

const newestFirst = (messages: readonly MessageRow[]): string[] =>
  messages.map(({ id }) => id).toReversed()

test('what comes by itself is found at once; of much that comes together the newest first, and all of it soon', () => {
  const { cache, apply, messages } = comeBack()
  expect(found(cache)).toEqual([])
  cache.tidy()
  const some = found(cache)
  expect(some).toEqual(newestFirst(messages).slice(0, some.length))
  expect(some.length).toBeGreaterThan(0)
  expect(some.length).toBeLessThan(MANY)
  while (cache.tidy());
  expect(found(cache)).toEqual(newestFirst(messages))
  const late = message(ROW.id, { seq: MANY + 1, text: 'pedido de ayer' })
  apply(put('message', late))
  expect(found(cache, 'ayer')).toEqual([late.id])
})

test('what is edited or goes while its words wait is found by what it says now, and once', () => {
  const { cache, apply, messages } = comeBack()
  const [edited, gone, silenced] = [messages[3], messages[4], messages[5]] as [
    MessageRow,
    MessageRow,
    MessageRow,
  ]
  apply(
    put('message', { ...edited, version: 2, text: 'cancelado' }),
    { op: 'remove', kind: 'message', id: gone.id },
    put('message', { ...silenced, version: 2, text: null }),
  )
  while (cache.tidy());
  expect(found(cache, 'cancelado')).toEqual([edited.id])
  const left = messages.filter((row) => ![edited, gone, silenced].includes(row))
  expect(found(cache)).toEqual(newestFirst(left))
  apply(put('message', { ...edited, version: 3, text: 'pedido otra vez' }))
  expect(found(cache, 'cancelado')).toEqual([])
  expect(found(cache, 'otra vez')).toEqual([edited.id])
})
