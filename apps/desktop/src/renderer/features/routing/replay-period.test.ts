import { expect, it } from 'vitest'

import { REPLAY_PERIODS, periodOf } from './replay-period.ts'

const now = new Date(2026, 10, 23, 11, 24).getTime()
const day = (date: number, month = 10) => new Date(2026, month, date).toISOString()

it('is whole days of the calendar, up to now', () => {
  const upToNow = new Date(now).toISOString()
  expect(periodOf('today', now)).toEqual({ from: day(23), to: upToNow })
  expect(periodOf('yesterday', now)).toEqual({ from: day(22), to: day(23) })
  expect(periodOf('week', now)).toEqual({ from: day(17), to: upToNow })
  expect(periodOf('month', now)).toEqual({ from: day(25, 9), to: upToNow })
})

it('is never more than can be asked for', () => {
  for (const period of REPLAY_PERIODS) {
    const { from, to } = periodOf(period, now)
    expect(Date.parse(to) - Date.parse(from)).toBeLessThanOrEqual(31 * 86_400_000)
  }
})
