import { triageRules } from '@parley/contracts'
import type { TriageRule } from '@parley/domain'
import { describe, expect, it } from 'vitest'

import {
  CONDITION_KINDS,
  EMPTY_RULE,
  addPhrases,
  addRule,
  bringBack,
  changeRule,
  duplicateRule,
  isSameRules,
  moveRule,
  neighbourOf,
  newCondition,
  removeRule,
  rulesOf,
  toDraft,
} from './rules-draft.ts'

const TEAM = '0190c1de-0000-7000-8000-000000000002'
const rule = (name: string, change: Partial<TriageRule> = {}): TriageRule => ({
  ...EMPTY_RULE,
  name,
  ...change,
})
const SAVED = [rule('Fraude'), rule('Ventas'), rule('Noche')]
const draft = toDraft(4, SAVED)
const keyOf = (name: string) => draft.entries.find((entry) => entry.rule.name === name)?.key ?? ''
const names = (from: typeof draft) => rulesOf(from).map(({ name }) => name)

describe('the order of the rules', () => {
  it('moves one by one place, and stays at either end', () => {
    expect(names(moveRule(draft, keyOf('Ventas'), -1))).toEqual(['Ventas', 'Fraude', 'Noche'])
    expect(names(moveRule(draft, keyOf('Ventas'), 1))).toEqual(['Fraude', 'Noche', 'Ventas'])
    expect(moveRule(draft, keyOf('Fraude'), -1)).toBe(draft)
    expect(moveRule(draft, keyOf('Noche'), 1)).toBe(draft)
    expect(moveRule(draft, 'unknown', 1)).toBe(draft)
  })

  it('keeps each rule its key, so that the selection goes with it', () => {
    const moved = moveRule(draft, keyOf('Ventas'), -1)
    expect(moved.entries[0]).toBe(draft.entries[1])
  })
})

describe('a saved version', () => {
  it('keeps the keys of what became it', () => {
    const keys = toDraft(5, SAVED, ['a', 'b']).entries.map(({ key }) => key)
    expect(keys).toEqual(['a', 'b', '5.2'])
    expect(toDraft(5, SAVED)).toEqual(toDraft(5, SAVED))
  })
})

describe('taking out, bringing back, copying', () => {
  it('puts a rule back where it stood', () => {
    const without = removeRule(draft, keyOf('Ventas'))
    expect(names(without)).toEqual(['Fraude', 'Noche'])
    expect(bringBack(without)).toEqual(draft)
  })

  it('forgets what was taken out once something else is done', () => {
    const without = removeRule(draft, keyOf('Ventas'))
    expect(addRule(without, 'new').removed).toBeNull()
    expect(changeRule(without, keyOf('Noche'), { enabled: false }).removed).toBeNull()
    expect(bringBack(draft)).toBe(draft)
  })

  it('shows the next one afterwards, or the last', () => {
    expect(neighbourOf(draft, keyOf('Fraude'))).toBe(keyOf('Ventas'))
    expect(neighbourOf(draft, keyOf('Noche'))).toBe(keyOf('Ventas'))
    expect(neighbourOf(toDraft(1, [rule('only')]), '1.0')).toBeNull()
  })

  it('copies under a name that is free', () => {
    const once = duplicateRule(draft, keyOf('Ventas'), { key: 'a', name: 'Ventas (copia)' })
    const twice = duplicateRule(once, keyOf('Ventas'), { key: 'b', name: 'Ventas (copia)' })
    expect(names(twice)).toEqual([
      'Fraude',
      'Ventas',
      'Ventas (copia) 2',
      'Ventas (copia)',
      'Noche',
    ])
  })
})

describe('what is not saved yet', () => {
  it('is a change of the rules or of their order, and not the note', () => {
    expect(isSameRules(draft, draft)).toBe(true)
    expect(isSameRules({ ...draft, note: 'por el puente' }, draft)).toBe(true)
    expect(isSameRules(moveRule(draft, keyOf('Ventas'), 1), draft)).toBe(false)
    expect(isSameRules(changeRule(draft, keyOf('Ventas'), { enabled: false }), draft)).toBe(false)
    expect(isSameRules(bringBack(removeRule(draft, keyOf('Ventas'))), draft)).toBe(true)
  })

  it('is not the order in which skills are written', () => {
    const result = (skills: Record<string, number>) => ({ teamId: null, priority: null, skills })
    const saved = toDraft(1, [rule('x', { result: result({ english: 3, billing: 1 }) })])
    const other = toDraft(1, [rule('x', { result: result({ billing: 1, english: 3 }) })])
    expect(isSameRules(other, saved)).toBe(true)
  })
})

describe('a new condition', () => {
  it.each(CONDITION_KINDS)('%s has the form of the wire', (kind) => {
    const conditions = { all: [newCondition(kind, TEAM)], any: [] }
    expect(triageRules.safeParse([rule('x', { conditions })]).success).toBe(true)
  })
})

describe('words and phrases', () => {
  it('are split at commas and lines, trimmed, and taken once', () => {
    expect(addPhrases(['Factura'], ' factura, estado  de cuenta\ncobro; ')).toEqual([
      'Factura',
      'estado de cuenta',
      'cobro',
    ])
  })
})
