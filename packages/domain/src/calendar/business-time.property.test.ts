import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'

import {
  findCalendarProblems,
  type BusinessCalendar,
  type BusinessWindow,
} from './business-calendar.ts'
import {
  addBusinessMs,
  dueAtWithPauses,
  isOpen,
  measureBusinessMs,
  nextClosing,
  nextOpening,
  type Pause,
} from './business-time.ts'

/** `PROPERTY_RUNS=20000` searches longer. */
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 300)
/** The reference walks every minute, so it is given fewer. */
const REFERENCE_RUNS = Math.ceil(RUNS / 4)

vi.setConfig({ testTimeout: 60_000 + RUNS * 50 })

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** Chosen for when, how far and how often they change their clocks. */
const timeZone = fc.constantFrom(
  'UTC',
  'Europe/Madrid',
  'America/New_York',
  'America/Mexico_City',
  'America/Santiago',
  'America/Sao_Paulo',
  'America/Havana',
  'America/St_Johns',
  'America/Caracas',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Asia/Beirut',
  'Asia/Gaza',
  'Asia/Kathmandu',
  'Asia/Pyongyang',
  'Asia/Tehran',
  'Australia/Lord_Howe',
  'Antarctica/Troll',
  'Pacific/Apia',
  'Pacific/Chatham',
  'Pacific/Kiritimati',
)
const year = fc.integer({ min: 2005, max: 2037 })

const minuteOfDay = fc.oneof(
  fc.integer({ min: 0, max: 24 * 60 }),
  // The hours at which clocks are changed, and both ends of the day.
  fc.constantFrom(0, 1, 60, 90, 120, 150, 180, 210, 240, 1380, 1410, 1440),
)

/** Windows with time between them, or each touching the next. */
const windowsOfDay = fc
  .record({ minutes: fc.uniqueArray(minuteOfDay, { maxLength: 8 }), touching: fc.boolean() })
  .map(({ minutes, touching }) => {
    const inOrder = minutes.toSorted((a, b) => a - b)
    return inOrder.flatMap((opens, index) => {
      const closes = inOrder[index + 1]
      return closes === undefined || (index % 2 === 1 && !touching) ? [] : [{ opens, closes }]
    })
  })

const windows = fc.tuple(...Array.from({ length: 7 }, () => windowsOfDay)).map((days) =>
  days.flatMap((day, dayOfWeek) =>
    day.map(({ opens, closes }): BusinessWindow => ({
      dayOfWeek,
      opensAt: clockTime(opens),
      closesAt: clockTime(closes),
    })),
  ),
)

function clockTime(minute: number): string {
  const pad = (value: number): string => String(value).padStart(2, '0')
  return `${pad(Math.floor(minute / 60))}:${pad(minute % 60)}`
}

interface Situation {
  calendar: BusinessCalendar
  /** Some days around a change of the clock, where the zone has one in that year. */
  aroundMs: number
}

const situation: fc.Arbitrary<Situation> = fc
  .record({
    timeZone,
    year,
    windows,
    dayOfYear: fc.nat(364),
    nearAChange: fc.boolean(),
    whichChange: fc.nat(),
    holidayOffsets: fc.uniqueArray(fc.integer({ min: -6, max: 12 }), { maxLength: 4 }),
  })
  .map((given) => {
    const changes = given.nearAChange ? changesOf(given.timeZone, given.year) : []
    const aroundMs =
      changes[given.whichChange % Math.max(changes.length, 1)] ??
      Date.UTC(given.year, 0, 1 + given.dayOfYear)
    const holidays = given.holidayOffsets.map((days) =>
      new Date(aroundMs + days * DAY_MS).toISOString().slice(0, 10),
    )
    return {
      calendar: { timeZone: given.timeZone, windows: given.windows, holidays },
      aroundMs,
    }
  })

/** A distance in milliseconds from the middle of a situation: on the minute, or anywhere. */
const offsetMs = fc.oneof(
  fc.integer({ min: -4 * 1440, max: 4 * 1440 }).map((minutes) => minutes * MINUTE_MS),
  fc.integer({ min: -9 * DAY_MS, max: 9 * DAY_MS }),
  fc.integer({ min: -900 * DAY_MS, max: 900 * DAY_MS }),
)
const durationMs = fc.oneof(
  fc.integer({ min: 0, max: 3 * DAY_MS }),
  fc.integer({ min: 0, max: 48 }).map((halves) => halves * 30 * MINUTE_MS),
  fc.integer({ min: 0, max: 200 * DAY_MS }),
)
const pauseOffsets = fc.array(
  fc.record({ start: offsetMs, length: fc.option(durationMs, { freq: 8 }) }),
  { maxLength: 4 },
)

function pausesAround(
  atMs: number,
  offsets: readonly { start: number; length: number | null }[],
): Pause[] {
  return offsets.map(({ start, length }) => ({
    fromMs: atMs + start,
    toMs: length === null ? null : atMs + start + length,
  }))
}

function check<Values extends [unknown, ...unknown[]]>(
  property: fc.IProperty<Values>,
  numRuns = RUNS,
): void {
  fc.assert(property, { numRuns })
}

test('the calendars of these tests have no problems', () => {
  check(
    fc.property(situation, ({ calendar }) => {
      expect(findCalendarProblems(calendar)).toEqual([])
    }),
  )
})

describe('adding', () => {
  test('and then measuring gives back what was added, and a millisecond earlier it is less', () => {
    check(
      fc.property(situation, offsetMs, durationMs, ({ calendar, aroundMs }, offset, duration) => {
        const fromMs = aroundMs + offset
        const reachedMs = addBusinessMs(calendar, fromMs, duration)
        expect(reachedMs).not.toBeNull()
        expect(measureBusinessMs(calendar, fromMs, Number(reachedMs))).toBe(duration)
        if (duration === 0) expect(reachedMs).toBe(fromMs)
        else {
          expect(measureBusinessMs(calendar, fromMs, Number(reachedMs) - 1)).toBe(duration - 1)
        }
      }),
    )
  })

  test('more, or from later on, never leads to an earlier instant', () => {
    check(
      fc.property(
        situation,
        offsetMs,
        durationMs,
        durationMs,
        ({ calendar, aroundMs }, offset, duration, more) => {
          const fromMs = aroundMs + offset
          const reachedMs = addBusinessMs(calendar, fromMs, duration) ?? Infinity
          const afterMore = addBusinessMs(calendar, fromMs, duration + more) ?? Infinity
          const fromLater = addBusinessMs(calendar, fromMs + more, duration) ?? Infinity
          expect(afterMore).toBeGreaterThanOrEqual(reachedMs)
          expect(fromLater).toBeGreaterThanOrEqual(reachedMs)
        },
      ),
    )
  })
})

describe('measuring', () => {
  test('is additive over any split, with any pauses', () => {
    check(
      fc.property(
        situation,
        fc.tuple(offsetMs, offsetMs, offsetMs),
        pauseOffsets,
        ({ calendar, aroundMs }, offsets, pauseOffsets) => {
          const [from, between, to] = offsets
            .toSorted((a, b) => a - b)
            .map((offset) => aroundMs + offset) as [number, number, number]
          const pauses = pausesAround(aroundMs, pauseOffsets)
          const measure = (a: number, b: number) => measureBusinessMs(calendar, a, b, pauses)
          expect(measure(from, between) + measure(between, to)).toBe(measure(from, to))
        },
      ),
    )
  })

  test('never shrinks with a later end or an earlier beginning, nor exceeds the time there is', () => {
    check(
      fc.property(
        situation,
        offsetMs,
        durationMs,
        durationMs,
        pauseOffsets,
        ({ calendar, aroundMs }, offset, duration, more, pauseOffsets) => {
          const fromMs = aroundMs + offset
          const pauses = pausesAround(aroundMs, pauseOffsets)
          const measure = (a: number, b: number) => measureBusinessMs(calendar, a, b, pauses)
          const measured = measure(fromMs, fromMs + duration)
          expect(measured).toBeGreaterThanOrEqual(0)
          expect(measured).toBeLessThanOrEqual(duration)
          expect(measure(fromMs, fromMs + duration + more)).toBeGreaterThanOrEqual(measured)
          expect(measure(fromMs - more, fromMs + duration)).toBeGreaterThanOrEqual(measured)
        },
      ),
    )
  })

  test('reaches the target exactly at the due instant, and a millisecond earlier not yet', () => {
    check(
      fc.property(
        situation,
        offsetMs,
        durationMs,
        pauseOffsets,
        ({ calendar, aroundMs }, offset, target, pauseOffsets) => {
          const fromMs = aroundMs + offset
          const pauses = pausesAround(aroundMs, pauseOffsets)
          const measureTo = (toMs: number) => measureBusinessMs(calendar, fromMs, toMs, pauses)
          const dueMs = dueAtWithPauses(calendar, fromMs, target, pauses)
          if (dueMs === null) {
            expect(measureTo(fromMs + 5000 * DAY_MS)).toBeLessThan(target)
          } else {
            expect(measureTo(dueMs)).toBe(target)
            if (target > 0) expect(measureTo(dueMs - 1)).toBe(target - 1)
          }
        },
      ),
    )
  })
})

test('between an instant and the next change of state the state is one and the same', () => {
  check(
    fc.property(situation, offsetMs, ({ calendar, aroundMs }, offset) => {
      const atMs = aroundMs + offset
      const [opensMs, closesMs] = [nextOpening(calendar, atMs), nextClosing(calendar, atMs)]
      if (isOpen(calendar, atMs)) {
        expect(opensMs).toBe(atMs)
        if (closesMs === null) return
        expect(measureBusinessMs(calendar, atMs, closesMs)).toBe(closesMs - atMs)
        expect(isOpen(calendar, closesMs)).toBe(false)
      } else {
        expect(closesMs).toBe(atMs)
        if (opensMs === null) return
        expect(measureBusinessMs(calendar, atMs, opensMs)).toBe(0)
        expect(isOpen(calendar, opensMs)).toBe(true)
      }
    }),
  )
})

describe('as a walk over every minute has it', () => {
  const REACH_MINUTES = 5 * 1440

  test('the state, and the time measured with and without pauses', () => {
    const minuteOffset = fc.integer({ min: -REACH_MINUTES, max: REACH_MINUTES })
    const pauseMinutes = fc.array(
      fc.record({ start: minuteOffset, length: fc.option(fc.nat(2000), { freq: 6 }) }),
      { maxLength: 3 },
    )
    check(
      fc.property(
        situation,
        fc.tuple(minuteOffset, minuteOffset),
        pauseMinutes,
        ({ calendar, aroundMs }, ends, pauseMinutes) => {
          const [from, to] = ends
            .toSorted((a, b) => a - b)
            .map((minutes) => aroundMs + minutes * MINUTE_MS) as [number, number]
          const pauses = pausesAround(
            aroundMs,
            pauseMinutes.map(({ start, length }) => ({
              start: start * MINUTE_MS,
              length: length === null ? null : length * MINUTE_MS,
            })),
          )
          const isOpenMinute = walkMinutes(calendar, from, to)

          let openMinutes = 0
          let runningMinutes = 0
          for (const [index, isOpenThen] of isOpenMinute.entries()) {
            const atMs = from + index * MINUTE_MS
            if (isOpen(calendar, atMs) !== isOpenThen) {
              expect.fail(`${calendar.timeZone} ${new Date(atMs).toISOString()}: not ${isOpenThen}`)
            }
            if (!isOpenThen) continue
            openMinutes += 1
            if (!pauses.some((pause) => covers(pause, atMs))) runningMinutes += 1
          }
          expect(measureBusinessMs(calendar, from, to)).toBe(openMinutes * MINUTE_MS)
          expect(measureBusinessMs(calendar, from, to, pauses)).toBe(runningMinutes * MINUTE_MS)
        },
      ),
      REFERENCE_RUNS,
    )
  })
})

function covers({ fromMs, toMs }: Pause, atMs: number): boolean {
  return fromMs <= atMs && (toMs === null || atMs < toMs)
}

/**
 * The reference: for every minute between two instants whether it is open, from nothing but what the
 * platform prints as the local time of each minute.
 */
function walkMinutes(calendar: BusinessCalendar, fromMs: number, toMs: number): boolean[] {
  if (calendar.windows.length === 0) {
    return Array.from({ length: (toMs - fromMs) / MINUTE_MS }, () => true)
  }
  // Two days more on either side, so that both ends of every window that matters are in it.
  const walkFromMs = fromMs - 2 * DAY_MS
  const wall = Array.from({ length: (toMs - fromMs + 4 * DAY_MS) / MINUTE_MS }, (_, index) =>
    wallMinute(calendar.timeZone, walkFromMs + index * MINUTE_MS),
  )
  const isOpenMinute = wall.map(() => false)

  const dates = new Set(wall.map((minute) => Math.floor(minute / 1440)))
  for (const date of dates) {
    const isoDate = new Date(date * DAY_MS).toISOString().slice(0, 10)
    if (calendar.holidays.includes(isoDate)) continue
    const dayOfWeek = (new Date(date * DAY_MS).getUTCDay() + 6) % 7
    for (const window of calendar.windows) {
      if (window.dayOfWeek !== dayOfWeek) continue
      const opens = indexOfWallMinute(wall, date * 1440 + minuteOf(window.opensAt))
      const closes = indexOfWallMinute(wall, date * 1440 + minuteOf(window.closesAt))
      if (opens < closes) isOpenMinute.fill(true, Math.max(opens, 0), Math.max(closes, 0))
    }
  }
  return isOpenMinute.slice(2 * 1440, isOpenMinute.length - 2 * 1440)
}

function minuteOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number) as [number, number]
  return hours * 60 + minutes
}

/**
 * Where a local minute stands in the walk: its first occurrence; one that the clock skipped, as far
 * behind the last before it as if the clock had not been changed. A skipped midnight is the end of
 * the skip: a day begins with its first minute.
 */
function indexOfWallMinute(wall: readonly number[], sought: number): number {
  const first = wall.indexOf(sought)
  if (first !== -1) return first
  const after = wall.findIndex((minute) => minute > sought)
  if (after === -1) return wall.length
  if (after === 0 || sought % 1440 === 0) return after
  return after - 1 + sought - (wall[after - 1] as number)
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** Minutes from 1 January 1970, 00:00, to what a clock on the wall shows. */
function wallMinute(timeZone: string, atMs: number): number {
  let format = formats.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    })
    formats.set(timeZone, format)
  }
  const [month, day, year, hour, minute] = format.format(atMs).split(/\D+/).map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ]
  return Date.UTC(year, month - 1, day, hour, minute) / MINUTE_MS
}

const changes = new Map<string, number[]>()

/** The noons (UTC) in a year before which the local clock was changed within a day. */
function changesOf(timeZone: string, year: number): number[] {
  const key = `${timeZone} ${year}`
  const known = changes.get(key)
  if (known) return known
  const offsetAt = (atMs: number): number => wallMinute(timeZone, atMs) - atMs / MINUTE_MS
  const found: number[] = []
  for (let noonMs = Date.UTC(year, 0, 1, 12); noonMs < Date.UTC(year + 1, 0); noonMs += DAY_MS) {
    if (offsetAt(noonMs) !== offsetAt(noonMs - DAY_MS)) found.push(noonMs)
  }
  changes.set(key, found)
  return found
}
