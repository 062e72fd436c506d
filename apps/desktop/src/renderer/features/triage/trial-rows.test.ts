import { PRIORITIES } from '@parley/domain'
import { describe, expect, it } from 'vitest'

import { barWidth, priorityRows, signed, teamRows } from './trial-rows.ts'

const NAMES: Record<string, string> = { a: 'Ventas', b: 'Cuentas', c: 'Nadie' }
const RUN = {
  before: { byTeam: { a: 8, c: 0 }, byPriority: { normal: 8 } },
  after: { byTeam: { a: 5, b: 3 }, byPriority: { normal: 6, urgent: 2 } },
}

describe('before and after', () => {
  const rows = teamRows(RUN, (id) => NAMES[id] ?? id)

  it('has every team that gets or got any, by name', () => {
    expect(rows).toEqual([
      { key: 'b', before: 0, after: 3 },
      { key: 'a', before: 8, after: 5 },
    ])
  })

  it('has every priority, the most urgent first', () => {
    const all = priorityRows(RUN)
    expect(all.map(({ key }) => key)).toEqual(PRIORITIES.toReversed())
    expect(all[0]).toEqual({ key: 'urgent', before: 0, after: 2 })
  })

  it('is drawn to one scale', () => {
    expect(barWidth(8, rows)).toBe(100)
    expect(barWidth(2, rows)).toBe(25)
    expect(barWidth(0, [])).toBe(0)
  })

  it('has its sign', () => {
    expect([signed(3), signed(-12), signed(0)]).toEqual(['+3', '−12', '±0'])
  })
})
