import { describe, expect, test } from 'vitest'

import { type BusinessCalendar } from './business-calendar.ts'
import {
  addBusinessMs,
  dueAtWithPauses,
  isOpen,
  measureBusinessMs,
  nextClosing,
  nextOpening,
} from './business-time.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Monday to Friday 09:00 to 18:00; Christmas 2026 is a Friday. */
const OFFICE: BusinessCalendar = {
  timeZone: 'America/Mexico_City',
  windows: [0, 1, 2, 3, 4].map((dayOfWeek) => ({ dayOfWeek, opensAt: '09:00', closesAt: '18:00' })),
  holidays: ['2026-12-25'],
}
const ALWAYS: BusinessCalendar = {
  timeZone: 'America/Mexico_City',
  windows: [],
  holidays: ['2026-12-25'],
}
const SUNDAYS: BusinessCalendar = {
  timeZone: 'UTC',
  windows: [{ dayOfWeek: 6, opensAt: '10:00', closesAt: '11:00' }],
  holidays: sundaysOf(2026, 2033),
}

function sundaysOf(firstYear: number, lastYear: number): string[] {
  const dates: string[] = []
  for (let ms = Date.UTC(firstYear, 0); ms < Date.UTC(lastYear + 1, 0); ms += DAY_MS) {
    if (new Date(ms).getUTCDay() === 0) dates.push(new Date(ms).toISOString().slice(0, 10))
  }
  return dates
}

/** Mexico City is at UTC-6 all year. */
function local(time: string): number {
  return Date.parse(`${time}-06:00`)
}

describe('opening and closing', () => {
  test('the first instant of a window is open, the last is not', () => {
    expect(isOpen(OFFICE, local('2026-12-21T09:00') - 1)).toBe(false)
    expect(isOpen(OFFICE, local('2026-12-21T09:00'))).toBe(true)
    expect(isOpen(OFFICE, local('2026-12-21T18:00') - 1)).toBe(true)
    expect(isOpen(OFFICE, local('2026-12-21T18:00'))).toBe(false)
  })

  test('the next opening passes over the weekend and the holiday before it', () => {
    expect(nextOpening(OFFICE, local('2026-12-24T18:00'))).toBe(local('2026-12-28T09:00'))
  })

  test('what is open opens now, what is closed closes now', () => {
    const [openMs, closedMs] = [local('2026-12-21T10:30'), local('2026-12-20T10:30')]
    expect(nextOpening(OFFICE, openMs)).toBe(openMs)
    expect(nextClosing(OFFICE, openMs)).toBe(local('2026-12-21T18:00'))
    expect(nextOpening(OFFICE, closedMs)).toBe(local('2026-12-21T09:00'))
    expect(nextClosing(OFFICE, closedMs)).toBe(closedMs)
  })

  test('a night shift of two rows closes in the morning, also from Sunday to Monday', () => {
    const nights: BusinessCalendar = {
      timeZone: 'America/Mexico_City',
      windows: [
        { dayOfWeek: 6, opensAt: '22:00', closesAt: '24:00' },
        { dayOfWeek: 0, opensAt: '00:00', closesAt: '06:00' },
      ],
      holidays: [],
    }
    expect(nextClosing(nights, local('2026-12-20T22:00'))).toBe(local('2026-12-21T06:00'))
    const holidayOnMonday = { ...nights, holidays: ['2026-12-21'] }
    expect(nextClosing(holidayOnMonday, local('2026-12-20T22:00'))).toBe(local('2026-12-21T00:00'))
  })
})

describe('a team without windows', () => {
  test('is open always, on holidays too', () => {
    const christmasMs = local('2026-12-25T12:00')
    expect(isOpen(ALWAYS, christmasMs)).toBe(true)
    expect(nextOpening(ALWAYS, christmasMs)).toBe(christmasMs)
    expect(nextClosing(ALWAYS, christmasMs)).toBeNull()
    expect(addBusinessMs(ALWAYS, christmasMs, 90 * DAY_MS)).toBe(christmasMs + 90 * DAY_MS)
    expect(measureBusinessMs(ALWAYS, christmasMs, christmasMs + 90 * DAY_MS)).toBe(90 * DAY_MS)
  })

  test('differs from one that is open all week, which closes on a holiday', () => {
    const windows = [0, 1, 2, 3, 4, 5, 6].map((dayOfWeek) => ({
      dayOfWeek,
      opensAt: '00:00',
      closesAt: '24:00',
    }))
    expect(nextClosing({ ...ALWAYS, windows }, local('2026-06-01T00:00'))).toBe(
      local('2026-12-25T00:00'),
    )
  })
})

describe('a calendar that stays closed', () => {
  const startMs = Date.UTC(2026, 0, 1)

  test('for more than five years never opens again, and nothing falls due', () => {
    expect(nextOpening(SUNDAYS, startMs)).toBeNull()
    expect(addBusinessMs(SUNDAYS, startMs, 1)).toBeNull()
    expect(dueAtWithPauses(SUNDAYS, startMs, 1, [])).toBeNull()
    expect(isOpen(SUNDAYS, startMs)).toBe(false)
    expect(measureBusinessMs(SUNDAYS, startMs, Date.UTC(2033, 11, 31))).toBe(0)
  })

  test('for less opens when the time has come', () => {
    const firstSundayMs = Date.UTC(2034, 0, 1, 10)
    expect(nextOpening(SUNDAYS, Date.UTC(2030, 0, 1))).toBe(firstSundayMs)
    expect(addBusinessMs(SUNDAYS, Date.UTC(2030, 0, 1), 1000)).toBe(firstSundayMs + 1000)
  })
})

describe('adding business time', () => {
  test('goes on after the night, the weekend and the holiday', () => {
    const askedMs = local('2026-12-23T17:00')
    expect(addBusinessMs(OFFICE, askedMs, 11 * HOUR_MS)).toBe(local('2026-12-28T10:00'))
  })

  test('ends at a closing rather than at the opening after it', () => {
    expect(addBusinessMs(OFFICE, local('2026-12-21T17:00'), HOUR_MS)).toBe(
      local('2026-12-21T18:00'),
    )
    expect(addBusinessMs(OFFICE, local('2026-12-18T17:00'), HOUR_MS)).toBe(
      local('2026-12-18T18:00'),
    )
  })

  test('is exact to the millisecond', () => {
    expect(addBusinessMs(OFFICE, local('2026-12-21T18:00') - 1, 3)).toBe(
      local('2026-12-22T09:00') + 2,
    )
  })

  test('nothing or less leads nowhere', () => {
    expect(addBusinessMs(OFFICE, local('2026-12-20T12:00'), 0)).toBe(local('2026-12-20T12:00'))
    expect(addBusinessMs(OFFICE, local('2026-12-20T12:00'), -5)).toBe(local('2026-12-20T12:00'))
  })

  test('more than the calendar can hold is never reached', () => {
    expect(addBusinessMs(OFFICE, local('2026-12-20T12:00'), Infinity)).toBeNull()
  })
})

describe('measuring business time', () => {
  test('a working year of 2027 has as many hours as working days times nine', () => {
    // 261 days from Monday to Friday.
    expect(measureBusinessMs(OFFICE, local('2027-01-01T00:00'), local('2028-01-01T00:00'))).toBe(
      261 * 9 * HOUR_MS,
    )
  })

  test('backwards there is none', () => {
    expect(measureBusinessMs(OFFICE, local('2026-12-21T12:00'), local('2026-12-21T10:00'))).toBe(0)
  })

  test('does not depend on how long ago other weeks were asked for', () => {
    const [fromMs, toMs] = [local('2026-12-21T00:00'), local('2026-12-28T00:00')]
    const before = measureBusinessMs(OFFICE, fromMs, toMs)
    // More weeks than are remembered.
    measureBusinessMs(OFFICE, Date.UTC(1990, 0), Date.UTC(2040, 0))
    expect(measureBusinessMs(OFFICE, fromMs, toMs)).toBe(before)
    expect(before).toBe(36 * HOUR_MS)
  })

  test('instants that are none are refused', () => {
    for (const noInstant of [Number.NaN, Infinity, -Infinity, 8.64e15]) {
      expect(() => isOpen(OFFICE, noInstant)).toThrow(RangeError)
      expect(() => measureBusinessMs(OFFICE, 0, noInstant)).toThrow(RangeError)
      expect(() => addBusinessMs(OFFICE, noInstant, 1)).toThrow(RangeError)
    }
    expect(() => addBusinessMs(OFFICE, 0, Number.NaN)).toThrow(RangeError)
  })
})

describe('pauses', () => {
  const startMs = local('2026-12-21T09:00')
  const at = (hours: number): number => startMs + hours * HOUR_MS

  test('do not count, however they overlap, and closed time is not taken off twice', () => {
    const pauses = [
      { fromMs: at(8), toMs: at(26) },
      { fromMs: at(1), toMs: at(3) },
      { fromMs: at(2), toMs: at(4) },
      { fromMs: at(2), toMs: at(2) },
      { fromMs: at(-48), toMs: at(-40) },
    ]
    // Monday 09 to 10 and 13 to 17, Tuesday 11 to 12.
    expect(measureBusinessMs(OFFICE, startMs, at(27), pauses)).toBe(6 * HOUR_MS)
    expect(dueAtWithPauses(OFFICE, startMs, 5 * HOUR_MS, pauses)).toBe(at(8))
    expect(dueAtWithPauses(OFFICE, startMs, 5 * HOUR_MS + 1, pauses)).toBe(at(26) + 1)
  })

  test('that run still stop the clock, so that nothing is due', () => {
    const running = [{ fromMs: at(2), toMs: null }]
    expect(dueAtWithPauses(OFFICE, startMs, 3 * HOUR_MS, running)).toBeNull()
    expect(measureBusinessMs(OFFICE, startMs, at(100), running)).toBe(2 * HOUR_MS)
  })

  test('that began when it was due already change nothing', () => {
    const running = [{ fromMs: at(2), toMs: null }]
    expect(dueAtWithPauses(OFFICE, startMs, 2 * HOUR_MS, running)).toBe(at(2))
    expect(dueAtWithPauses(OFFICE, startMs, HOUR_MS, running)).toBe(at(1))
    expect(dueAtWithPauses(OFFICE, startMs, 0, [{ fromMs: at(-1), toMs: null }])).toBe(startMs)
  })
})
