import { type SlaSettings, slaSettings } from '@parley/contracts'
import { describe, expect, it } from 'vitest'

import { type GoalsDraft, fromGoalsDraft, toGoalsDraft } from './goals-draft.ts'

const policy = {
  firstResponseSeconds: 900,
  resolutionSeconds: 28_800,
  escalationSeconds: 1800,
}
const stored: SlaSettings = {
  policies: {
    urgent: policy,
    high: { ...policy, escalationSeconds: null },
    normal: policy,
    low: null,
  },
  warningPercent: 80,
  pausesOnCustomer: true,
  warnLeads: 'unattended',
}
const draft = toGoalsDraft(stored)
const withUrgent = (change: Partial<GoalsDraft['policies']['urgent']>): GoalsDraft => ({
  ...draft,
  policies: { ...draft.policies, urgent: { ...draft.policies.urgent, ...change } },
})

describe('a team’s promises', () => {
  it('come back from the form as they went in, and the wire takes them', () => {
    const { value, problems } = fromGoalsDraft(draft)
    expect(value).toEqual(stored)
    expect(problems).toEqual({})
    expect(slaSettings.parse(value)).toEqual(stored)
  })

  it('need no escalation, but a response and a resolution', () => {
    expect(fromGoalsDraft(withUrgent({ escalation: ' ' })).value?.policies.urgent).toEqual({
      ...policy,
      escalationSeconds: null,
    })
    expect(fromGoalsDraft(withUrgent({ firstResponse: '' }))).toEqual({
      value: null,
      problems: { 'urgent.firstResponse': 'not_a_duration' },
    })
  })

  it('say which field is wrong, and how', () => {
    const { problems } = fromGoalsDraft({
      ...withUrgent({ resolution: 'pronto', escalation: '5 s' }),
      warningPercent: '100',
    })
    expect(problems).toEqual({
      'urgent.resolution': 'not_a_duration',
      'urgent.escalation': 'range',
      warningPercent: 'percent',
    })
    expect(fromGoalsDraft({ ...draft, warningPercent: '' }).problems).toEqual({
      warningPercent: 'percent',
    })
  })

  it('of a priority that promises nothing may be half-written', () => {
    const off = fromGoalsDraft(withUrgent({ isOn: false, resolution: 'pronto' }))
    expect(off.value?.policies.urgent).toBeNull()
  })
})
