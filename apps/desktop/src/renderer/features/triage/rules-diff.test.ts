import { describe, expect, it } from 'vitest'

import { EMPTY_RULE } from './rules-draft.ts'
import { diffRules, isEmptyDiff } from './rules-diff.ts'

const rule = (name: string, word = name) => ({
  ...EMPTY_RULE,
  name,
  conditions: { all: [], any: [{ kind: 'text_contains' as const, words: [word] }] },
})
const NOTHING = { added: [], removed: [], changed: [], renamed: [], isReordered: false }

describe('the difference of two versions', () => {
  it('is nothing between the same rules', () => {
    const same = diffRules([rule('a'), rule('b')], [rule('a'), rule('b')])
    expect(same).toEqual(NOTHING)
    expect(isEmptyDiff(same)).toBe(true)
  })

  it('names what came, what went and what is not the same', () => {
    const diff = diffRules([rule('a'), rule('b')], [rule('a', 'other'), rule('c')])
    expect(diff).toEqual({ ...NOTHING, added: ['c'], removed: ['b'], changed: ['a'] })
    expect(isEmptyDiff(diff)).toBe(false)
  })

  it('knows a rule by its content when only its name is another', () => {
    expect(diffRules([rule('Ventas', 'precio')], [rule('Comercial', 'precio')])).toEqual({
      ...NOTHING,
      renamed: [{ from: 'Ventas', to: 'Comercial' }],
    })
  })

  it('takes a name in other capitals for the same rule', () => {
    expect(diffRules([rule('ventas', 'x')], [rule('Ventas', 'x')])).toEqual({
      ...NOTHING,
      changed: ['Ventas'],
    })
  })

  it('tells another order of what is in both, not what an addition pushed aside', () => {
    expect(diffRules([rule('a'), rule('b')], [rule('b'), rule('a')]).isReordered).toBe(true)
    expect(diffRules([rule('a'), rule('b')], [rule('c'), rule('a'), rule('b')]).isReordered).toBe(
      false,
    )
  })
})
