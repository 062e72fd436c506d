import { type BusinessCalendar } from '@parley/domain'
import { describe, expect, it } from 'vitest'

import { dueOf, nextMoment, nextTurn, weekDates } from './what-if.ts'

const timeZone = 'America/Mexico_City'
const calendar: BusinessCalendar = {
  timeZone,
  windows: [0, 1, 2, 3, 4].map((dayOfWeek) => ({ dayOfWeek, opensAt: '09:00', closesAt: '18:00' })),
  holidays: ['2026-12-25'],
}
/** Mexico City is six hours behind UTC all year. */
const local = (written: string) => Date.parse(`${written}:00-06:00`)
const friday = local('2026-11-27T17:55')

describe('an example', () => {
  it('is the next time of its kind, not one that has begun', () => {
    expect(nextMoment(timeZone, 4, '17:55', local('2026-11-23T08:00'))).toBe(friday)
    expect(nextMoment(timeZone, 4, '17:55', local('2026-11-27T18:30'))).toBe(
      local('2026-12-04T17:55'),
    )
    expect(nextMoment(timeZone, 4, 'tarde', friday)).toBeNull()
    expect(nextMoment('Marte', 4, '17:55', friday)).toBeNull()
  })

  it('of a Friday before closing is due on Monday', () => {
    expect(dueOf(calendar, friday, 600)).toBe(local('2026-11-30T09:05'))
  })

  it('is never due where it never opens', () => {
    const closed = { ...calendar, windows: [{ dayOfWeek: 0, opensAt: '09:00', closesAt: '10:00' }] }
    const holidays = Array.from({ length: 400 }, (_, week) =>
      new Date(Date.UTC(2026, 10, 23) + week * 7 * 86_400_000).toISOString().slice(0, 10),
    )
    expect(dueOf({ ...closed, holidays }, friday, 600)).toBeNull()
  })
})

describe('what comes next', () => {
  it('is the closing while it is open, else the opening', () => {
    expect(nextTurn(calendar, friday)).toEqual({ kind: 'closes', atMs: local('2026-11-27T18:00') })
    expect(nextTurn(calendar, local('2026-11-28T12:00'))).toEqual({
      kind: 'opens',
      atMs: local('2026-11-30T09:00'),
    })
    // Friday 25 December is a holiday.
    expect(nextTurn(calendar, local('2026-12-25T12:00'))).toMatchObject({
      atMs: local('2026-12-28T09:00'),
    })
    expect(nextTurn({ ...calendar, windows: [] }, friday)).toEqual({ kind: 'always' })
  })
})

describe('the week', () => {
  it('is the team’s, Monday first', () => {
    // Sunday evening in Mexico is Monday in UTC.
    const sunday = local('2026-11-22T22:00')
    expect(weekDates(timeZone, sunday)[0]).toBe('2026-11-16')
    expect(weekDates('UTC', sunday)).toEqual(
      [23, 24, 25, 26, 27, 28, 29].map((day) => `2026-11-${day}`),
    )
  })
})
