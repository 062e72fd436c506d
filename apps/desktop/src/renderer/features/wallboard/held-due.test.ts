import type { WallboardDue } from '@parley/contracts'
import { describe, expect, it } from 'vitest'

import { holdPlaces } from './held-due.ts'

const due = (conversationId: string, title = '') => ({ conversationId, title }) as WallboardDue

describe('while a hand is in the list', () => {
  it('every row keeps its place, with what is so now', () => {
    const { rows, changes } = holdPlaces([due('a'), due('b')], [due('b', 'new words'), due('a')])
    expect(rows.map((row) => [row.due.conversationId, row.due.title])).toEqual([
      ['a', ''],
      ['b', 'new words'],
    ])
    expect(changes).toBe(0)
  })

  it('what has gone stays as gone, and what came is counted only', () => {
    const { rows, changes } = holdPlaces([due('a'), due('b')], [due('c'), due('b')])
    expect(rows.map((row) => [row.due.conversationId, row.isGone])).toEqual([
      ['a', true],
      ['b', false],
    ])
    expect(changes).toBe(2)
  })
})
