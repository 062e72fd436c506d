import { describe, expect, test } from 'vitest'

import { openCache, put } from '../../testing/open-cache.ts'
import { clock, conversation, customer, message } from '../../testing/rows.ts'
import { search } from './search.ts'

describe('search', () => {
  test('finds words without their accents, unfinished ones, names and numbers, and takes no operators', () => {
    const { cache, apply } = openCache({ role: 'agent', teamIds: ['sales'] })
    const row = conversation()
    apply(
      put('conversation', row),
      put('customer', customer(row.customerId)),
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

  test.each([
    ['北京', '我在北京大学读书', '北京'],
    ['👍', 'ok 👍🏽 gracias', '👍🏽'],
    ['हिन्दी', 'मुझे हिन्दी आती है', 'हिन्दी'],
    ['5512345678', 'mi cel es 55 1234-5678, gracias', '55 1234-5678'],
    ['MX202600417', 'folio MX-2026-00417', 'MX-2026-00417'],
    ['c++', 'casa en C++', 'C++'],
    ['confir', 'No me deja confirmar', 'confirmar'],
  ])('finds %s in «%s»', (typed, text, marked) => {
    const { cache, apply } = openCache({ role: 'agent', teamIds: ['sales'] })
    const [row, other] = [conversation(), conversation()]
    for (const { id, customerId } of [row, other])
      apply(put('conversation', id === row.id ? row : other), put('customer', customer(customerId)))
    const one = message(row.id, { text })
    apply(put('message', one), put('message', message(other.id, { text: 'casa, coche y perro' })))
    const hits = search(cache, typed, 10, 0)
    expect(hits.map(({ messageId }) => messageId)).toEqual([one.id])
    expect(hits[0]?.snippet.filter(({ match }) => match)).toEqual([{ text: marked, match: true }])
    expect(hits[0]?.snippet.map((piece) => piece.text).join('')).toBe(text)
    // What was edited, given up or is gone is not found by what it was.
    apply(put('message', { ...one, version: 2, text: 'otra cosa' }))
    expect(search(cache, typed, 10, 0)).toEqual([])
    const discardedAt = '2026-11-20T10:00:00.000Z'
    apply(put('message', { ...one, version: 3, text: 'otra cosa', discardedAt }))
    expect(search(cache, 'otra', 10, 0)).toEqual([])
    apply(put('message', { ...one, version: 4, text: 'otra cosa' }))
    expect(search(cache, 'otra', 10, 0)).toHaveLength(1)
    apply({ op: 'remove', kind: 'message', id: one.id })
    expect(search(cache, 'otra', 10, 0)).toEqual([])
  })

  test('shows a long message by the words around', () => {
    const { cache, apply } = openCache({ role: 'agent', teamIds: ['sales'] })
    const row = conversation()
    const text = `${'antes '.repeat(30)}código ${'después '.repeat(30)}`
    apply(put('conversation', row), put('customer', customer(row.customerId)))
    apply(put('message', message(row.id, { text })))
    const [hit] = search(cache, 'codigo', 10, 0)
    expect(hit?.snippet.map((piece) => piece.text).join('')).toBe(
      `…${'antes '.repeat(5)}código${' después'.repeat(11)}…`,
    )
  })

  test('finds customers by numbers however they are written, and by names of any script', () => {
    const { cache, apply } = openCache({ role: 'agent', teamIds: ['sales'] })
    for (const name of ['Héctor', '李小龙', 'मोहन', 'Ana 🌵']) {
      const row = conversation()
      apply(put('conversation', row), put('customer', customer(row.customerId, { name })))
    }
    const found = (text: string) => search(cache, text, 10, 0).map(({ title }) => title)
    expect(found('小龙')).toEqual(['李小龙'])
    expect(found('मोहन')).toEqual(['मोहन'])
    expect(found('🌵')).toEqual(['Ana 🌵'])
    for (const typed of [
      '+52 1 55 5012 3456',
      '55 5012-3456',
      '5550123456',
      '525550123456',
      '+52 55 5012 3456',
    ]) {
      expect([typed, found(typed).length]).toEqual([typed, 4])
    }
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
        put('conversation', row),
        put('customer', customer(row.customerId)),
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
