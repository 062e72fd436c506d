import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { ALERT_KINDS } from './preferences.ts'
import { STORM_FROM, STORM_WINDOW_MS, gatherStorms, type StormAlert } from './storms.ts'

const NOW = 1_800_000_000_000

const alerts = (count: number, rest: Partial<StormAlert> = {}): StormAlert[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `${rest.kind ?? 'breach'}-${rest.teamId ?? 'sales'}-${index}`,
    kind: 'breach',
    teamId: 'sales',
    raisedAtMs: NOW - index,
    ...rest,
  }))

describe('a storm', () => {
  test('is so many of a kind and a team, and not one fewer', () => {
    const few = alerts(STORM_FROM - 1)
    expect(gatherStorms(few, NOW)).toEqual({ single: few, storms: [] })
    const many = alerts(STORM_FROM)
    expect(gatherStorms(many, NOW)).toEqual({
      single: [],
      storms: [{ key: 'breach:sales', kind: 'breach', teamId: 'sales', alerts: many }],
    })
  })

  test('keeps kinds and teams apart', () => {
    const mixed = [
      ...alerts(STORM_FROM - 1),
      ...alerts(STORM_FROM - 1, { kind: 'warning' }),
      ...alerts(STORM_FROM - 1, { teamId: 'support' }),
    ]
    expect(gatherStorms(mixed, NOW).storms).toEqual([])
    const { storms, single } = gatherStorms([...mixed, ...alerts(1, { teamId: null })], NOW)
    expect([storms, single.length]).toEqual([[], mixed.length + 1])
  })

  test('keeps its key while it grows', () => {
    const keyOf = (count: number) => gatherStorms(alerts(count), NOW).storms[0]?.key
    expect(keyOf(STORM_FROM)).toBe(keyOf(STORM_FROM + 10))
  })

  test('leaves out what came longer ago', () => {
    const fresh = alerts(STORM_FROM - 1)
    const old = { ...(alerts(1)[0] as StormAlert), id: 'old' }
    const at = (ageMs: number) =>
      gatherStorms([...fresh, { ...old, raisedAtMs: NOW - ageMs }], NOW).storms.length
    expect([at(STORM_WINDOW_MS), at(STORM_WINDOW_MS + 1)]).toEqual([1, 0])
  })

  test('never takes in an escalation', () => {
    const called = alerts(STORM_FROM * 2, { kind: 'escalation' })
    expect(gatherStorms(called, NOW)).toEqual({ single: called, storms: [] })
  })
})

test('each alert is told once, alone or in a storm', () => {
  const anyAlert = fc.record({
    kind: fc.constantFrom(...ALERT_KINDS),
    teamId: fc.constantFrom('sales', 'support', null),
    raisedAtMs: fc.integer({ min: NOW - 2 * STORM_WINDOW_MS, max: NOW }),
  })
  fc.assert(
    fc.property(fc.array(anyAlert, { maxLength: 30 }), (given) => {
      const all = given.map((alert, index) => ({ ...alert, id: String(index) }))
      const { single, storms } = gatherStorms(all, NOW)
      const told = [...single, ...storms.flatMap((storm) => storm.alerts)].map(({ id }) => id)
      expect(told.toSorted()).toEqual(all.map(({ id }) => id).toSorted())
      for (const storm of storms) expect(storm.alerts.length).toBeGreaterThanOrEqual(STORM_FROM)
    }),
  )
})
