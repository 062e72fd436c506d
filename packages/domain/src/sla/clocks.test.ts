import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { type BusinessCalendar } from '../calendar/business-calendar.ts'
import { measureBusinessMs } from '../calendar/business-time.ts'
import { computeClocks, nearestClock, type SlaClockName, type SlaFacts } from './clocks.ts'

const ALWAYS: BusinessCalendar = { timeZone: 'UTC', windows: [], holidays: [] }
const OFFICE: BusinessCalendar = {
  timeZone: 'America/Mexico_City',
  windows: [0, 1, 2, 3, 4].map((dayOfWeek) => ({
    dayOfWeek,
    opensAt: '09:00',
    closesAt: '18:00',
  })),
  holidays: ['2026-11-16'],
}
const TARGETS = {
  firstResponseSeconds: 600,
  resolutionSeconds: 3600,
  escalationSeconds: 1200,
  warningPercent: 80,
}
const at = (iso: string): number => Date.parse(iso)
const FRIDAY_17_55 = at('2026-11-13T17:55:00-06:00')

const NEW: SlaFacts = {
  firstMessageAtMs: FRIDAY_17_55,
  firstResponseAtMs: null,
  closedAtMs: null,
  waitingSinceMs: FRIDAY_17_55,
  resolutionPauses: [],
  closedPauses: [],
}

function clockOf(name: SlaClockName, facts: SlaFacts, calendar = OFFICE) {
  const found = computeClocks(facts, TARGETS, calendar).find((clock) => clock.name === name)
  if (found === undefined) throw new Error(`no clock ${name}`)
  return found
}

describe('clocks', () => {
  test('run in business time: over a weekend and a holiday to the next working morning', () => {
    const clock = clockOf('first_response', NEW)
    expect(clock.state).toBe('running')
    expect(clock.dueAtMs).toBe(at('2026-11-17T09:05:00-06:00'))
    expect(clock.warnsAtMs).toBe(at('2026-11-17T09:03:00-06:00'))
  })

  test('stop with what was promised, and say what it took', () => {
    const answered = clockOf('first_response', {
      ...NEW,
      firstResponseAtMs: at('2026-11-17T09:04:00-06:00'),
      waitingSinceMs: null,
    })
    expect(answered).toMatchObject({ state: 'stopped', tookMs: 9 * 60_000, isMissed: false })
    const late = clockOf('first_response', {
      ...NEW,
      firstResponseAtMs: at('2026-11-17T09:05:01-06:00'),
    })
    expect(late).toMatchObject({ tookMs: 601_000, isMissed: true })
  })

  test('of the resolution stand still while the customer has to answer', () => {
    const from = FRIDAY_17_55 + 60_000
    const paused = {
      ...NEW,
      waitingSinceMs: null,
      resolutionPauses: [{ fromMs: from, toMs: null }],
    }
    expect(clockOf('resolution', paused, ALWAYS)).toMatchObject({ state: 'paused', dueAtMs: null })
    const again = {
      ...paused,
      resolutionPauses: [{ fromMs: from, toMs: from + 7_200_000 }],
    }
    expect(clockOf('resolution', again, ALWAYS)).toMatchObject({
      state: 'running',
      dueAtMs: FRIDAY_17_55 + 3_600_000 + 7_200_000,
    })
  })

  test('that were late before they were paused stay late', () => {
    const late = FRIDAY_17_55 + 4_000_000
    const paused = { ...NEW, resolutionPauses: [{ fromMs: late, toMs: null }] }
    expect(clockOf('resolution', paused, ALWAYS).dueAtMs).toBe(FRIDAY_17_55 + 3_600_000)
  })

  test('of the answer run from the oldest unanswered message, and only while there is one', () => {
    const names = (facts: SlaFacts) => computeClocks(facts, TARGETS, ALWAYS).map(({ name }) => name)
    expect(names(NEW)).toEqual(['first_response', 'resolution', 'escalation'])
    const answered = { ...NEW, firstResponseAtMs: FRIDAY_17_55 + 1000, waitingSinceMs: null }
    expect(names(answered)).toEqual(['first_response', 'resolution'])
    const wroteAgain = { ...answered, waitingSinceMs: FRIDAY_17_55 + 9_000 }
    expect(names(wroteAgain)).toContain('next_response')
    expect(clockOf('escalation', wroteAgain, ALWAYS).dueAtMs).toBe(FRIDAY_17_55 + 9_000 + 1_200_000)
    expect(names({ ...wroteAgain, closedAtMs: FRIDAY_17_55 + 20_000 })).toEqual([
      'first_response',
      'resolution',
    ])
    expect(names({ ...NEW, firstMessageAtMs: null })).toEqual([])
  })

  test('nearest is the running one that is due first', () => {
    expect(nearestClock(computeClocks(NEW, TARGETS, ALWAYS))?.name).toBe('first_response')
    const closed = { ...NEW, closedAtMs: FRIDAY_17_55 + 1000 }
    expect(nearestClock(computeClocks(closed, TARGETS, ALWAYS))).toBeNull()
  })
})

test('a clock that is stopped at its due instant took exactly its target, and a moment later is missed', () => {
  const pause = fc.record({
    fromMs: fc.integer({ min: 0, max: 40 * 3600_000 }),
    lengthMs: fc.integer({ min: 0, max: 8 * 3600_000 }),
  })
  fc.assert(
    fc.property(
      fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2026-12-31T00:00:00Z') }),
      fc.array(pause, { maxLength: 4 }),
      fc.constantFrom(ALWAYS, OFFICE),
      (firstMessageAtMs, parts, calendar) => {
        const resolutionPauses = parts.map(({ fromMs, lengthMs }) => ({
          fromMs: firstMessageAtMs + fromMs,
          toMs: firstMessageAtMs + fromMs + lengthMs,
        }))
        const facts = { ...NEW, firstMessageAtMs, waitingSinceMs: null, resolutionPauses }
        const running = clockOf('resolution', facts, calendar)
        const dueAtMs = running.dueAtMs as number
        expect(running.warnsAtMs).toBeLessThan(dueAtMs)
        const onTime = clockOf('resolution', { ...facts, closedAtMs: dueAtMs }, calendar)
        expect(onTime).toMatchObject({ tookMs: 3_600_000, isMissed: false })
        const later = dueAtMs + 60_000
        const tookMs = measureBusinessMs(calendar, firstMessageAtMs, later, resolutionPauses)
        expect(clockOf('resolution', { ...facts, closedAtMs: later }, calendar)).toMatchObject({
          tookMs,
          isMissed: tookMs > 3_600_000,
        })
      },
    ),
  )
})
