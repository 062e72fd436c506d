import { triageSettings } from '@parley/contracts'
import { describe, expect, it } from 'vitest'

import {
  LIMIT_MS,
  fromOrderDraft,
  isSameOrder,
  moveStep,
  readSeconds,
  switchStep,
  toOrderDraft,
} from './order-draft.ts'

const SETTINGS = {
  steps: ['rules' as const, 'built_in' as const],
  fallbackTeamId: null,
  overallLimitMs: 1500,
}
const draft = toOrderDraft(SETTINGS)

describe('the order of the steps', () => {
  it('is read back as it was written, with what is off at the end', () => {
    expect(draft.steps).toEqual([
      { step: 'rules', isOn: true },
      { step: 'built_in', isOn: true },
      { step: 'model', isOn: false },
    ])
    expect(draft.limit).toBe('1.5')
    expect(fromOrderDraft(draft)).toEqual({ value: SETTINGS, problems: {} })
  })

  it('moves a step, and switches one on where it stands', () => {
    const moved = switchStep(moveStep(draft, 'model', -1), 'model', true)
    expect(fromOrderDraft(moved).value?.steps).toEqual(['rules', 'model', 'built_in'])
    expect(moveStep(draft, 'rules', -1)).toBe(draft)
  })

  it('is the same where only what is off has moved', () => {
    expect(isSameOrder(draft, moveStep(draft, 'model', -1))).toBe(true)
    expect(isSameOrder(draft, moveStep(draft, 'rules', 1))).toBe(false)
    expect(isSameOrder(draft, { ...draft, limit: '2' })).toBe(false)
  })

  it('wants a step and a time limit', () => {
    const none = switchStep(switchStep(draft, 'rules', false), 'built_in', false)
    expect(fromOrderDraft({ ...none, limit: 'poco' }).problems).toEqual({
      steps: 'no_steps',
      limit: 'bad_limit',
    })
  })

  it('keeps the bounds of the wire', () => {
    const wire = (overallLimitMs: number) =>
      triageSettings.safeParse({ ...SETTINGS, overallLimitMs }).success
    const { minimum, maximum } = LIMIT_MS
    expect([minimum, maximum, minimum - 1, maximum + 1].map(wire)).toEqual([
      true,
      true,
      false,
      false,
    ])
    expect([readSeconds('0,1'), readSeconds('4'), readSeconds('4.001')]).toEqual([100, 4000, null])
  })
})
