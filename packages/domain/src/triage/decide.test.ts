import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import {
  decideTriage,
  MODEL_FAILURES,
  TRIAGE_STEPS,
  type ModelOutcome,
  type TriagePlan,
  type TriageVerdict,
} from './decide.ts'
import { type TriageInput, type TriageRule } from './rules.ts'

const TEAMS = [
  { id: 's', slug: 'sales' },
  { id: 't', slug: 'support' },
  { id: 'c', slug: 'customer_service' },
]
const PLAN: TriagePlan = {
  steps: TRIAGE_STEPS,
  rules: { version: 0, list: [] },
  hasModel: true,
  teams: TEAMS,
  fallbackTeamId: 'c',
}
const input = (text: string): TriageInput => ({
  text,
  channel: 'whatsapp',
  customer: { name: null, metadata: {}, isReturning: false },
  teamsOpen: {},
})
const CALL = {
  provider: 'openai',
  model: 'm',
  durationMs: 120,
  inputTokens: 300,
  outputTokens: 20,
  costUsd: 0.001,
  messages: 1,
}
const answer = (teamId: string): ModelOutcome => ({
  ok: true,
  teamId,
  priority: 'low',
  skills: {},
  reason: 'because',
  call: CALL,
})
const failure = (because: (typeof MODEL_FAILURES)[number]): ModelOutcome => ({
  ok: false,
  failure: because,
  call: null,
})
const rules = (...results: Partial<TriageRule['result']>[]): TriagePlan['rules'] => ({
  version: 7,
  list: results.map((result, index) => ({
    name: `rule ${index}`,
    enabled: true,
    conditions: { all: [{ kind: 'channel_is', channel: 'whatsapp' }], any: [] },
    result: { teamId: null, priority: null, skills: {}, ...result },
    afterwards: 'continue',
  })),
})

function verdict(
  text: string,
  plan: Partial<TriagePlan>,
  model: ModelOutcome | null = null,
): TriageVerdict {
  const progress = decideTriage(input(text), { ...PLAN, ...plan }, model)
  if (progress.needsModel) throw new Error('asks for the model')
  return progress.verdict
}

describe('the steps', () => {
  test('a rule that places it makes the network needless', () => {
    const decided = verdict('hola', { rules: rules({ teamId: 't' }) })
    expect(decided).toMatchObject({ teamId: 't', decidedBy: 'rules', priority: 'normal' })
    expect(decided.steps.map(({ step, outcome }) => [step, outcome])).toEqual([
      ['rules', 'decided'],
      ['model', 'skipped'],
      ['built_in', 'open'],
    ])
  })

  test('what a rule left open the built-in classifier fills in, and nothing else', () => {
    const decided = verdict('Hello, it is urgent, my order please', {
      rules: rules({ teamId: 't' }),
    })
    expect(decided).toMatchObject({
      teamId: 't',
      decidedBy: 'rules',
      priority: 'urgent',
      requiredSkills: { english: 3 },
    })
  })

  test('what a rule set stands, whoever places it', () => {
    const plan = { rules: rules({ priority: 'urgent', skills: { vip: 5 } }) }
    expect(verdict('hola', plan, answer('s'))).toMatchObject({
      teamId: 's',
      decidedBy: 'model',
      priority: 'urgent',
      requiredSkills: { vip: 5 },
    })
  })

  test('the model is asked for only where its turn comes and there are words', () => {
    const needsModel = (text: string, plan: Partial<TriagePlan> = {}) =>
      decideTriage(input(text), { ...PLAN, ...plan }, null).needsModel
    expect(needsModel('hola')).toBe(true)
    expect(needsModel(' \n')).toBe(false)
    expect(needsModel('hola', { hasModel: false })).toBe(false)
    expect(needsModel('hola', { steps: ['rules', 'built_in'] })).toBe(false)
    expect(needsModel('quiero comprar', { steps: ['built_in', 'model'] })).toBe(false)
    expect(needsModel('hola', { steps: ['built_in', 'model'] })).toBe(true)
  })

  test('where the model fails the next step decides', () => {
    const decided = verdict('quiero comprar', {}, failure('unreachable'))
    expect(decided).toMatchObject({ teamId: 's', decidedBy: 'built_in' })
    expect(decided.steps[1]).toEqual({
      step: 'model',
      outcome: 'failed',
      because: 'unreachable',
      call: null,
    })
  })

  test('where the whole time is over it is the fallback team’s', () => {
    const decided = verdict('quiero comprar', {}, failure('overall_limit'))
    expect(decided).toMatchObject({ teamId: 'c', decidedBy: 'fallback' })
    expect(decided.steps[2]).toEqual({
      step: 'built_in',
      outcome: 'skipped',
      because: 'overall_limit',
    })
  })

  test('a team that is not active any more is nobody’s choice', () => {
    const decided = verdict('quiero comprar', { rules: rules({ teamId: 'gone' }) }, answer('gone'))
    expect(decided).toMatchObject({ teamId: 's', decidedBy: 'built_in' })
  })
})

test('whatever is configured and answered, there is a verdict for an active team, the same each time', () => {
  const model = fc.oneof(
    fc.constantFrom('s', 't', 'c', 'gone').map(answer),
    fc.constantFrom(...MODEL_FAILURES).map(failure),
  )
  const plan = fc.record({
    steps: fc.shuffledSubarray([...TRIAGE_STEPS]),
    hasModel: fc.boolean(),
    rules: fc
      .array(
        fc.record({
          teamId: fc.option(fc.constantFrom('s', 't', 'gone')),
          priority: fc.option(fc.constantFrom('low' as const, 'urgent' as const)),
        }),
        { maxLength: 3 },
      )
      .map((results) => rules(...results)),
  })
  const text = fc.constantFrom('', 'hola', 'quiero comprar', 'Hello, please help', 'es urgente')
  fc.assert(
    fc.property(text, plan, model, (text, plan, model) => {
      const decided = verdict(text, plan, model)
      expect(TEAMS.map(({ id }) => id)).toContain(decided.teamId)
      expect(decided.steps.map(({ step }) => step)).toEqual(plan.steps)
      expect(verdict(text, plan, model)).toEqual(decided)
      const winners = decided.steps.filter(({ outcome }) => outcome === 'decided')
      expect(winners.map(({ step }) => step)).toEqual(
        decided.decidedBy === 'fallback' ? [] : [decided.decidedBy],
      )
    }),
  )
})
