import type { InboxRow, InboxSection } from '@parley/contracts'
import { describe, expect, it } from 'vitest'

import { asShown, keepPlaces } from './frozen-order.ts'

const row = (id: string, title = id): InboxRow => ({ id, title }) as InboxRow
const section = (key: InboxSection['key'], ...ids: (string | InboxRow)[]): InboxSection => {
  const rows = ids.map((one) => (typeof one === 'string' ? row(one) : one))
  return { key, teamId: null, isPartial: false, rows, total: rows.length }
}
const queue = (teamId: string, ...ids: string[]): InboxSection => ({
  ...section('queue', ...ids),
  teamId,
})
const placesOf = (list: ReturnType<typeof keepPlaces>) =>
  list.sections.map((one) => one.rows.map((placed) => placed.row.id))

describe('while the hand is in the list', () => {
  const held = [section('awaiting_me', 'a', 'b', 'c'), section('queue', 'q')]

  it('nothing has changed at first', () => {
    expect(asShown(held).changes).toBe(0)
    expect(keepPlaces(held, held)).toEqual(asShown(held))
  })

  it('keeps the order and counts the least moves', () => {
    const list = keepPlaces(held, [section('awaiting_me', 'c', 'a', 'b'), section('queue', 'q')])
    expect(placesOf(list)).toEqual([['a', 'b', 'c'], ['q']])
    expect(list.changes).toBe(1)
  })

  it('shows new contents in the old places', () => {
    const list = keepPlaces(held, [
      section('awaiting_me', 'a', row('b', 'renamed'), 'c'),
      section('queue', 'q'),
    ])
    expect(list.sections[0]?.rows[1]?.row.title).toBe('renamed')
    expect(list.changes).toBe(0)
  })

  it('keeps a row that has gone to another section, with what it is now', () => {
    const list = keepPlaces(held, [
      section('awaiting_me', 'a', 'b', 'c', row('q', 'claimed')),
      section('queue'),
    ])
    expect(placesOf(list)).toEqual([['a', 'b', 'c'], ['q']])
    expect(list.sections[1]?.rows[0]).toEqual({ row: row('q', 'claimed'), isGone: false })
    expect(list.changes).toBe(1)
  })

  it('marks what is in no section any more, and does not let in what is new', () => {
    const list = keepPlaces(held, [section('awaiting_me', 'new', 'a', 'c'), section('queue', 'q')])
    expect(placesOf(list)).toEqual([['a', 'b', 'c'], ['q']])
    expect(list.sections[0]?.rows[1]?.isGone).toBe(true)
    expect(list.changes).toBe(2)
  })

  it('lets in what was read further down, after all that is held', () => {
    const first = { ...section('closed', 'a', 'b'), total: 5 }
    const list = keepPlaces(
      [first],
      [{ ...section('closed', 'new', 'a', 'b', 'c', 'd'), total: 6 }],
    )
    expect(placesOf(list)).toEqual([['a', 'b', 'c', 'd']])
    expect(list.changes).toBe(1)
  })

  it('tells the queues of two teams apart', () => {
    const list = keepPlaces(
      [queue('one', 'a'), queue('two', 'b')],
      [queue('one', 'b'), queue('two', 'a')],
    )
    expect(placesOf(list)).toEqual([['a'], ['b']])
    expect(list.changes).toBe(2)
  })
})
