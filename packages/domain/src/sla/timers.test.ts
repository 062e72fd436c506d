import { describe, expect, test } from 'vitest'

import {
  actOf,
  afterAct,
  pausesAfter,
  planTimers,
  type SlaSubject,
  type SlaTerms,
  type SlaTimer,
} from './timers.ts'

const MINUTE = 60_000
const START = Date.UTC(2026, 10, 3, 15)
const at = (minutes: number): number => START + minutes * MINUTE
const TERMS: SlaTerms = {
  targets: {
    firstResponseSeconds: 600,
    resolutionSeconds: 3600,
    escalationSeconds: 1200,
    warningPercent: 80,
  },
  pausesOnCustomer: true,
  calendar: { timeZone: 'UTC', windows: [], holidays: [] },
}
const NEW: SlaSubject = {
  status: 'queued',
  firstMessageAtMs: START,
  firstResponseAtMs: null,
  waitingSinceMs: START,
  closedAtMs: null,
}

function timer(name: SlaTimer['name'], timers: readonly SlaTimer[]): SlaTimer {
  const found = timers.find((one) => one.name === name)
  if (found === undefined) throw new Error(`no timer ${name}`)
  return found
}

describe('timers', () => {
  test('ask for the warning first, then for the breach, then for nothing', () => {
    const planned = timer('first_response', planTimers(NEW, [], TERMS, []))
    expect(planned.nextAtMs).toBe(at(8))
    expect(actOf(planned, at(8) - 1)).toBeNull()
    expect(actOf(planned, at(8))).toBe('warn')
    const warned = afterAct(planned, at(8))
    expect(warned).toMatchObject({ warnedAtMs: at(8), firedAtMs: null, nextAtMs: at(10) })
    expect(actOf(warned, at(10))).toBe('breach')
    const fired = afterAct(warned, at(10))
    expect(fired).toMatchObject({ firedAtMs: at(10), nextAtMs: null })
    expect(actOf(fired, at(11))).toBeNull()
  })

  test('do not warn of what is late already', () => {
    const planned = timer('first_response', planTimers(NEW, [], TERMS, []))
    expect(actOf(planned, at(12))).toBe('breach')
    expect(afterAct(planned, at(12)).nextAtMs).toBeNull()
  })

  test('call a lead without a warning, and never breach the next response', () => {
    const escalation = timer('escalation', planTimers(NEW, [], TERMS, []))
    expect(escalation.nextAtMs).toBe(at(20))
    expect(actOf(escalation, at(20))).toBe('escalate')
    const answered = { ...NEW, firstResponseAtMs: at(1), waitingSinceMs: at(5) }
    const next = timer('next_response', planTimers(answered, [], TERMS, []))
    expect(next.nextAtMs).toBe(at(13))
    const warned = afterAct(next, at(13))
    expect(warned.nextAtMs).toBeNull()
    // Nobody was there in time: it is let pass, and not looked at for ever.
    expect(actOf(next, at(30))).toBeNull()
    expect(afterAct(next, at(30)).nextAtMs).toBeNull()
  })

  test('remember what was done, and do it again only where other terms have moved its instant on', () => {
    const first = planTimers(NEW, [], TERMS, []).map((one) => afterAct(one, at(9)))
    const again = planTimers({ ...NEW, status: 'assigned' }, [], TERMS, first)
    expect(timer('first_response', again)).toMatchObject({ warnedAtMs: at(9), nextAtMs: at(10) })
    const longer = { ...TERMS, targets: { ...TERMS.targets, firstResponseSeconds: 1200 } }
    expect(timer('first_response', planTimers(NEW, [], longer, first))).toMatchObject({
      warnedAtMs: null,
      nextAtMs: at(16),
    })
    const shorter = { ...TERMS, targets: { ...TERMS.targets, firstResponseSeconds: 540 } }
    expect(timer('first_response', planTimers(NEW, [], shorter, first))).toMatchObject({
      warnedAtMs: at(9),
      nextAtMs: at(9),
    })
  })

  test('are none where nothing is promised', () => {
    expect(planTimers(NEW, [], null, [])).toEqual([])
  })

  test('that have stopped keep what they were measured by, until they run again', () => {
    const answered = { ...NEW, firstResponseAtMs: at(9), waitingSinceMs: null }
    const kept = planTimers(answered, [], TERMS, [])
    const stricter = { ...TERMS, targets: { ...TERMS.targets, firstResponseSeconds: 60 } }
    expect(timer('first_response', planTimers(answered, [], stricter, kept))).toEqual(
      timer('first_response', kept),
    )
    const closed = { ...NEW, status: 'closed' as const, closedAtMs: at(9), waitingSinceMs: null }
    const stopped = planTimers(closed, [], TERMS, [])
    const pauses = [{ kind: 'closed' as const, fromMs: at(9), toMs: at(20) }]
    expect(timer('first_response', planTimers(NEW, pauses, stricter, stopped))).toMatchObject({
      state: 'running',
      targetMs: MINUTE,
    })
  })

  test('that have stopped say when, and ask for nothing', () => {
    const answered = { ...NEW, firstResponseAtMs: at(11), waitingSinceMs: null }
    expect(timer('first_response', planTimers(answered, [], TERMS, []))).toMatchObject({
      state: 'stopped',
      stoppedAtMs: at(11),
      isMissed: true,
      nextAtMs: null,
    })
  })
})

test('a lead who was called is called again where the hours have moved the instant on, and not for a pause', () => {
  const called = planTimers(NEW, [], TERMS, []).map((one) => afterAct(one, at(20)))
  const closedNow = {
    ...TERMS,
    calendar: {
      timeZone: 'UTC',
      windows: [{ dayOfWeek: 1, opensAt: '17:00', closesAt: '18:00' }],
      holidays: [],
    },
  }
  expect(timer('escalation', planTimers(NEW, [], closedNow, called))).toMatchObject({
    firedAtMs: null,
    nextAtMs: at(140),
  })
  const pauses = [{ kind: 'pending_customer' as const, fromMs: at(55), toMs: null }]
  const late = planTimers(NEW, [], TERMS, called).map((one) => afterAct(one, at(50)))
  expect(timer('resolution', late).warnedAtMs).toBe(at(50))
  const paused = planTimers({ ...NEW, status: 'pending_customer' }, pauses, TERMS, late)
  expect(timer('resolution', paused)).toMatchObject({ dueAtMs: null, warnedAtMs: at(50) })
  const resumed = planTimers(NEW, [{ ...pauses[0]!, toMs: at(90) }], TERMS, paused)
  expect(timer('resolution', resumed)).toMatchObject({ warnedAtMs: at(50), nextAtMs: at(95) })
})

describe('pauses', () => {
  test('begin and end with the state, and one follows the other', () => {
    const waits = pausesAfter([], 'assigned', 'pending_customer', at(5))
    expect(waits).toEqual([{ kind: 'pending_customer', fromMs: at(5), toMs: null }])
    const closed = pausesAfter(waits, 'pending_customer', 'closed', at(9))
    expect(closed).toEqual([
      { kind: 'pending_customer', fromMs: at(5), toMs: at(9) },
      { kind: 'closed', fromMs: at(9), toMs: null },
    ])
    expect(pausesAfter(closed, 'closed', 'queued', at(30)).at(-1)?.toMs).toBe(at(30))
    expect(pausesAfter(waits, 'pending_customer', 'pending_customer', at(7))).toEqual(waits)
  })

  test('move the resolution by as long as they lasted, where the team has it so', () => {
    const pauses = [{ kind: 'pending_customer' as const, fromMs: at(5), toMs: at(35) }]
    expect(timer('resolution', planTimers(NEW, pauses, TERMS, [])).dueAtMs).toBe(at(90))
    const never = { ...TERMS, pausesOnCustomer: false }
    expect(timer('resolution', planTimers(NEW, pauses, never, [])).dueAtMs).toBe(at(60))
  })
})
