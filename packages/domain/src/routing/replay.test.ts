import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { chooseAgent, compareWaiting, type Candidate } from './choose-agent.ts'
import {
  replayRouting,
  type ReplayInput,
  type ReplayedArrival,
  type ReplayedAssignment,
  type ReplayedPerson,
} from './replay.ts'
import { DEFAULT_ROUTING_SETTINGS, ROUTING_STRATEGIES } from './routing-settings.ts'

const SECOND = 1000
const ALWAYS = { timeZone: 'UTC', windows: [], holidays: [] }
const MINUTE = 60 * SECOND

function arrival(
  conversationId: string,
  queuedAtSeconds: number,
  more: Partial<ReplayedArrival> = {},
): ReplayedArrival {
  return {
    conversationId,
    queuedAtMs: queuedAtSeconds * SECOND,
    channel: 'whatsapp',
    priority: 'normal',
    requiredSkills: {},
    previousAgent: null,
    awaitsFirstResponse: true,
    dueAtMs: null,
    leavesAtMs: null,
    handling: { activeMs: MINUTE, pendingMs: 0, endsInClose: true },
    ...more,
  }
}

function person(
  userId: string,
  capacity = 1,
  more: Partial<ReplayedPerson['presence'][number]> = {},
  skills: ReplayedPerson['skills'] = {},
): ReplayedPerson {
  const presence = { fromMs: 0, untilMs: null, status: 'online' as const, isFinishing: false }
  return { userId, skills, presence: [{ ...presence, capacity, ...more }] }
}

/** Eight minutes: each of the 48 parts is ten seconds. */
function scene(input: Partial<ReplayInput>): ReplayInput {
  const settings = DEFAULT_ROUTING_SETTINGS
  return {
    arrivals: [],
    people: [],
    settings,
    fromMs: 0,
    toMs: 8 * MINUTE,
    targets: {},
    calendar: ALWAYS,
    ...input,
  }
}

function traceOf(input: ReplayInput): ReplayedAssignment[] {
  const trace: ReplayedAssignment[] = []
  replayRouting(input, (assignment) => trace.push(assignment))
  return trace
}

/** Who got what and when, in seconds. */
function story(input: ReplayInput): string[] {
  return traceOf(input).map(
    ({ atMs, conversationId, userId }) => `${atMs / SECOND} ${conversationId} ${userId}`,
  )
}

describe('a replay', () => {
  test('of one agent who takes one at a time is a line at a counter', () => {
    const input = scene({
      arrivals: [arrival('x', 0), arrival('y', 10), arrival('z', 20)],
      people: [person('ana')],
      targets: { normal: 60 },
    })
    expect(story(input)).toEqual(['0 x ana', '60 y ana', '120 z ana'])
    const { waitOverTime, ...figures } = replayRouting(input)
    expect(figures).toEqual({
      conversations: 3,
      unassigned: 0,
      waitSeconds: { mean: 50, p50: 50, p90: 100, maximum: 100 },
      firstResponseBreaches: 1,
      toPreviousAgent: 0,
      load: [{ userId: 'ana', assigned: 3, meanLoad: 180 / 480 }],
      loadSpread: 0,
    })
    expect(waitOverTime).toHaveLength(48)
    expect(waitOverTime.slice(0, 4)).toEqual([
      { fromMs: 0, meanWaitSeconds: 0 },
      { fromMs: 10_000, meanWaitSeconds: 50 },
      { fromMs: 20_000, meanWaitSeconds: 100 },
      { fromMs: 30_000, meanWaitSeconds: null },
    ])
  })

  test('of nothing is nothing', () => {
    const { waitOverTime, ...figures } = replayRouting(scene({}))
    expect(figures).toEqual({
      conversations: 0,
      unassigned: 0,
      waitSeconds: { mean: 0, p50: 0, p90: 0, maximum: 0 },
      firstResponseBreaches: 0,
      toPreviousAgent: 0,
      load: [],
      loadSpread: 0,
    })
    expect(waitOverTime.every(({ meanWaitSeconds }) => meanWaitSeconds === null)).toBe(true)
  })

  test('counts what waits for the customer by the fraction, and holds the slot of a wrap-up', () => {
    const handling = { activeMs: 10 * SECOND, pendingMs: 20 * SECOND, endsInClose: true }
    const input = scene({
      arrivals: [arrival('x', 0, { handling }), arrival('y', 0, { handling })],
      people: [person('ana')],
    })
    expect(story(input)).toEqual(['0 x ana', '30 y ana'])
    // 10 s of weight 1 and 20 s of weight 0.25, twice.
    expect(replayRouting(input).load).toEqual([
      { userId: 'ana', assigned: 2, meanLoad: (2 * (10 + 20 * 0.25)) / 480 },
    ])
    const free = { ...DEFAULT_ROUTING_SETTINGS, pendingCustomerFraction: 0 }
    expect(story({ ...input, settings: free })).toEqual(['0 x ana', '10 y ana'])
    const wrapUp = { ...DEFAULT_ROUTING_SETTINGS, wrapUpSeconds: 15 }
    expect(story({ ...input, settings: wrapUp })).toEqual(['0 x ana', '45 y ana'])
    const notClosed = input.arrivals.map((one) => ({
      ...one,
      handling: { ...handling, endsInClose: false },
    }))
    expect(story({ ...input, arrivals: notClosed, settings: wrapUp })).toEqual([
      '0 x ana',
      '30 y ana',
    ])
  })

  test('weighs by channel', () => {
    const input = scene({
      arrivals: [
        arrival('x', 0, { channel: 'chat_app' }),
        arrival('y', 0, { channel: 'chat_app' }),
      ],
      people: [person('ana')],
    })
    expect(story(input)).toEqual(['0 x ana', '60 y ana'])
    const channelWeights = { whatsapp: 1, chat_app: 0.5 }
    expect(story({ ...input, settings: { ...DEFAULT_ROUTING_SETTINGS, channelWeights } })).toEqual([
      '0 x ana',
      '0 y ana',
    ])
  })

  test('takes the more urgent and the earlier due before the older', () => {
    const input = scene({
      arrivals: [
        arrival('first', 0),
        arrival('old', 1),
        arrival('urgent', 3, { priority: 'urgent' }),
        arrival('due', 2, { dueAtMs: 30 * SECOND }),
      ],
      people: [person('ana')],
      targets: { normal: 300 },
    })
    expect(story(input)).toEqual(['0 first ana', '60 urgent ana', '120 due ana', '180 old ana'])
    // Only what was due at 30 s got nothing by then; who has been answered before is owed none.
    expect(replayRouting(input).firstResponseBreaches).toBe(1)
    const answered = input.arrivals.map((one) => ({ ...one, awaitsFirstResponse: false }))
    expect(replayRouting({ ...input, arrivals: answered }).firstResponseBreaches).toBe(0)
  })

  test('gives nothing to who is not there, and to who was there the load of that time', () => {
    const ana: ReplayedPerson = {
      userId: 'ana',
      skills: {},
      presence: [
        { fromMs: -MINUTE, untilMs: 10_000, status: 'busy', isFinishing: false, capacity: 1 },
        { fromMs: 10_000, untilMs: 20_000, status: 'online', isFinishing: true, capacity: 1 },
        { fromMs: 20_000, untilMs: 50_000, status: 'online', isFinishing: false, capacity: 1 },
        { fromMs: 300_000, untilMs: null, status: 'online', isFinishing: false, capacity: 1 },
      ],
    }
    const never = person('bea', 9, { status: 'away' })
    const input = scene({
      arrivals: [arrival('x', 0), arrival('y', 0)],
      people: [ana, never],
    })
    expect(story(input)).toEqual(['20 x ana', '300 y ana'])
    // Online 10 s finishing, 30 s with x, then three minutes of which one with y.
    expect(replayRouting(input).load).toEqual([
      { userId: 'ana', assigned: 2, meanLoad: (30 + 60) / (10 + 30 + 180) },
    ])
  })

  test('relaxes what is required, when the settings say so', () => {
    const input = scene({
      arrivals: [arrival('x', 0, { requiredSkills: { english: 5 } })],
      people: [person('ana', 1, {}, { english: 3 })],
    })
    expect(replayRouting(input)).toMatchObject({
      conversations: 1,
      unassigned: 1,
      waitSeconds: { mean: 480 },
    })
    const settings = { ...DEFAULT_ROUTING_SETTINGS, relaxSkillsAfterSeconds: 40 }
    expect(story({ ...input, settings })).toEqual(['40 x ana'])
    expect(story({ ...input, settings, people: [person('bea')] })).toEqual(['80 x bea'])
  })

  test('prefers the previous agent within the sticky time only', () => {
    const previousAgent = { userId: 'bea', answeredAtMs: -100 * SECOND }
    const input = scene({
      arrivals: [arrival('x', 0, { previousAgent })],
      people: [person('ana'), person('bea')],
    })
    const sticky = (stickySeconds: number) => ({ ...DEFAULT_ROUTING_SETTINGS, stickySeconds })
    expect(story({ ...input, settings: sticky(101) })).toEqual(['0 x bea'])
    expect(replayRouting({ ...input, settings: sticky(101) }).toPreviousAgent).toBe(1)
    expect(story({ ...input, settings: sticky(100) })).toEqual(['0 x ana'])
    expect(replayRouting({ ...input, settings: sticky(0) }).toPreviousAgent).toBe(0)
  })

  test('lets go what left by itself, and handles what nobody had as long as the others', () => {
    const input = scene({
      arrivals: [
        arrival('x', 0, { handling: { activeMs: 30_000, pendingMs: 0, endsInClose: true } }),
        arrival('gone', 1, { leavesAtMs: 20_000, handling: null }),
        arrival('new', 2, { handling: null }),
        arrival('last', 3, { handling: { activeMs: 50_000, pendingMs: 0, endsInClose: true } }),
      ],
      people: [person('ana')],
    })
    expect(story(input)).toEqual(['0 x ana', '30 new ana', '70 last ana'])
    expect(replayRouting(input)).toMatchObject({
      conversations: 4,
      unassigned: 0,
      waitSeconds: { mean: (0 + 19 + 28 + 67) / 4, p50: 19, p90: 67, maximum: 67 },
    })
    const alone = [arrival('new', 0, { handling: null }), arrival('other', 0, { handling: null })]
    expect(replayRouting({ ...input, arrivals: alone }).unassigned).toBe(1)
  })
})

const SKILLS = fc.dictionary(
  fc.constantFrom('english', 'billing'),
  fc.integer({ min: 1, max: 5 }),
  {
    maxKeys: 2,
  },
)
const IDS = ['ana', 'bea', 'cai', 'dev']
const LASTS_SECONDS = 120
const wholeSeconds = (min: number, max: number) =>
  fc.integer({ min, max }).map((seconds) => seconds * SECOND)

const anyArrival = fc.record({
  queuedAtMs: wholeSeconds(0, LASTS_SECONDS - 1),
  channel: fc.constantFrom('whatsapp' as const, 'chat_app' as const),
  priority: fc.constantFrom('low' as const, 'normal' as const, 'urgent' as const),
  requiredSkills: SKILLS,
  previousAgent: fc.option(
    fc.record({ userId: fc.constantFrom(...IDS), answeredAtMs: wholeSeconds(-60, 0) }),
  ),
  awaitsFirstResponse: fc.boolean(),
  dueAtMs: fc.option(wholeSeconds(0, LASTS_SECONDS)),
  leavesAtMs: fc.constant(null),
  handling: fc.record({
    activeMs: wholeSeconds(1, 20),
    pendingMs: wholeSeconds(0, 20),
    endsInClose: fc.boolean(),
  }),
})
const anyArrivals = fc
  .array(fc.tuple(anyArrival, fc.option(wholeSeconds(0, 30))), { maxLength: 40 })
  .map((drawn) =>
    drawn.map(([one, staysMs], index): ReplayedArrival & { handling: object } => ({
      ...one,
      conversationId: `c${String(index).padStart(2, '0')}`,
      leavesAtMs: staysMs === null ? null : one.queuedAtMs + staysMs,
    })),
  )
const anyPresence = fc.record({
  status: fc.constantFrom('online' as const, 'online' as const, 'busy' as const),
  isFinishing: fc.constantFrom(false, false, false, true),
  capacity: fc.integer({ min: 0, max: 3 }),
})
/** Each person has one presence until some second, another one until a later one, and is gone then. */
const anyPeople = fc
  .tuple(
    ...IDS.map((userId) =>
      fc
        .tuple(SKILLS, anyPresence, anyPresence, wholeSeconds(0, 60), wholeSeconds(0, 100))
        .map(([skills, one, other, firstMs, secondMs]): ReplayedPerson => ({
          userId,
          skills,
          presence: [
            { ...one, fromMs: -5 * SECOND, untilMs: firstMs },
            { ...other, fromMs: firstMs, untilMs: firstMs + secondMs },
          ],
        })),
    ),
  )
  .chain((everybody) => fc.subarray(everybody))
const anySettings = fc.record({
  strategy: fc.constantFrom(...ROUTING_STRATEGIES),
  stickySeconds: fc.constantFrom(0, 30, 1000),
  relaxSkillsAfterSeconds: fc.option(fc.integer({ min: 3, max: 30 })),
  channelWeights: fc.record({
    whatsapp: fc.constantFrom(0.5, 1),
    chat_app: fc.constantFrom(0.5, 1, 2),
  }),
  pendingCustomerFraction: fc.constantFrom(0, 0.1, 0.25, 1),
  wrapUpSeconds: fc.constantFrom(0, 5),
})
const anyInput = fc
  .record({ arrivals: anyArrivals, people: anyPeople, settings: anySettings })
  .map((drawn) => ({ ...scene(drawn), arrivals: drawn.arrivals, toMs: LASTS_SECONDS * SECOND }))
type AnyInput = typeof anyInput extends fc.Arbitrary<infer Value> ? Value : never

/** The same by looking at everybody and everything each second, remembering only who got what. */
function secondBySecond({ arrivals, people, settings, toMs }: AnyInput): string[] {
  const given: { one: AnyInput['arrivals'][number]; userId: string; atMs: number }[] = []
  const lastAssigned = new Map<string, number>()
  let roundRobinAfter: string | null = null

  function candidateAt({ userId, skills, presence }: ReplayedPerson, nowMs: number): Candidate {
    const part = presence.findLast(
      ({ fromMs, untilMs }) => fromMs <= nowMs && nowMs < (untilMs ?? toMs),
    )
    let [load, wrapUpLoad] = [0, 0]
    for (const { one, atMs, userId: owner } of given) {
      if (owner !== userId) continue
      const pendingFromMs = atMs + one.handling.activeMs
      const endMs = pendingFromMs + one.handling.pendingMs
      const weight = settings.channelWeights[one.channel]
      if (nowMs < pendingFromMs) load += weight
      else if (nowMs < endMs) load += weight * settings.pendingCustomerFraction
      else if (one.handling.endsInClose && nowMs < endMs + settings.wrapUpSeconds * SECOND) {
        wrapUpLoad += weight
      }
    }
    return {
      userId,
      skills,
      presence: part?.status ?? 'offline',
      isFinishing: part?.isFinishing ?? false,
      capacity: part?.capacity ?? 0,
      // Tenths that are added up are no longer tenths.
      load: Math.round((load + wrapUpLoad) * 1000) / 1000,
      wrapUpLoad,
      lastAssignedAtMs: lastAssigned.get(userId) ?? null,
    }
  }

  for (let nowMs = 0; nowMs < toMs; nowMs += SECOND) {
    const queue = arrivals
      .filter(
        (one) =>
          one.queuedAtMs <= nowMs &&
          (one.leavesAtMs ?? toMs) > nowMs &&
          !given.some(({ one: other }) => other === one),
      )
      .map((one) => ({
        one,
        waiting: {
          ...one,
          previousAgentId:
            one.previousAgent !== null &&
            one.queuedAtMs - one.previousAgent.answeredAtMs < settings.stickySeconds * SECOND
              ? one.previousAgent.userId
              : null,
          declinedBy: [],
          nextDueAtMs: one.awaitsFirstResponse ? one.dueAtMs : null,
        },
      }))
      .toSorted((a, b) => compareWaiting(a.waiting, b.waiting))
    for (const { one, waiting } of queue) {
      const candidates = people.map((somebody) => candidateAt(somebody, nowMs))
      const rules = { ...settings, roundRobinAfter }
      const { userId } = chooseAgent(waiting, candidates, rules, nowMs)
      if (userId === null) continue
      roundRobinAfter = userId
      given.push({ one, userId, atMs: nowMs })
      lastAssigned.set(userId, nowMs + given.length / 1_000_000)
    }
  }
  return given.map(({ one, userId, atMs }) => `${atMs / SECOND} ${one.conversationId} ${userId}`)
}

describe('any replay', () => {
  test('decides as looking at everything all the time would', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        expect(story(input)).toEqual(secondBySecond(input))
      }),
      { numRuns: 300 },
    )
  })

  test('gives the same figures for the same input, whatever its order', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const figures = replayRouting(input)
        expect(replayRouting(input)).toEqual(figures)
        const { load, unassigned, waitSeconds } = replayRouting({
          ...input,
          arrivals: input.arrivals.toReversed(),
          people: input.people.toReversed(),
        })
        expect([load.map(({ assigned }) => assigned), unassigned, waitSeconds.maximum]).toEqual([
          figures.load.map(({ assigned }) => assigned),
          figures.unassigned,
          figures.waitSeconds.maximum,
        ])
      }),
    )
  })

  test('gives nobody more than fits, and every conversation at most once', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const trace = traceOf(input)
        for (const { load, capacity } of trace) expect(load).toBeLessThanOrEqual(capacity)
        expect(new Set(trace.map(({ conversationId }) => conversationId)).size).toBe(trace.length)
        const { load, unassigned, conversations } = replayRouting(input)
        expect(load.reduce((sum, { assigned }) => sum + assigned, 0)).toBe(trace.length)
        expect(conversations).toBe(input.arrivals.length)
        expect(unassigned).toBeLessThanOrEqual(conversations - trace.length)
      }),
    )
  })

  test('of a plain queue is never slower with more capacity', () => {
    const plainArrivals = anyArrivals.map((arrivals) =>
      arrivals.map((one) => ({
        ...one,
        channel: 'whatsapp' as const,
        priority: 'normal' as const,
        requiredSkills: {},
        dueAtMs: null,
        leavesAtMs: null,
        handling: { ...one.handling, pendingMs: 0 },
      })),
    )
    fc.assert(
      fc.property(
        plainArrivals,
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 4 }),
        (arrivals, people, capacity) => {
          const meanWait = (each: number): number =>
            replayRouting(
              scene({ arrivals, people: IDS.slice(0, people).map((id) => person(id, each)) }),
            ).waitSeconds.mean
          expect(meanWait(capacity + 1)).toBeLessThanOrEqual(meanWait(capacity))
        },
      ),
    )
  })
})
