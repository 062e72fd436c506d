import { describe, expect, test } from 'vitest'

import { findCalendarProblems } from '../calendar/business-calendar.ts'
import {
  DEFAULT_ALERT_PREFERENCES,
  isQuiet,
  presentationOf,
  quietCalendar,
  type AlertPreferences,
  type QuietHours,
} from './preferences.ts'

const at = (iso: string): number => Date.parse(iso)
const MONDAY = 0
const FRIDAY = 4
const SUNDAY = 6

/** Friday night in Mexico City, which is six hours behind UTC. */
const NIGHT: QuietHours = {
  days: [FRIDAY],
  from: '22:00',
  to: '07:00',
  timeZone: 'America/Mexico_City',
}

describe('quiet hours', () => {
  test('are nobody’s who has stated none, or no day', () => {
    expect(isQuiet(null, at('2026-11-13T23:00:00-06:00'))).toBe(false)
    expect(isQuiet({ ...NIGHT, days: [] }, at('2026-11-13T23:00:00-06:00'))).toBe(false)
  })

  test('begin at their minute and end just before theirs', () => {
    const lunch = { ...NIGHT, from: '13:00', to: '14:30' }
    const quietAt = (time: string) => isQuiet(lunch, at(`2026-11-13T${time}-06:00`))
    expect(['12:59:59', '13:00:00', '14:29:59', '14:30:00'].map(quietAt)).toEqual([
      false,
      true,
      true,
      false,
    ])
  })

  test('over midnight belong to the day on which they begin', () => {
    const quiet = [
      '2026-11-13T06:00:00-06:00',
      '2026-11-13T21:59:59-06:00',
      '2026-11-13T22:00:00-06:00',
      '2026-11-14T00:00:00-06:00',
      '2026-11-14T06:59:59-06:00',
      '2026-11-14T07:00:00-06:00',
      '2026-11-14T23:00:00-06:00',
    ].map((instant) => isQuiet(NIGHT, at(instant)))
    expect(quiet).toEqual([false, false, true, true, true, false, false])
  })

  test('of a Sunday night reach into Monday', () => {
    const sunday = { ...NIGHT, days: [SUNDAY] }
    expect(isQuiet(sunday, at('2026-11-16T06:00:00-06:00'))).toBe(true)
    expect(isQuiet({ ...sunday, days: [MONDAY] }, at('2026-11-16T06:00:00-06:00'))).toBe(false)
  })

  test('until midnight end there', () => {
    const evening = { ...NIGHT, to: '00:00' }
    expect(isQuiet(evening, at('2026-11-13T23:59:59-06:00'))).toBe(true)
    expect(isQuiet(evening, at('2026-11-14T00:00:00-06:00'))).toBe(false)
  })

  test('are of their own time zone, through its changes of the clock', () => {
    const madrid = { ...NIGHT, days: [SUNDAY], timeZone: 'Europe/Madrid' }
    // In winter 22:00 there is 21:00 UTC, in summer 20:00.
    expect(isQuiet(madrid, at('2026-11-15T20:59:59Z'))).toBe(false)
    expect(isQuiet(madrid, at('2026-11-15T21:00:00Z'))).toBe(true)
    expect(isQuiet(madrid, at('2026-07-12T19:59:59Z'))).toBe(false)
    expect(isQuiet(madrid, at('2026-07-12T20:00:00Z'))).toBe(true)
  })

  test('of every night make a sound calendar; a day named twice or an unknown zone does not', () => {
    const everyNight = { ...NIGHT, days: [0, 1, 2, 3, 4, 5, 6] }
    expect(findCalendarProblems(quietCalendar(everyNight))).toEqual([])
    expect(findCalendarProblems(quietCalendar({ ...NIGHT, days: [1, 1] }))).not.toEqual([])
    expect(findCalendarProblems(quietCalendar({ ...NIGHT, timeZone: 'Mars/Phobos' }))).toEqual([
      { reason: 'unknown_time_zone' },
    ])
  })
})

describe('how a person is told', () => {
  const QUIET_NOW = at('2026-11-13T23:00:00-06:00')
  const LATER = at('2026-11-14T12:00:00-06:00')
  const wishes: AlertPreferences = {
    warning: { channel: 'app', sound: true },
    breach: { channel: 'system', sound: true },
    quiet: NIGHT,
  }

  test('follows their wishes; only the operating system makes sounds', () => {
    expect(presentationOf('warning', wishes, LATER)).toEqual({ channel: 'app', sound: false })
    expect(presentationOf('breach', wishes, LATER)).toEqual({ channel: 'system', sound: true })
    expect(presentationOf('breach', DEFAULT_ALERT_PREFERENCES, LATER)).toEqual({
      channel: 'system',
      sound: true,
    })
  })

  test('is within the workstation and silent while it is to be quiet', () => {
    expect(presentationOf('breach', wishes, QUIET_NOW)).toEqual({ channel: 'app', sound: false })
  })

  test('of what is switched off is nothing, at any hour', () => {
    const off: AlertPreferences = { ...wishes, breach: { channel: 'off', sound: true } }
    for (const now of [QUIET_NOW, LATER]) {
      expect(presentationOf('breach', off, now)).toEqual({ channel: 'off', sound: false })
    }
  })

  test('of an escalation is always loud', () => {
    const silent: AlertPreferences = {
      warning: { channel: 'off', sound: false },
      breach: { channel: 'off', sound: false },
      quiet: NIGHT,
    }
    expect(presentationOf('escalation', silent, QUIET_NOW)).toEqual({
      channel: 'system',
      sound: true,
    })
  })
})
