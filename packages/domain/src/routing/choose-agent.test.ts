import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import {
  chooseAgent,
  compareWaiting,
  loadWeight,
  type Candidate,
  type Waiting,
} from './choose-agent.ts'

const NOW = 1_000_000

const candidate = fc.record({
  userId: fc.uuid(),
  presence: fc.constantFrom('online', 'online', 'online', 'busy', 'away', 'offline'),
  load: fc.integer({ min: 0, max: 24 }).map((quarters) => quarters / 4),
  capacity: fc.integer({ min: 0, max: 6 }),
  skills: fc.dictionary(fc.constantFrom('english', 'billing'), fc.integer({ min: 1, max: 5 })),
  lastAssignedAtMs: fc.option(fc.integer({ min: 0, max: NOW })),
  wrapUpUntilMs: fc.option(fc.integer({ min: NOW - 100, max: NOW + 100 })),
}) as fc.Arbitrary<Candidate>
const candidates = fc.uniqueArray(candidate, { selector: ({ userId }) => userId, maxLength: 12 })
const waiting = fc.record({
  conversationId: fc.uuid(),
  priority: fc.constantFrom('low', 'normal', 'high', 'urgent'),
  requiredSkills: fc.dictionary(
    fc.constantFrom('english', 'billing'),
    fc.integer({ min: 1, max: 5 }),
  ),
  previousAgentId: fc.option(fc.uuid()),
  nextDueAtMs: fc.option(fc.integer({ min: 0, max: 2 * NOW })),
  queuedAtMs: fc.integer({ min: 0, max: NOW }),
}) as fc.Arbitrary<Waiting>

function isEligible(person: Candidate, conversation: Waiting): boolean {
  return (
    person.presence === 'online' &&
    person.load + 1 <= person.capacity &&
    !(person.wrapUpUntilMs !== null && person.wrapUpUntilMs > NOW) &&
    Object.entries(conversation.requiredSkills).every(
      ([skill, level]) => (person.skills[skill] ?? 0) >= level,
    )
  )
}

describe('the choice', () => {
  test('is somebody eligible, and nobody exactly when there is none', () => {
    fc.assert(
      fc.property(waiting, candidates, (conversation, people) => {
        const { userId } = chooseAgent(conversation, people, NOW)
        const eligible = people.filter((person) => isEligible(person, conversation))
        if (userId === null) expect(eligible).toEqual([])
        else expect(eligible.map((person) => person.userId)).toContain(userId)
      }),
    )
  })

  test('does not depend on the order in which people are given', () => {
    fc.assert(
      fc.property(
        waiting,
        candidates,
        fc.infiniteStream(fc.nat()),
        (conversation, people, random) => {
          const shuffled = [...people]
            .map((person) => ({ person, key: random.next().value as number }))
            .toSorted((a, b) => a.key - b.key)
            .map(({ person }) => person)
          expect(chooseAgent(conversation, shuffled, NOW)).toEqual(
            chooseAgent(conversation, people, NOW),
          )
        },
      ),
    )
  })

  test('is the previous agent if they can, else nobody who carries more than another', () => {
    fc.assert(
      fc.property(waiting, candidates, (conversation, people) => {
        const eligible = people.filter((person) => isEligible(person, conversation))
        const { userId, explanation } = chooseAgent(conversation, people, NOW)
        const previous = eligible.find((person) => person.userId === conversation.previousAgentId)
        if (previous !== undefined) {
          expect([userId, explanation.chosenBecause]).toEqual([previous.userId, 'previous_agent'])
          return
        }
        const chosen = eligible.find((person) => person.userId === userId)
        for (const person of eligible) expect(chosen?.load).toBeLessThanOrEqual(person.load)
      }),
    )
  })

  test('explains everybody: either eligible or why not', () => {
    fc.assert(
      fc.property(waiting, candidates, (conversation, people) => {
        const { explanation } = chooseAgent(conversation, people, NOW)
        const named = [...explanation.eligible, ...explanation.ineligible].map(
          ({ userId }) => userId,
        )
        expect(named.toSorted()).toEqual(people.map(({ userId }) => userId).toSorted())
      }),
    )
  })

  test('between equals is the one who has been idle longest, and says so', () => {
    const base = {
      presence: 'online',
      load: 1,
      capacity: 5,
      skills: {},
      wrapUpUntilMs: null,
    } as const
    const people: Candidate[] = [
      { ...base, userId: 'a', lastAssignedAtMs: 500 },
      { ...base, userId: 'b', lastAssignedAtMs: 100 },
      { ...base, userId: 'c', lastAssignedAtMs: 900 },
    ]
    const conversation: Waiting = {
      conversationId: 'x',
      priority: 'normal',
      requiredSkills: {},
      previousAgentId: null,
      nextDueAtMs: null,
      queuedAtMs: 0,
    }
    const choice = chooseAgent(conversation, people, NOW)
    expect([choice.userId, choice.explanation.chosenBecause]).toEqual(['b', 'longest_idle'])
  })
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

test('a conversation that waits for the customer weighs the team’s fraction', () => {
  expect(
    ['assigned', 'pending_agent', 'pending_customer', 'queued', 'closed'].map((status) =>
      loadWeight(status, 0.25),
    ),
  ).toEqual([1, 1, 0.25, 0, 0])
})
