import { routingDecision } from '@parley/contracts'
import { describe, expect, it } from 'vitest'

import { readDecision } from './decision.ts'

const TEAM = '0190c1de-0000-7000-8000-000000000002'
const CALL = {
  provider: 'openai',
  model: 'small-1',
  durationMs: 640,
  inputTokens: 210,
  outputTokens: 30,
  costUsd: 0.0004,
  messages: 1,
}
const STORED = {
  teamId: TEAM,
  priority: 'high',
  requiredSkills: {},
  language: 'es',
  decidedBy: 'model',
  steps: [
    {
      step: 'rules',
      outcome: 'added',
      version: 3,
      matched: [{ name: 'Fraude', words: ['fraude'], customerFields: ['nivel'], stopped: false }],
    },
    { step: 'model', outcome: 'decided', reason: 'Pregunta por precios.', call: CALL },
    { step: 'built_in', outcome: 'skipped', because: 'already_decided' },
  ],
  saw: {
    messageIds: [TEAM],
    characters: 40,
    languageWords: ['hola'],
    channel: 'whatsapp',
    isReturningCustomer: false,
    teamsOpen: {},
  },
  settingsVersion: 2,
  durationMs: 700,
}
const read = (decision: unknown) => readDecision({ routing_decision: decision })

describe('the decision of triage', () => {
  it('is read with its steps', () => {
    expect(routingDecision.safeParse(STORED).success).toBe(true)
    expect(read(STORED)).toEqual({
      teamId: TEAM,
      decidedBy: 'model',
      steps: [
        {
          kind: 'rules',
          rules: [{ name: 'Fraude', words: ['fraude'], customerFields: ['nivel'] }],
        },
        { kind: 'model', reason: 'Pregunta por precios.', call: CALL },
        { kind: 'skipped', step: 'built_in', because: 'already_decided' },
      ],
    })
  })

  it('tells what kept the model from answering', () => {
    const steps = [{ step: 'model', outcome: 'failed', because: 'time_limit', call: null }]
    expect(read({ ...STORED, decidedBy: 'fallback', steps })).toEqual({
      teamId: TEAM,
      decidedBy: 'fallback',
      steps: [{ kind: 'model_failed', because: 'time_limit', call: null }],
    })
  })

  it('is read as the first versions wrote it', () => {
    const matched = { team: ['precio'], priority: ['urgente'], language: ['hola'] }
    expect(read({ teamId: TEAM, priority: 'urgent', matched, fallback: false })).toEqual({
      teamId: TEAM,
      decidedBy: 'built_in',
      steps: [{ kind: 'built_in', words: ['precio', 'urgente'] }],
    })
    const none = { team: [], priority: [], language: [] }
    expect(read({ teamId: TEAM, matched: none, fallback: true })).toEqual({
      teamId: TEAM,
      decidedBy: 'fallback',
      steps: [],
    })
  })

  it('leaves out what it does not understand, and has nothing to say where that is all', () => {
    const steps = [null, 7, { step: 'oracle' }, { step: 'rules', matched: [{ words: 'x' }, 'y'] }]
    expect(read({ ...STORED, teamId: 5, decidedBy: 'oracle', steps })).toEqual({
      teamId: null,
      decidedBy: 'built_in',
      steps: [{ kind: 'rules', rules: [] }],
    })
    for (const nothing of [undefined, null, 'x', [], {}, { teamId: TEAM, matched: 'x' }]) {
      expect(read(nothing)).toBeNull()
    }
  })
})
