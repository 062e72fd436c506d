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

  test('is narrowed by operators, which without words list what they leave, the newest first', () => {
    const { cache, apply } = openCache({ role: 'agent', teamIds: ['sales'] })
    const nowMs = Date.parse('2026-11-20T10:09:00.000Z')
    const [early, late, calm] = [
      conversation({ clocks: [clock()], lastMessageAt: '2026-11-20T10:01:00.000Z' }),
      conversation({ clocks: [clock()], lastMessageAt: '2026-11-20T10:02:00.000Z' }),
      conversation(),
    ]
    for (const row of [early, late, calm]) {
      apply(
        put('customer', customer(row.customerId)),
        put('conversation', row),
        put('message', message(row.id, { text: 'mi código' })),
      )
    }
    const found = (text: string) =>
      search(cache, text, 10, nowMs).map(({ conversationId, messageId }) => [
        conversationId,
        messageId === null ? 'customer' : 'message',
      ])
    expect(found('due:warning')).toEqual([
      [late.id, 'customer'],
      [early.id, 'customer'],
    ])
    expect(search(cache, 'due:warning', 1, nowMs)).toMatchObject([
      { conversationId: late.id, title: 'Héctor Quintanilla', snippet: [], at: late.lastMessageAt },
    ])
    expect(found('due:overdue')).toEqual([])
    expect(found('codigo due:warning')).toHaveLength(2)
    expect(found('hector due:warning')).toHaveLength(2)
    expect(found('codigo')).toHaveLength(3)
    // Nobody knows these: they are words like any other.
    expect(found('due:codigo')).toEqual([])
    apply(put('message', message(calm.id, { text: 'código due' })))
    expect(found('due:codigo')).toEqual([[calm.id, 'message']])
  })
})
