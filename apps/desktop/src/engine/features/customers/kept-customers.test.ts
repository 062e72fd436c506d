import { expect, test } from 'vitest'

import { openCache, put } from '../../testing/open-cache.ts'
import { conversation, customer } from '../../testing/rows.ts'

test('a customer is held as long as one of their conversations is, whatever the feed brings late', () => {
  const { cache, apply } = openCache({ role: 'agent', teamIds: ['sales'] })
  const first = conversation()
  const second = conversation({ customerId: first.customerId })
  const held = () => cache.store.value<number>('SELECT COUNT(*) FROM customers')
  const whoever = (version: number) => put('customer', customer(first.customerId, { version }))

  apply(put('conversation', first), put('conversation', second), whoever(1))
  apply({ op: 'remove', kind: 'conversation', id: first.id }, whoever(2))
  expect(held()).toBe(1)
  apply({ op: 'remove', kind: 'conversation', id: second.id })
  expect(held()).toBe(0)
  apply(whoever(3))
  expect(held()).toBe(0)
})
