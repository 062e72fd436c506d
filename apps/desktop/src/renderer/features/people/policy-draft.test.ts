import { securityPolicy } from '@parley/contracts'
import { POLICY_BOUNDS } from '@parley/domain'
import { expect, test } from 'vitest'

import { draftOf, policyOf, problemsOf } from './policy-draft.ts'

const POLICY = {
  sessionIdleMinutes: 10_080,
  sessionLifetimeMinutes: 43_200,
  passwordMinLength: 12,
  secondFactorRoles: ['admin' as const],
}

test('is read as it was written, halves of an hour and of a day included', () => {
  expect(draftOf(POLICY)).toMatchObject({ idleHours: '168', lifetimeDays: '30' })
  for (const sessionIdleMinutes of [30, 45, 50, 61, 525_600]) {
    const policy = { ...POLICY, sessionIdleMinutes, sessionLifetimeMinutes: sessionIdleMinutes * 2 }
    expect(policyOf(draftOf(policy))).toEqual(policy)
  }
  expect(policyOf({ ...draftOf(POLICY), idleHours: ' 1,5 ' }).sessionIdleMinutes).toBe(90)
})

test.each(['', 'nunca', '-1', '1e9', '12 h', '٣'])('%j is no number, and refused', (typed) => {
  const policy = policyOf({ ...draftOf(POLICY), idleHours: typed })
  expect([...problemsOf(policy)]).toEqual(['sessionIdleMinutes'])
})

test.each(Object.entries(POLICY_BOUNDS))(
  '%s has the bounds of the wire',
  (field, [least, most]) => {
    for (const value of [least - 1, least, most, most + 1, least + 0.5]) {
      const policy = { ...POLICY, [field]: value }
      expect(problemsOf(policy).size === 0).toBe(securityPolicy.safeParse(policy).success)
    }
  },
)
