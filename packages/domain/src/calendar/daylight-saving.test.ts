import { describe, expect, test } from 'vitest'

import { type BusinessCalendar, type BusinessWindow } from './business-calendar.ts'
import {
  addBusinessMs,
  isOpen,
  measureBusinessMs,
  nextClosing,
  nextOpening,
} from './business-time.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** The same windows on each day of the week. */
function daily(
  timeZone: string,
  ...hours: [opensAt: string, closesAt: string][]
): BusinessCalendar {
  const windows = hours.flatMap(([opensAt, closesAt]) =>
    [0, 1, 2, 3, 4, 5, 6].map((dayOfWeek): BusinessWindow => ({ dayOfWeek, opensAt, closesAt })),
  )
  return { timeZone, windows, holidays: [] }
}

/** The openings that begin between two instants, as UTC times. */
function openingsBetween(calendar: BusinessCalendar, from: string, to: string): string[] {
  const openings: string[] = []
  let atMs = Date.parse(from)
  while (atMs < Date.parse(to)) {
    const opensMs = nextOpening(calendar, atMs)
    if (opensMs === null || opensMs >= Date.parse(to)) break
    const closesMs = Number(nextClosing(calendar, opensMs))
    openings.push(`${utc(opensMs)}/${utc(closesMs)}`)
    atMs = closesMs
  }
  return openings
}

function utc(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16)
}

function measure(calendar: BusinessCalendar, from: string, to: string): number {
  return measureBusinessMs(calendar, Date.parse(from), Date.parse(to))
}

describe('where 02:00 becomes 03:00 (Madrid, 29 March 2026)', () => {
  test('a window around the change lasts an hour less', () => {
    const calendar = daily('Europe/Madrid', ['01:30', '03:30'])
    expect(openingsBetween(calendar, '2026-03-28T00:00Z', '2026-03-30T12:00Z')).toEqual([
      '2026-03-28T00:30/2026-03-28T02:30',
      '2026-03-29T00:30/2026-03-29T01:30',
      '2026-03-29T23:30/2026-03-30T01:30',
    ])
  })

  test('a skipped opening is as much later as the clock is put forward', () => {
    const calendar = daily('Europe/Madrid', ['02:30', '05:00'])
    expect(openingsBetween(calendar, '2026-03-29T00:00Z', '2026-03-29T12:00Z')).toEqual([
      '2026-03-29T01:30/2026-03-29T03:00',
    ])
  })

  test('a window that would then close before it opens does not open', () => {
    const calendar = daily('Europe/Madrid', ['02:45', '03:15'])
    expect(openingsBetween(calendar, '2026-03-29T00:00Z', '2026-03-29T12:00Z')).toEqual([])
  })

  test('windows that then coincide are not counted twice', () => {
    const calendar = daily('Europe/Madrid', ['02:00', '02:40'], ['03:00', '04:00'])
    expect(measure(calendar, '2026-03-29T00:00Z', '2026-03-29T12:00Z')).toBe(HOUR_MS)
  })

  test('business time is added over the missing hour', () => {
    const calendar = daily('Europe/Madrid', ['00:00', '24:00'])
    const startMs = Date.parse('2026-03-28T12:00+01:00')
    expect(addBusinessMs(calendar, startMs, DAY_MS)).toBe(Date.parse('2026-03-29T13:00+02:00'))
    expect(measure(calendar, '2026-03-29T00:00+01:00', '2026-03-30T00:00+02:00')).toBe(23 * HOUR_MS)
  })
})

describe('where 03:00 becomes 02:00 (Madrid, 25 October 2026)', () => {
  test('a window around the change lasts an hour more', () => {
    const calendar = daily('Europe/Madrid', ['01:30', '03:30'])
    expect(openingsBetween(calendar, '2026-10-24T12:00Z', '2026-10-26T12:00Z')).toEqual([
      '2026-10-24T23:30/2026-10-25T02:30',
      '2026-10-26T00:30/2026-10-26T02:30',
    ])
  })

  test('of two such times the first opens and the first closes', () => {
    const opening = daily('Europe/Madrid', ['02:30', '05:00'])
    expect(openingsBetween(opening, '2026-10-24T12:00Z', '2026-10-25T12:00Z')).toEqual([
      '2026-10-25T00:30/2026-10-25T04:00',
    ])
    const closing = daily('Europe/Madrid', ['00:30', '02:30'])
    expect(openingsBetween(closing, '2026-10-24T12:00Z', '2026-10-25T12:00Z')).toEqual([
      '2026-10-24T22:30/2026-10-25T00:30',
    ])
    expect(isOpen(closing, Date.parse('2026-10-25T02:15+02:00'))).toBe(true)
    expect(isOpen(closing, Date.parse('2026-10-25T02:15+01:00'))).toBe(false)
  })

  test('a night shift of two rows is one opening, an hour longer', () => {
    const calendar = daily('Europe/Madrid', ['22:00', '24:00'], ['00:00', '06:00'])
    expect(openingsBetween(calendar, '2026-10-24T12:00Z', '2026-10-25T12:00Z')).toEqual([
      '2026-10-24T20:00/2026-10-25T05:00',
    ])
  })
})

describe('unusual changes', () => {
  test('of half an hour (Lord Howe Island, 5 April and 4 October 2026)', () => {
    const calendar = daily('Australia/Lord_Howe', ['01:00', '03:00'])
    expect(openingsBetween(calendar, '2026-04-04T00:00Z', '2026-04-05T00:00Z')).toEqual([
      '2026-04-04T14:00/2026-04-04T16:30',
    ])
    expect(openingsBetween(calendar, '2026-10-03T00:00Z', '2026-10-04T00:00Z')).toEqual([
      '2026-10-03T14:30/2026-10-03T16:00',
    ])
  })

  test('of two hours (Troll station, 29 March 2026)', () => {
    const calendar = daily('Antarctica/Troll', ['00:00', '04:00'])
    expect(measure(calendar, '2026-03-29T00:00Z', '2026-03-29T12:00Z')).toBe(2 * HOUR_MS)
  })

  test.each([
    ['America/Santiago', '2024-09-08', '2024-09-08T04:00Z'],
    ['Asia/Beirut', '2024-03-31', '2024-03-30T22:00Z'],
    ['Africa/Cairo', '2024-04-26', '2024-04-25T22:00Z'],
  ])('over a midnight that does not exist (%s, %s)', (timeZone, date, change) => {
    const changeMs = Date.parse(change)
    const local = new Intl.DateTimeFormat('sv', {
      timeZone,
      dateStyle: 'short',
      timeStyle: 'short',
    })
    expect(local.format(changeMs)).toBe(`${date} 01:00`)

    const early = daily(timeZone, ['00:00', '06:00'])
    expect(nextOpening(early, changeMs - 6 * HOUR_MS)).toBe(changeMs)
    expect(nextClosing(early, changeMs)).toBe(changeMs + 5 * HOUR_MS)
    const late = daily(timeZone, ['20:00', '24:00'])
    expect(nextOpening(late, changeMs - 6 * HOUR_MS)).toBe(changeMs - 4 * HOUR_MS)
    expect(nextClosing(late, changeMs - HOUR_MS)).toBe(changeMs)
    const always = daily(timeZone, ['00:00', '24:00'])
    expect(measureBusinessMs(always, changeMs - DAY_MS, changeMs + DAY_MS)).toBe(2 * DAY_MS)
  })

  test.each([
    ['America/Santiago', '2024-04-07T03:00Z'],
    ['Asia/Beirut', '2024-10-26T21:00Z'],
    ['Africa/Cairo', '2024-10-31T21:00Z'],
  ])('at a midnight that puts the clock back to 23:00 (%s, %s)', (timeZone, change) => {
    const changeMs = Date.parse(change)
    const hour = new Intl.DateTimeFormat('en', { timeZone, hour: '2-digit', hourCycle: 'h23' })
    expect([hour.format(changeMs - HOUR_MS), hour.format(changeMs)]).toEqual(['23', '23'])

    const late = daily(timeZone, ['22:00', '24:00'])
    expect(nextOpening(late, changeMs - 6 * HOUR_MS)).toBe(changeMs - 2 * HOUR_MS)
    expect(nextClosing(late, changeMs - HOUR_MS)).toBe(changeMs + HOUR_MS)
  })

  test('over a midnight with which a week begins (Tehran, Monday 22 March 2021)', () => {
    const calendar = daily('Asia/Tehran', ['00:30', '02:00'], ['22:00', '24:00'])
    expect(openingsBetween(calendar, '2021-03-21T12:00Z', '2021-03-22T12:00Z')).toEqual([
      '2021-03-21T18:30/2021-03-21T20:30',
      '2021-03-21T21:00/2021-03-21T21:30',
    ])
  })

  test('are found whichever week is asked for first', () => {
    const weeks = [
      ['2021-03-14T20:30Z', '2021-03-21T20:30Z'],
      ['2021-03-21T20:30Z', '2021-03-28T19:30Z'],
      ['2021-03-28T19:30Z', '2021-04-04T19:30Z'],
    ] as const
    const openings = (order: readonly (typeof weeks)[number][]) => {
      const calendar = daily('Asia/Tehran', ['09:00', '10:00'])
      return order.map(([from, to]) => openingsBetween(calendar, from, to))
    }
    expect(openings(weeks.toReversed())).toEqual(openings(weeks).toReversed())
    expect(openings(weeks).map(([first]) => first)).toEqual([
      '2021-03-15T05:30/2021-03-15T06:30',
      '2021-03-22T04:30/2021-03-22T05:30',
      '2021-03-29T04:30/2021-03-29T05:30',
    ])
  })

  test('a day that a country skipped has no hours, and none are moved (Apia, 30 December 2011)', () => {
    const calendar: BusinessCalendar = {
      timeZone: 'Pacific/Apia',
      windows: [
        { dayOfWeek: 3, opensAt: '22:00', closesAt: '24:00' },
        { dayOfWeek: 4, opensAt: '00:00', closesAt: '18:00' },
        { dayOfWeek: 5, opensAt: '10:00', closesAt: '12:00' },
      ],
      holidays: [],
    }
    // Thursday the 29th at UTC-10 is followed by Saturday the 31st at UTC+14.
    expect(openingsBetween(calendar, '2011-12-29T12:00Z', '2012-01-02T00:00Z')).toEqual([
      '2011-12-30T08:00/2011-12-30T10:00',
      '2011-12-30T20:00/2011-12-30T22:00',
    ])
    expect(
      measure(daily('Pacific/Apia', ['00:00', '24:00']), '2011-12-25T10:00Z', '2012-01-01T10:00Z'),
    ).toBe(7 * DAY_MS)
  })

  test('a change that was abolished no longer counts (Mexico City, 2022 and 2023)', () => {
    const calendar = daily('America/Mexico_City', ['09:00', '18:00'])
    expect(openingsBetween(calendar, '2022-06-01T06:00Z', '2022-06-02T00:00Z')).toEqual([
      '2022-06-01T14:00/2022-06-01T23:00',
    ])
    expect(openingsBetween(calendar, '2023-06-01T06:00Z', '2023-06-02T06:00Z')).toEqual([
      '2023-06-01T15:00/2023-06-02T00:00',
    ])
  })
})
