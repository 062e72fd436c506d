import { describe, expect, test } from 'vitest'

import { findCalendarProblems, type BusinessCalendar } from './business-calendar.ts'
import { isOpen } from './business-time.ts'

const SOUND: BusinessCalendar = {
  timeZone: 'America/Mexico_City',
  windows: [
    { dayOfWeek: 0, opensAt: '16:00', closesAt: '19:00' },
    { dayOfWeek: 0, opensAt: '09:00', closesAt: '14:00' },
    { dayOfWeek: 4, opensAt: '22:00', closesAt: '24:00' },
    { dayOfWeek: 5, opensAt: '00:00', closesAt: '06:00' },
    { dayOfWeek: 5, opensAt: '06:00', closesAt: '06:01' },
  ],
  holidays: ['2028-02-29', '2026-12-25'],
}

describe('a sound calendar has no problems', () => {
  test('with split shifts in any order, a night shift and windows that touch', () => {
    expect(findCalendarProblems(SOUND)).toEqual([])
  })

  test('with nothing in it', () => {
    expect(findCalendarProblems({ timeZone: 'UTC', windows: [], holidays: [] })).toEqual([])
  })
})

test('a time zone is an IANA name, not an offset and not a timestamp', () => {
  const problemsOf = (timeZone: string) => findCalendarProblems({ ...SOUND, timeZone })
  for (const known of ['Europe/Madrid', 'UTC', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5']) {
    expect(problemsOf(known)).toEqual([])
  }
  const unknown = ['', ' ', 'Z', 'Mars/Phobos', 'GMT+5', '+05:30', '2026-01-01[Europe/Madrid]']
  expect(unknown.filter((timeZone) => problemsOf(timeZone).length === 0)).toEqual([])
  expect(problemsOf('Mars/Phobos')).toEqual([{ reason: 'unknown_time_zone' }])
})

describe('a window', () => {
  const problemsOf = (dayOfWeek: number, opensAt: string, closesAt: string) =>
    findCalendarProblems({
      ...SOUND,
      windows: [...SOUND.windows, { dayOfWeek, opensAt, closesAt }],
    })

  test('stands on a day of the week', () => {
    for (const day of [-1, 7, 1.5, Number.NaN]) {
      expect(problemsOf(day, '09:00', '10:00')).toEqual([
        { reason: 'no_such_day_of_week', window: 5 },
      ])
    }
  })

  test('opens at a time of day, which the end of the day is not', () => {
    const none = ['', '9:00', '09:60', '25:00', '24:00', '09:00:00', '0９:00', ' 09:00']
    expect(none.map((time) => problemsOf(2, time, '23:59'))).toEqual(
      none.map(() => [{ reason: 'no_such_opening_time', window: 5 }]),
    )
  })

  test('closes at a time of day or at its end', () => {
    expect(problemsOf(2, '09:00', '24:00')).toEqual([])
    const none = ['', '24:01', '10:00\n', '1000']
    expect(none.map((time) => problemsOf(2, '09:00', time))).toEqual(
      none.map(() => [{ reason: 'no_such_closing_time', window: 5 }]),
    )
  })

  test('closes after it opens: not at once, and not on the next day', () => {
    for (const [opensAt, closesAt] of [
      ['09:00', '09:00'],
      ['22:00', '06:00'],
      ['00:00', '00:00'],
    ] as const) {
      expect(problemsOf(2, opensAt, closesAt)).toEqual([
        { reason: 'closes_before_it_opens', window: 5 },
      ])
    }
  })

  test('has everything that is wrong with it named', () => {
    expect(problemsOf(9, 'morning', 'evening')).toEqual([
      { reason: 'no_such_day_of_week', window: 5 },
      { reason: 'no_such_opening_time', window: 5 },
      { reason: 'no_such_closing_time', window: 5 },
    ])
  })

  test('does not overlap another of its day, and the other is named', () => {
    expect(problemsOf(0, '13:59', '15:00')).toEqual([
      { reason: 'overlaps', window: 5, otherWindow: 1 },
    ])
    expect(problemsOf(0, '09:00', '14:00')).toEqual([
      { reason: 'overlaps', window: 5, otherWindow: 1 },
    ])
    expect(problemsOf(0, '14:00', '16:00')).toEqual([])
    expect(problemsOf(1, '13:59', '15:00')).toEqual([])
  })

  test('that covers several overlaps each of them, in the order of the rows', () => {
    expect(problemsOf(0, '08:00', '20:00')).toEqual([
      { reason: 'overlaps', window: 0, otherWindow: 5 },
      { reason: 'overlaps', window: 1, otherWindow: 5 },
    ])
  })

  test('that is unreadable overlaps nothing', () => {
    expect(problemsOf(0, '09:00', 'late')).toEqual([{ reason: 'no_such_closing_time', window: 5 }])
  })
})

test('a holiday is a date that exists, stated once', () => {
  const holidays = ['2027-02-29', '2026-12-25', '25/12/2026', '2026-12-25', '', '2026-13-01']
  expect(findCalendarProblems({ ...SOUND, holidays })).toEqual([
    { reason: 'no_such_date', holiday: 0 },
    { reason: 'no_such_date', holiday: 2 },
    { reason: 'repeated_date', holiday: 3, otherHoliday: 1 },
    { reason: 'no_such_date', holiday: 4 },
    { reason: 'no_such_date', holiday: 5 },
  ])
})

test('a calendar with problems is refused where it would be used', () => {
  expect(() => isOpen({ ...SOUND, holidays: ['someday'] }, 0)).toThrow(RangeError)
  expect(() => isOpen({ ...SOUND, timeZone: 'Mars/Phobos' }, 0)).toThrow(RangeError)
})
