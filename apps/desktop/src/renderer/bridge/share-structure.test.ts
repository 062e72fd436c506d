import { describe, expect, it } from 'vitest'

import { shareStructure } from './share-structure.ts'

describe('sharing structure', () => {
  it('returns the previous value where nothing changed', () => {
    const before = { rows: [{ id: 'a', n: 1 }], at: null }
    expect(shareStructure(before, structuredClone(before))).toBe(before)
  })

  it('keeps unchanged rows wherever they moved to', () => {
    const before = [
      { id: 'a', n: 1 },
      { id: 'b', n: 2 },
    ]
    const after = shareStructure(before, [
      { id: 'b', n: 2 },
      { id: 'a', n: 9 },
    ])
    expect(after[0]).toBe(before[1])
    expect(after[1]).toEqual({ id: 'a', n: 9 })
  })

  it('sees what came and went', () => {
    expect(shareStructure({ a: 1, b: 2 }, { a: 1 } as object)).toEqual({ a: 1 })
    expect(shareStructure([{ id: 'a' }], [] as object[])).toEqual([])
    expect(shareStructure({ a: 1 } as object, { a: 1, b: undefined })).toEqual({
      a: 1,
      b: undefined,
    })
  })
})
