import { afterEach, describe, expect, it, vi } from 'vitest'

import {
  clockTime,
  dayName,
  duration,
  hoursAndMinutes,
  minutesAndSeconds,
  monthAndYear,
  shortDate,
  timeOrDate,
  weekdayName,
  zonedMoment,
} from './moments.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
// In the zone of whoever runs the tests, as in the workstation.
const at = (...parts: [number, number, number, number?, number?]) =>
  new Date(parts[0], parts[1] - 1, parts[2], parts[3] ?? 12, parts[4] ?? 0).getTime()
const now = at(2026, 11, 23, 11, 24)

describe('durations', () => {
  it.each([
    [0, '<1 min'],
    [59_000, '<1 min'],
    [42 * MINUTE, '42 min'],
    [2 * HOUR + 5 * MINUTE, '2 h 05'],
    [23 * HOUR + 59 * MINUTE, '23 h 59'],
    [3 * 24 * HOUR, '3 d'],
    [-5 * MINUTE, '<1 min'],
  ])('%i ms is %s', (ms, words) => expect(duration(ms)).toBe(words))

  it('counts seconds as 4:12', () => {
    expect(minutesAndSeconds(4 * MINUTE + 12_400)).toBe('4:12')
    expect(minutesAndSeconds(9_000)).toBe('0:09')
  })

  it('says the window as 23 h 58 min', () => {
    expect(hoursAndMinutes(23 * HOUR + 58 * MINUTE)).toBe('23 h 58 min')
    expect(hoursAndMinutes(58 * MINUTE)).toBe('58 min')
    expect(hoursAndMinutes(2 * HOUR + MINUTE)).toBe('2 h 01 min')
  })
})

describe('instants', () => {
  it('uses the 24-hour clock', () => {
    expect(clockTime(at(2026, 11, 23, 9, 28))).toBe('9:28')
    expect(clockTime(at(2026, 11, 23, 23, 5))).toBe('23:05')
  })

  it('writes dates as 20 nov and 20 Nov, with the year where it is another', () => {
    expect(shortDate(at(2026, 11, 20), now, 'es')).toBe('20 nov')
    expect(shortDate(at(2026, 11, 20), now, 'en')).toBe('20 Nov')
    expect(shortDate(at(2025, 8, 14), now, 'es')).toMatch(/14 ago 2025/)
  })

  it('shows the time today and the date before', () => {
    expect(timeOrDate(at(2026, 11, 23, 9, 28), now, 'es')).toBe('9:28')
    expect(timeOrDate(at(2026, 11, 22, 9, 28), now, 'es')).toBe('22 nov')
  })

  it('names days', () => {
    expect(dayName(at(2026, 11, 23, 1), now, 'es')).toEqual({
      day: 'today',
      date: 'lunes 23 de noviembre',
    })
    expect(dayName(at(2026, 11, 22, 23), now, 'es')).toEqual({
      day: 'yesterday',
      date: 'domingo 22 de noviembre',
    })
    expect(dayName(at(2026, 11, 20), now, 'en')).toEqual({
      day: 'other',
      date: 'Friday 20 November',
    })
  })

  it('says since when somebody is a customer', () => {
    expect(monthAndYear(at(2024, 3, 12), 'es')).toBe('marzo de 2024')
    expect(monthAndYear(at(2024, 3, 12), 'en')).toBe('March 2024')
  })

  it('names the days of the week, Monday first', () => {
    expect([0, 4, 6].map((day) => weekdayName(day, 'long', 'es'))).toEqual([
      'lunes',
      'viernes',
      'domingo',
    ])
    expect(weekdayName(2, 'short', 'es')).toBe('mié')
    expect(weekdayName(2, 'short', 'en')).toBe('Wed')
  })

  it('tells the time of another place, with the date where it is not within a week', () => {
    // 15:05 in UTC is 9:05 in Mexico City.
    const monday = Date.UTC(2026, 10, 30, 15, 5)
    const before = monday - 3 * 24 * HOUR
    expect(zonedMoment(monday, before, 'America/Mexico_City', 'es')).toBe('lunes 9:05')
    expect(zonedMoment(monday, before, 'UTC', 'en')).toBe('Monday 15:05')
    expect(zonedMoment(monday, before - 7 * 24 * HOUR, 'UTC', 'es')).toMatch(
      /^lunes 30 (de )?nov 15:05$/,
    )
  })
})

describe('a zone that changes while the window is open', () => {
  afterEach(() => void vi.unstubAllEnvs())
  const live = (zone: string) => vi.stubEnv('TZ', zone)
  const noon = Date.UTC(2026, 10, 24, 4, 30)

  it('is that of every date and time from then on', () => {
    live('America/Mexico_City')
    expect([clockTime(noon), shortDate(noon, noon, 'es'), monthAndYear(noon, 'es')]).toEqual([
      '22:30',
      '23 nov',
      'noviembre de 2026',
    ])
    expect(dayName(noon, noon, 'es')).toEqual({ day: 'today', date: 'lunes 23 de noviembre' })
    live('Asia/Tokyo')
    expect([clockTime(noon), shortDate(noon, noon, 'es')]).toEqual(['13:30', '24 nov'])
    expect(dayName(noon, noon, 'es')).toEqual({ day: 'today', date: 'martes 24 de noviembre' })
    live('Asia/Kolkata')
    expect(clockTime(noon)).toBe('10:00')
    expect(shortDate(Date.UTC(2026, 10, 30, 18, 45), noon, 'en')).toBe('1 Dec')
  })

  it('makes what was yesterday today, and the other way round', () => {
    live('America/Mexico_City')
    const evening = Date.UTC(2026, 10, 24, 5, 59)
    const midnight = Date.UTC(2026, 10, 24, 6, 0)
    expect(dayName(evening, midnight, 'es').day).toBe('yesterday')
    expect(timeOrDate(evening, midnight, 'es')).toBe('23 nov')
    live('Europe/Madrid')
    expect(dayName(evening, midnight, 'es').day).toBe('today')
    expect(timeOrDate(evening, midnight, 'es')).toBe('6:59')
  })

  it('is the hour of a day on which the clocks are changed', () => {
    live('America/New_York')
    expect(clockTime(Date.UTC(2026, 10, 1, 5, 30))).toBe('1:30')
    expect(clockTime(Date.UTC(2026, 10, 1, 6, 30))).toBe('1:30')
    expect(shortDate(Date.UTC(2026, 10, 2, 4, 30), noon, 'en')).toBe('1 Nov')
  })

  it('leaves a team’s own zone as it is', () => {
    live('America/Mexico_City')
    const before = zonedMoment(noon, noon, 'Europe/Madrid', 'es')
    live('Asia/Tokyo')
    expect(zonedMoment(noon, noon, 'Europe/Madrid', 'es')).toBe(before)
  })
})
