import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { evaluateRules, type TriageCondition, type TriageInput, type TriageRule } from './rules.ts'
import { validateRules } from './validate-rules.ts'

const INPUT: TriageInput = {
  text: '¿Me ayudas con una FACTURACIÓN? No me deja entrar',
  channel: 'whatsapp',
  customer: {
    name: 'Lucía Barrientos',
    metadata: { plan: 'Oro', tags: ['vip'] },
    isReturning: true,
  },
  teamsOpen: { billing: false },
}

function rule(
  name: string,
  condition: TriageCondition,
  result: Partial<TriageRule['result']> = {},
  afterwards: TriageRule['afterwards'] = 'continue',
): TriageRule {
  return {
    name,
    enabled: true,
    conditions: { all: [condition], any: [] },
    result: { teamId: null, priority: null, skills: {}, ...result },
    afterwards,
  }
}

const says = (...words: string[]): TriageCondition => ({ kind: 'text_contains', words })
const holds = (condition: TriageCondition, input: Partial<TriageInput> = {}): boolean =>
  evaluateRules([rule('it', condition, { priority: 'high' })], { ...INPUT, ...input }).matched
    .length === 1

describe('conditions', () => {
  test('words are whole words, whatever their accents, capitals and punctuation', () => {
    expect(holds(says('facturacion'))).toBe(true)
    expect(holds(says('¡Facturación!'))).toBe(true)
    expect(holds(says('no me deja'))).toBe(true)
    expect(holds(says('factura'))).toBe(false)
    expect(holds(says('reembolso', 'AYUDAS'))).toBe(true)
    expect(holds(says('?'))).toBe(false)
  })

  test('language, channel and whether the customer is new', () => {
    expect(holds({ kind: 'language_is', language: 'es' })).toBe(true)
    expect(holds({ kind: 'language_is', language: 'en' })).toBe(false)
    expect(holds({ kind: 'channel_is', channel: 'whatsapp' })).toBe(true)
    expect(holds({ kind: 'channel_is', channel: 'chat_app' })).toBe(false)
    expect(holds({ kind: 'customer_is', customer: 'returning' })).toBe(true)
    expect(holds({ kind: 'customer_is', customer: 'first_time' })).toBe(false)
  })

  test('fields of the customer: the same, in part, or there at all', () => {
    const metadata = (key: string, test: Parameters<typeof fieldOf>[1]) => holds(fieldOf(key, test))
    expect(metadata('plan', { is: 'equals', value: 'oro' })).toBe(true)
    expect(metadata('plan', { is: 'equals', value: 'or' })).toBe(false)
    expect(metadata('plan', { is: 'contains', value: 'or' })).toBe(true)
    expect(metadata('tags', { is: 'equals', value: 'VIP' })).toBe(true)
    expect(metadata('plan', { is: 'exists' })).toBe(true)
    expect(metadata('toString', { is: 'exists' })).toBe(false)
    expect(holds({ kind: 'customer_name', test: { is: 'contains', value: 'lucia' } })).toBe(true)
  })

  test('a team that has no business hours is open', () => {
    const team = (teamId: string, state: 'open' | 'closed') =>
      holds({ kind: 'business_hours', teamId, state })
    expect(team('billing', 'closed')).toBe(true)
    expect(team('billing', 'open')).toBe(false)
    expect(team('elsewhere', 'open')).toBe(true)
  })

  test('all of one group and one of the other', () => {
    const both = (all: TriageCondition[], any: TriageCondition[]) =>
      evaluateRules([{ ...rule('it', says('x')), conditions: { all, any } }], INPUT).matched[0] ??
      null
    expect(both([says('ayudas')], [says('nothing'), says('entrar')])).toEqual({
      name: 'it',
      words: ['ayudas', 'entrar'],
      customerFields: [],
      stopped: false,
    })
    expect(both([says('ayudas')], [says('nothing')])).toBeNull()
    expect(both([says('nothing')], [says('entrar')])).toBeNull()
    expect(both([], [])).toBeNull()
  })

  test('what made it hold names the customer’s fields, never what is in them', () => {
    const outcome = evaluateRules(
      [rule('gold', fieldOf('plan', { is: 'equals', value: 'oro' }), { priority: 'high' })],
      INPUT,
    )
    expect(outcome.matched[0]?.customerFields).toEqual(['plan'])
    expect(JSON.stringify(outcome)).not.toMatch(/oro/i)
  })
})

function fieldOf(
  key: string,
  test: { is: 'equals' | 'contains'; value: string } | { is: 'exists' },
): TriageCondition {
  return { kind: 'customer_metadata', key, test }
}

describe('the order of rules', () => {
  test('is their weight: the first to set something has its way, skills add up', () => {
    const outcome = evaluateRules(
      [
        rule('first', says('ayudas'), { priority: 'high', skills: { billing: 2, vip: 3 } }),
        rule('second', says('entrar'), { teamId: 'b', priority: 'low', skills: { billing: 4 } }),
        rule('third', says('entrar'), { teamId: 'c' }),
      ],
      INPUT,
    )
    expect(outcome).toMatchObject({
      teamId: 'b',
      priority: 'high',
      skills: { billing: 4, vip: 3 },
    })
    expect(outcome.matched.map(({ name }) => name)).toEqual(['first', 'second', 'third'])
  })

  test('ends at a rule that stops, if it holds', () => {
    const rules = [
      rule('not this', says('nothing'), { teamId: 'a' }, 'stop'),
      rule('this', says('ayudas'), { priority: 'high' }, 'stop'),
      rule('too late', says('ayudas'), { teamId: 'b' }),
    ]
    expect(evaluateRules(rules, INPUT)).toMatchObject({ teamId: null, priority: 'high' })
  })
})

const word = fc.constantFrom('uno', 'dos', 'tres', 'cuatro')
const condition: fc.Arbitrary<TriageCondition> = fc.oneof(
  fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => says(...words)),
  fc.constantFrom<TriageCondition>(
    { kind: 'channel_is', channel: 'whatsapp' },
    { kind: 'customer_is', customer: 'first_time' },
    { kind: 'business_hours', teamId: 't1', state: 'closed' },
  ),
)
const anyRule: fc.Arbitrary<TriageRule> = fc.record({
  name: fc.uuid(),
  enabled: fc.boolean(),
  conditions: fc.record({
    all: fc.array(condition, { maxLength: 2 }),
    any: fc.array(condition, { maxLength: 2 }),
  }),
  result: fc.record({
    teamId: fc.option(fc.constantFrom('t1', 't2')),
    priority: fc.option(fc.constantFrom('low', 'normal', 'high', 'urgent')),
    skills: fc.dictionary(fc.constantFrom('a', 'b'), fc.integer({ min: 1, max: 5 })),
  }),
  afterwards: fc.constantFrom('stop', 'continue'),
})
const anyInput: fc.Arbitrary<TriageInput> = fc.record({
  text: fc.array(word, { maxLength: 6 }).map((words) => words.join(' ')),
  channel: fc.constantFrom('whatsapp', 'chat_app'),
  customer: fc.record({
    name: fc.constant(null),
    metadata: fc.constant({}),
    isReturning: fc.boolean(),
  }),
  teamsOpen: fc.record({ t1: fc.boolean() }),
})

describe('for any rules', () => {
  test('the outcome is the same each time, and nobody’s input is touched', () => {
    fc.assert(
      fc.property(fc.array(anyRule), anyInput, (rules, input) => {
        const before = structuredClone({ rules, input })
        const once = evaluateRules(rules, input)
        expect(evaluateRules(rules, input)).toEqual(once)
        expect({ rules, input }).toEqual(before)
      }),
    )
  })

  test('nothing counts that is switched off, or that stands behind the stop', () => {
    fc.assert(
      fc.property(fc.array(anyRule), fc.array(anyRule), anyInput, (rules, more, input) => {
        const outcome = evaluateRules(rules, input)
        const on = rules.filter(({ enabled }) => enabled)
        expect(evaluateRules(on, input)).toEqual(outcome)
        if (outcome.matched.at(-1)?.stopped === true) {
          expect(evaluateRules([...rules, ...more], input)).toEqual(outcome)
        }
      }),
    )
  })

  test('what an earlier rule has set stays, whatever is appended', () => {
    fc.assert(
      fc.property(fc.array(anyRule), fc.array(anyRule), anyInput, (rules, more, input) => {
        const few = evaluateRules(rules, input)
        const all = evaluateRules([...rules, ...more], input)
        if (few.teamId !== null) expect(all.teamId).toBe(few.teamId)
        if (few.priority !== null) expect(all.priority).toBe(few.priority)
        for (const [skill, level] of Object.entries(few.skills)) {
          expect(all.skills[skill]).toBeGreaterThanOrEqual(level)
        }
        expect(all.matched.slice(0, few.matched.length)).toEqual(few.matched)
      }),
    )
  })
})

describe('validation', () => {
  const known = { teamIds: new Set(['t1']) }
  const problems = (...rules: TriageRule[]) =>
    validateRules(rules, known).map(({ index, field, problem }) => [index, field, problem])

  test('finds nothing wrong with a rule that means something', () => {
    expect(problems(rule('a', says('x'), { teamId: 't1', skills: { english: 3 } }))).toEqual([])
  })

  test('names the rule and the field', () => {
    const [problem] = validateRules([rule('Facturas', says('x'), { teamId: 'gone' })], known)
    expect(problem).toEqual({
      index: 0,
      rule: 'Facturas',
      field: 'result.teamId',
      problem: 'unknown_team',
    })
  })

  test('finds what would mean nothing', () => {
    const good = { teamId: 't1' }
    expect(problems(rule('  ', says('x'), good))).toEqual([[0, 'name', 'no_name']])
    expect(problems(rule('a', says('x'), good), rule('A ', says('x'), good))).toEqual([
      [1, 'name', 'duplicate_name'],
    ])
    expect(problems({ ...rule('a', says('x'), good), conditions: { all: [], any: [] } })).toEqual([
      [0, 'conditions', 'no_conditions'],
    ])
    expect(problems(rule('a', says(), good))).toEqual([[0, 'conditions.all.0.words', 'no_words']])
    expect(problems(rule('a', says('x', '🙂'), good))).toEqual([
      [0, 'conditions.all.0.words.1', 'not_a_word'],
    ])
    expect(problems(rule('a', fieldOf(' ', { is: 'equals', value: '' }), good))).toEqual([
      [0, 'conditions.all.0.key', 'no_key'],
      [0, 'conditions.all.0.test.value', 'no_value'],
    ])
    expect(
      problems(rule('a', { kind: 'business_hours', teamId: 'gone', state: 'open' }, good)),
    ).toEqual([[0, 'conditions.all.0.teamId', 'unknown_team']])
    expect(problems(rule('a', says('x')))).toEqual([[0, 'result', 'no_result']])
    expect(problems(rule('a', says('x'), { skills: { english: 6 } }))).toEqual([
      [0, 'result.skills.english', 'bad_skill_level'],
    ])
    expect(problems(rule('a', says('x'), { skills: { ' ': 1.5 } }))).toEqual([
      [0, 'result.skills', 'bad_skill_name'],
      [0, 'result.skills. ', 'bad_skill_level'],
    ])
  })
})
