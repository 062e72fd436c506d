import { describe, expect, test } from 'vitest'

import { openCache, put } from '../../testing/open-cache.ts'
import { clock, conversation, customer, message } from '../../testing/rows.ts'
import { search } from './search.ts'

describe('search', () => {
  test('finds words without their accents, unfinished ones, names and numbers, and takes no operators', () => {
    const { cache, apply } = openCache({ role: 'agent', teamIds: ['sales'] })
    const row = conversation()
    apply(
      put('customer', customer(row.customerId)),
      put('conversation', row),
      put('message', message(row.id, { text: 'No me deja confirmar el código' })),
    )
    const found = (text: string): number => search(cache, text, 10, 0).length
    expect([
      found('codigo'),
      found('confir'),
      found('CÓDIGO confirmar'),
      found('hector'),
      found('0123456'),
    ]).toEqual([1, 1, 1, 1, 1])
    expect([found('nada'), found('"'), found('a OR b*)('), found('')]).toEqual([0, 0, 0, 0])
    expect(search(cache, 'codigo', 1, 0)[0]?.snippet).toContainEqual({
      text: 'código',
      match: true,
    })
  })
})
