import { describe, expect, it } from 'vitest'

import { readExplanation } from './explanation.ts'

const read = (explanation: unknown) => readExplanation({ explanation })

describe('an explanation', () => {
  it('is read whole', () => {
    const whole = {
      strategy: 'best_skilled',
      chosenBecause: 'best_skilled',
      waitedMs: 240_000,
      requiredSkills: { english: 4 },
      relaxed: { step: 1, to: { english: 3 } },
      eligible: [{ userId: 'a', load: 1.25, capacity: 6, score: 7 }],
      eligibleCount: 12,
      ineligible: [{ userId: 'b', because: 'lacks_skill', skill: 'english' }],
      ineligibleCounts: { lacks_skill: 3, not_online: 5 },
    }
    expect(read(whole)).toEqual({
      ...whole,
      ineligibleCounts: [
        { because: 'not_online', count: 5 },
        { because: 'lacks_skill', count: 3 },
      ],
    })
  })

  it('of an older version is counted from what it names', () => {
    expect(
      read({
        chosenBecause: 'least_loaded',
        eligible: [{ userId: 'a', load: 1, capacity: 6 }, { userId: 'b' }],
        ineligible: [{ userId: 'c', because: 'at_capacity' }, { because: 'at_capacity' }],
      }),
    ).toEqual({
      chosenBecause: 'least_loaded',
      strategy: null,
      waitedMs: null,
      requiredSkills: {},
      relaxed: null,
      eligible: [{ userId: 'a', load: 1, capacity: 6 }],
      eligibleCount: 1,
      ineligible: [{ userId: 'c', because: 'at_capacity' }],
      ineligibleCounts: [{ because: 'at_capacity', count: 1 }],
    })
  })

  it.each([
    undefined,
    null,
    'because',
    [],
    {},
    { chosenBecause: 'of something new' },
    { eligible: [] },
  ])('%j is none', (stored) => expect(read(stored)).toBeNull())

  it('of a strange shape loses what is strange', () => {
    expect(
      read({
        chosenBecause: 'next_in_turn',
        strategy: 'dice',
        waitedMs: 'long',
        requiredSkills: { english: 'well', billing: 2 },
        relaxed: { step: 7 },
        eligible: 'all',
        ineligible: null,
        ineligibleCounts: { not_online: 'many', tired: 2 },
      }),
    ).toMatchObject({
      strategy: null,
      waitedMs: null,
      requiredSkills: { billing: 2 },
      relaxed: null,
      eligible: [],
      ineligibleCounts: [],
    })
  })
})
