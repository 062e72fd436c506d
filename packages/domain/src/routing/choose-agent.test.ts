import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { CHANNELS } from '../conversation/priority.ts'
import {
  chooseAgent,
  compareWaiting,
  loadWeight,
  withoutColleagues,
  type Candidate,
  type ChoiceRules,
  type Waiting,
} from './choose-agent.ts'
import { missingSkill, nextRelaxationAt, relaxSkills } from './required-skills.ts'
import {
  DEFAULT_ROUTING_SETTINGS,
  LANGUAGE_SKILLS,
  ROUTING_STRATEGIES,
} from './routing-settings.ts'

const NOW = 1_000_000

const skills = fc.dictionary(
  fc.constantFrom('english', 'billing', 'technical_support'),
  fc.integer({ min: 1, max: 5 }),
)
const candidate: fc.Arbitrary<Candidate> = fc.record({
  userId: fc.uuid(),
  presence: fc.constantFrom('online', 'online', 'online', 'busy', 'away', 'offline'),
  isFinishing: fc.constantFrom(false, false, true),
  load: fc.integer({ min: 0, max: 24 }).map((quarters) => quarters / 4),
  wrapUpLoad: fc.constantFrom(0, 0, 0.5, 1),
  capacity: fc.integer({ min: 0, max: 6 }),
  skills,
  lastAssignedAtMs: fc.option(fc.integer({ min: 0, max: NOW })),
})
const candidates = fc.uniqueArray(candidate, { selector: ({ userId }) => userId, maxLength: 12 })
const waiting: fc.Arbitrary<Waiting> = fc.record({
  conversationId: fc.uuid(),
  channel: fc.constantFrom(...CHANNELS),
  priority: fc.constantFrom('low', 'normal', 'high', 'urgent'),
  requiredSkills: skills,
  previousAgentId: fc.option(fc.uuid()),
  declinedBy: fc.array(fc.uuid(), { maxLength: 2 }),
  nextDueAtMs: fc.option(fc.integer({ min: 0, max: 2 * NOW })),
  queuedAtMs: fc.integer({ min: 0, max: NOW }),
})
const rules: fc.Arbitrary<ChoiceRules> = fc.record({
  strategy: fc.constantFrom(...ROUTING_STRATEGIES),
  relaxSkillsAfterSeconds: fc.option(fc.integer({ min: 10, max: 600 })),
  channelWeights: fc.record({
    whatsapp: fc.constantFrom(0.5, 1, 2),
    chat_app: fc.constantFrom(0.5, 1, 2),
  }),
  roundRobinAfter: fc.option(fc.uuid()),
})

/** People and a conversation that somebody among them may have answered before, or refused. */
const scene = fc
  .tuple(waiting, candidates, rules, fc.nat(), fc.nat())
  .map(([conversation, people, given, previous, declined]): [Waiting, Candidate[], ChoiceRules] => {
    const one = people[previous % (2 * people.length || 1)]
    const other = people[declined % (2 * people.length || 1)]
    return [
      {
        ...conversation,
        previousAgentId: one?.userId ?? conversation.previousAgentId,
        declinedBy: other === undefined ? conversation.declinedBy : [other.userId],
      },
      people,
      given,
    ]
  })

const RULES: ChoiceRules = { ...DEFAULT_ROUTING_SETTINGS, roundRobinAfter: null }
const SOMEBODY: Omit<Candidate, 'userId'> = {
  presence: 'online',
  isFinishing: false,
  load: 1,
  capacity: 5,
  skills: {},
  wrapUpLoad: 0,
  lastAssignedAtMs: 0,
}
const CONVERSATION: Waiting = {
  conversationId: 'x',
  channel: 'whatsapp',
  priority: 'normal',
  requiredSkills: {},
  previousAgentId: null,
  declinedBy: [],
  nextDueAtMs: null,
  queuedAtMs: NOW,
}

/** Said again, in other words than the code's. */
function isEligible(person: Candidate, conversation: Waiting, given: ChoiceRules): boolean {
  const waitedSeconds = (NOW - conversation.queuedAtMs) / 1000
  const relaxAfter = given.relaxSkillsAfterSeconds ?? Infinity
  const needed = (level: number): number =>
    waitedSeconds >= 2 * relaxAfter ? 0 : waitedSeconds >= relaxAfter ? Math.min(3, level) : level
  return (
    person.presence === 'online' &&
    !person.isFinishing &&
    person.load + given.channelWeights[conversation.channel] <= person.capacity &&
    !conversation.declinedBy.includes(person.userId) &&
    Object.entries(conversation.requiredSkills).every(
      ([skill, level]) => (person.skills[skill] ?? 0) >= needed(level),
    )
  )
}

describe('the choice', () => {
  test('is somebody eligible, and nobody exactly when there is none', () => {
    fc.assert(
      fc.property(scene, ([conversation, people, given]) => {
        const { userId } = chooseAgent(conversation, people, given, NOW)
        const eligible = people.filter((person) => isEligible(person, conversation, given))
        if (userId === null) expect(eligible).toEqual([])
        else expect(eligible.map((person) => person.userId)).toContain(userId)
      }),
      { numRuns: 500 },
    )
  })

  test('does not depend on the order in which people are given', () => {
    fc.assert(
      fc.property(scene, fc.infiniteStream(fc.nat()), ([conversation, people, given], random) => {
        const shuffled = [...people]
          .map((person) => ({ person, key: random.next().value as number }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ person }) => person)
        expect(chooseAgent(conversation, shuffled, given, NOW)).toEqual(
          chooseAgent(conversation, people, given, NOW),
        )
      }),
    )
  })

  test('is the previous agent if they can, whatever the strategy', () => {
    fc.assert(
      fc.property(scene, ([conversation, people, given]) => {
        const { userId, explanation } = chooseAgent(conversation, people, given, NOW)
        const previous = people.find(
          (person) =>
            person.userId === conversation.previousAgentId &&
            isEligible(person, conversation, given),
        )
        if (previous === undefined) expect(explanation.chosenBecause).not.toBe('previous_agent')
        else
          expect([userId, explanation.chosenBecause]).toEqual([previous.userId, 'previous_agent'])
      }),
    )
  })

  test('of least_loaded carries no more than another, of longest_idle has waited longest', () => {
    fc.assert(
      fc.property(scene, ([scenery, people, given]) => {
        const conversation = { ...scenery, previousAgentId: null }
        const eligible = people.filter((person) => isEligible(person, conversation, given))
        const chosenBy = (strategy: ChoiceRules['strategy']): Candidate | undefined => {
          const { userId } = chooseAgent(conversation, people, { ...given, strategy }, NOW)
          return people.find((person) => person.userId === userId)
        }
        const [leastLoaded, longestIdle] = [chosenBy('least_loaded'), chosenBy('longest_idle')]
        for (const person of eligible) {
          expect(leastLoaded?.load).toBeLessThanOrEqual(person.load)
          expect(longestIdle?.lastAssignedAtMs ?? 0).toBeLessThanOrEqual(
            person.lastAssignedAtMs ?? 0,
          )
        }
      }),
    )
  })

  test('of round_robin gives everybody one before anybody gets a second', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 8 }), (ids) => {
        const people = ids.map((userId) => ({ ...SOMEBODY, userId, load: 0, capacity: 9 }))
        let roundRobinAfter: string | null = null
        for (let round = 0; round < 3; round++) {
          const got = people.map(() => {
            const { userId } = chooseAgent(
              CONVERSATION,
              people,
              { ...RULES, strategy: 'round_robin', roundRobinAfter },
              NOW,
            )
            roundRobinAfter = userId
            return userId
          })
          expect(got.toSorted()).toEqual(ids.toSorted())
        }
      }),
    )
  })

  test('of best_skilled prefers the better language before the better rest', () => {
    const people = [
      { ...SOMEBODY, userId: 'a', load: 0, skills: { english: 3, billing: 5 } },
      { ...SOMEBODY, userId: 'b', load: 2, skills: { english: 4, billing: 3 } },
      { ...SOMEBODY, userId: 'c', load: 3, skills: { english: 4, billing: 4 } },
    ]
    const { userId, explanation } = chooseAgent(
      { ...CONVERSATION, requiredSkills: { billing: 3, english: 3 } },
      people,
      { ...RULES, strategy: 'best_skilled' },
      NOW,
    )
    expect([userId, explanation.chosenBecause]).toEqual(['c', 'best_skilled'])
    expect(explanation.eligible.map((person) => [person.userId, person.score])).toEqual([
      ['c', 8],
      ['b', 7],
      ['a', 8],
    ])
  })

  test('spreads a burst evenly: nobody gets a second while somebody equal has none', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 40 }),
        (count, burst) => {
          const people = Array.from({ length: count }, (_, index) => ({
            ...SOMEBODY,
            userId: `p${index}`,
            load: 0,
            capacity: 100,
            lastAssignedAtMs: null as number | null,
          }))
          for (let index = 0; index < burst; index++) {
            const { userId, weight } = chooseAgent(CONVERSATION, people, RULES, NOW)
            const chosen = people.find((person) => person.userId === userId) as (typeof people)[0]
            chosen.load += weight
            chosen.lastAssignedAtMs = NOW + index
          }
          const loads = people.map(({ load }) => load)
          expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1)
        },
      ),
    )
  })

  test('explains everybody: either eligible or why not, and counts whom it does not name', () => {
    fc.assert(
      fc.property(scene, ([conversation, people, given]) => {
        const { explanation } = chooseAgent(conversation, people, given, NOW)
        const obstacles = Object.values(explanation.ineligibleCounts)
        const counted = explanation.eligibleCount + obstacles.reduce((sum, n) => sum + n, 0)
        expect(counted).toBe(people.length)
        expect(explanation.eligible).toHaveLength(Math.min(8, explanation.eligibleCount))
        const named = [...explanation.eligible, ...explanation.ineligible].map(
          ({ userId }) => userId,
        )
        expect(new Set(named).size).toBe(named.length)
      }),
    )
  })

  test('between equals is the one who has been idle longest, and says so', () => {
    const people = [
      { ...SOMEBODY, userId: 'a', lastAssignedAtMs: 500 },
      { ...SOMEBODY, userId: 'b', lastAssignedAtMs: 100 },
      { ...SOMEBODY, userId: 'c', lastAssignedAtMs: 900 },
    ]
    const choice = chooseAgent(CONVERSATION, people, RULES, NOW)
    expect([choice.userId, choice.explanation.chosenBecause]).toEqual(['b', 'longest_idle'])
  })

  test('passes over a slot that a wrap-up holds, and no other slot of the person', () => {
    const obstacleWith = (load: number, wrapUpLoad: number, capacity: number) => {
      const people = [{ ...SOMEBODY, userId: 'a', load, wrapUpLoad, capacity }]
      return chooseAgent(CONVERSATION, people, RULES, NOW).explanation.ineligible[0]?.because
    }
    expect(obstacleWith(1, 1, 5)).toBeUndefined()
    expect(obstacleWith(1, 1, 1)).toBe('in_wrap_up')
    expect(obstacleWith(2, 1, 1)).toBe('at_capacity')
    expect(obstacleWith(1, 0, 1)).toBe('at_capacity')
  })

  test('says how far requirements had been relaxed', () => {
    const people = [{ ...SOMEBODY, userId: 'a', skills: { english: 3 } }]
    const after = (seconds: number) =>
      chooseAgent(
        { ...CONVERSATION, requiredSkills: { english: 5 }, queuedAtMs: NOW - seconds * 1000 },
        people,
        { ...RULES, relaxSkillsAfterSeconds: 60 },
        NOW,
      )
    expect(after(59).userId).toBeNull()
    expect(after(59).explanation.ineligible).toEqual([
      { userId: 'a', because: 'lacks_skill', skill: 'english' },
    ])
    expect(after(60).userId).toBe('a')
    expect(after(60).explanation.relaxed).toEqual({ step: 1, to: { english: 3 } })
    expect(after(120).explanation.relaxed).toEqual({ step: 2, to: {} })
  })
})

test('an explanation without colleagues has the rule and one’s own place, and no part that is unknown', () => {
  const people = ['a', 'b', 'c'].map((userId) => ({ ...SOMEBODY, userId }))
  const full = { ...chooseAgent(CONVERSATION, people, RULES, NOW).explanation, added: 'later' }
  const { strategy, chosenBecause, waitedMs, requiredSkills, relaxed } = full
  const rule = { strategy, chosenBecause, waitedMs, requiredSkills, relaxed }
  expect(withoutColleagues(full, 'b')).toEqual({
    ...rule,
    eligible: [{ userId: 'b', load: 1, capacity: 5 }],
  })
  expect(withoutColleagues(full, 'somebody')).toEqual({ ...rule, eligible: [] })
  expect(withoutColleagues({ chosenBecause: 'previous_agent' }, 'b')).toEqual({
    chosenBecause: 'previous_agent',
    eligible: [],
  })
})

test('requirements only ever fall, and the next fall is told', () => {
  fc.assert(
    fc.property(
      skills,
      fc.integer({ min: 10, max: 600 }),
      fc.array(fc.integer({ min: 0, max: 2_000_000 }), { minLength: 2, maxLength: 5 }),
      (required, after, waits) => {
        const steps = waits.toSorted((a, b) => a - b).map((ms) => relaxSkills(required, ms, after))
        steps.slice(1).forEach((next, index) => {
          const before = (steps[index] as typeof next).skills
          for (const [skill, level] of Object.entries(next.skills))
            expect(level).toBeLessThanOrEqual(before[skill] ?? 0)
        })
        for (const waited of waits) {
          const falls = nextRelaxationAt(required, 0, waited, after)
          if (falls === null) continue
          expect(falls).toBeGreaterThan(waited)
          expect(relaxSkills(required, falls, after).step).toBe(
            relaxSkills(required, waited, after).step + 1,
          )
        }
      },
    ),
  )
})

test('a missing language is named before any other missing skill', () => {
  const required = { billing: 2, english: 2 }
  expect(missingSkill({}, required, LANGUAGE_SKILLS)).toBe('english')
  expect(missingSkill({ english: 2 }, required, LANGUAGE_SKILLS)).toBe('billing')
  expect(missingSkill({ english: 5, billing: 2 }, required, LANGUAGE_SKILLS)).toBeNull()
})

test('the queue’s order is total: priority, then due, then oldest', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(waiting, { selector: ({ conversationId }) => conversationId }),
      (queue) => {
        const sorted = [...queue].toSorted(compareWaiting)
        expect([...queue].toReversed().toSorted(compareWaiting)).toEqual(sorted)
        const rank = { urgent: 0, high: 1, normal: 2, low: 3 }
        sorted.slice(1).forEach((next, index) => {
          expect(rank[(sorted[index] as Waiting).priority]).toBeLessThanOrEqual(rank[next.priority])
        })
      },
    ),
  )
})

test('a conversation weighs what its channel weighs, and the team’s fraction of it while it waits for the customer', () => {
  const settings = { pendingCustomerFraction: 0.25, channelWeights: { whatsapp: 1, chat_app: 2 } }
  const states = ['assigned', 'pending_agent', 'pending_customer', 'queued', 'closed']
  expect(states.map((status) => loadWeight(status, 'chat_app', settings))).toEqual([
    2, 2, 0.5, 0, 0,
  ])
})
