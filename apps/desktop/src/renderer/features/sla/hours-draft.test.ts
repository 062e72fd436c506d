import { type BusinessHours, businessHours } from '@parley/contracts'
import { describe, expect, it } from 'vitest'

import {
  type HoursDraft,
  fromHoursDraft,
  isSameHours,
  toHoursDraft,
  withDay,
  withHoliday,
  withMondayOnWeekdays,
  withWindow,
} from './hours-draft.ts'

const stored: BusinessHours = {
  timeZone: 'America/Mexico_City',
  windows: [
    { dayOfWeek: 0, opensAt: '09:00', closesAt: '14:00' },
    { dayOfWeek: 0, opensAt: '15:00', closesAt: '24:00' },
    { dayOfWeek: 5, opensAt: '10:00', closesAt: '14:00' },
  ],
  holidays: [{ date: '2026-12-25', name: 'Navidad' }],
}
const draft = toHoursDraft(stored)
const problemsOf = (changed: HoursDraft) => [...fromHoursDraft(changed).problems.values()]

describe('a team’s hours', () => {
  it('come back from the form as they went in, and the wire takes them', () => {
    const { value, problems } = fromHoursDraft(draft)
    expect([value, problems.size]).toEqual([stored, 0])
    expect(businessHours.parse(value)).toEqual(stored)
  })

  it('take times as people type them', () => {
    const typed = withDay(draft, 2, [{ key: 'x', opensAt: '9', closesAt: '1730' }])
    expect(fromHoursDraft(typed).value?.windows).toContainEqual({
      dayOfWeek: 2,
      opensAt: '09:00',
      closesAt: '17:30',
    })
  })

  it('may end at midnight, and do not begin there as an end', () => {
    const night = (opensAt: string, closesAt: string) =>
      fromHoursDraft(withDay(draft, 2, [{ key: 'x', opensAt, closesAt }]))
    expect(night('20', '24').value?.windows).toContainEqual({
      dayOfWeek: 2,
      opensAt: '20:00',
      closesAt: '24:00',
    })
    expect(night('24', '24').problems.get('x')).toBe('no_such_opening_time')
  })

  it('name what is wrong at its row', () => {
    const wrong = withDay(draft, 1, [
      { key: 'late', opensAt: '18:00', closesAt: '9' },
      { key: 'typed', opensAt: 'nueve', closesAt: '10:00' },
    ])
    const { value, problems } = fromHoursDraft(wrong)
    expect(value).toBeNull()
    expect(Object.fromEntries(problems)).toEqual({
      late: 'closes_before_it_opens',
      typed: 'no_such_opening_time',
    })
    const crossing = withDay(draft, 5, [
      ...(draft.days[5] ?? []),
      { key: 'crossing', opensAt: '13:00', closesAt: '15:00' },
    ])
    expect(fromHoursDraft(crossing).problems.get('crossing')).toBe('overlaps')
    expect(problemsOf({ ...draft, timeZone: 'Marte' })).toEqual(['unknown_time_zone'])
  })

  it('want a date and a name of each holiday, and each date once', () => {
    expect(problemsOf(withHoliday(draft))).toEqual(['no_such_date'])
    const holiday = { key: 'x', date: '2026-12-25', name: '' }
    expect(problemsOf({ ...draft, holidays: [holiday] })).toEqual(['no_name'])
    const twice = { ...draft, holidays: [...draft.holidays, { ...holiday, name: 'Otra' }] }
    expect(problemsOf(twice)).toEqual(['repeated_date'])
  })

  it('grow by a window after the last one, and a day like Monday', () => {
    expect(withWindow(draft, 0).days[0]?.at(-1)).toMatchObject({ opensAt: '24:00', closesAt: '' })
    expect(withWindow(draft, 6).days[6]).toMatchObject([{ opensAt: '09:00', closesAt: '18:00' }])
    const copied = withMondayOnWeekdays(draft)
    expect(copied.days.map((windows) => windows.length)).toEqual([2, 2, 2, 2, 2, 1, 0])
    const keys = copied.days.flat().map(({ key }) => key)
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('are the same whatever their rows are called', () => {
    const renamed = withDay(draft, 5, [{ key: 'other', opensAt: '10:00', closesAt: '14:00' }])
    expect(isSameHours(renamed, draft)).toBe(true)
    expect(isSameHours({ ...draft, timeZone: 'UTC' }, draft)).toBe(false)
  })
})
