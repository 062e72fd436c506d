import { describe, expect, it } from 'vitest'

import { checkRules, merge, problemIn, problemsAt, refusedProblems } from './rule-problems.ts'
import { EMPTY_RULE } from './rules-draft.ts'

const TEAM = 'team'
const fine = {
  ...EMPTY_RULE,
  name: 'Ventas',
  conditions: { all: [{ kind: 'language_is' as const, language: 'es' as const }], any: [] },
  result: { teamId: TEAM, priority: null, skills: {} },
}

describe('what is wrong with the rules', () => {
  it('is found at the rule and the field before the server is asked', () => {
    const problems = checkRules(
      [
        fine,
        {
          ...fine,
          conditions: { all: [], any: [{ kind: 'text_contains', words: ['cobro', '?'] }] },
          result: { teamId: 'gone', priority: null, skills: {} },
        },
      ],
      new Set([TEAM]),
    )
    expect([...problems.keys()]).toEqual([1])
    const fields = problemsAt(problems, 1)
    expect(problemIn(fields, 'name')).toBe('duplicate_name')
    expect(problemIn(fields, 'conditions.any.0.words')).toBe('not_a_word')
    expect(problemIn(fields, 'conditions.any.0.words.0')).toBeUndefined()
    expect(problemIn(fields, 'conditions.any.0.words.1')).toBe('not_a_word')
    expect(problemIn(fields, 'result.teamId')).toBe('unknown_team')
    expect(problemIn(fields, 'result.skills')).toBeUndefined()
  })

  it('does not take one field for another that begins alike', () => {
    const fields = new Map([['conditions.any.10.words', 'no_words' as const]])
    expect(problemIn(fields, 'conditions.any.1')).toBeUndefined()
  })

  it('is taken from a refused save, as far as it is understood', () => {
    const refused = refusedProblems({
      rule: 'Ventas',
      problems: [
        { index: 0, rule: 'Ventas', field: 'result.teamId', problem: 'unknown_team' },
        { index: 0, rule: 'Ventas', field: 'name', problem: 'of_another_version' },
        'nonsense',
      ],
    })
    expect([...problemsAt(refused, 0)]).toEqual([['result.teamId', 'unknown_team']])
    expect(refusedProblems({}).size).toBe(0)
    const both = merge(checkRules([{ ...fine, name: '' }], new Set([TEAM])), refused)
    expect([...problemsAt(both, 0).keys()]).toEqual(['name', 'result.teamId'])
  })
})
