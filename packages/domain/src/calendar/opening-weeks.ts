import {
  findCalendarProblems,
  type BusinessCalendar,
  type BusinessWindow,
} from './business-calendar.ts'
import { createWallClocks, type WallClock } from './wall-clock.ts'
import { epochDayOf, minuteOfDay, MINUTES_PER_DAY } from './written-time.ts'

/**
 * The openings of one local week, Monday to Sunday, as intervals of time. Everything that is asked of a
 * calendar is answered from these: computed when first needed, then only read.
 */
export interface OpeningWeek {
  /** Counted from the week of 1 January 1970. */
  readonly number: number
  /** Monday's first instant, epoch milliseconds. */
  readonly startMs: number
  /** The next Monday's first instant. */
  readonly endMs: number
  /** In order, apart from one another, within the week. */
  readonly openings: readonly Opening[]
  /** Open time in the week, milliseconds. */
  readonly openMs: number
}

/** Epoch milliseconds; open at the first, closed at the second. */
export interface Opening {
  readonly opensMs: number
  readonly closesMs: number
}

export interface OpeningWeeks {
  containing(atMs: number): OpeningWeek
  after(week: OpeningWeek): OpeningWeek
}

/** Twenty years: more than is measured in practice, and some 200 kB for a team with split shifts. */
const REMEMBERED_WEEKS = 1040

const DAYS_PER_WEEK = 7
const DAY_MS = MINUTES_PER_DAY * 60_000
const WEEK_MS = DAYS_PER_WEEK * DAY_MS
/** 1 January 1970 was a Thursday: its week began three days earlier. */
const MONDAY_OF_WEEK_ZERO = -3

const compiled = new WeakMap<BusinessCalendar, OpeningWeeks>()

/** @throws RangeError for a calendar with problems; whoever takes one in asks for them first. */
export function openingWeeksOf(calendar: BusinessCalendar): OpeningWeeks {
  let weeks = compiled.get(calendar)
  if (weeks === undefined) {
    weeks = compile(calendar)
    compiled.set(calendar, weeks)
  }
  return weeks
}

function compile(calendar: BusinessCalendar): OpeningWeeks {
  const [problem] = findCalendarProblems(calendar)
  if (problem) throw new RangeError(`Unusable calendar: ${JSON.stringify(problem)}`)

  const clocks = createWallClocks(calendar.timeZone)
  const windowsByDay = groupByDay(calendar.windows)
  const holidays = new Set(calendar.holidays.map(epochDayOf))
  const remembered = new Map<number, OpeningWeek>()

  function numbered(number: number): OpeningWeek {
    const known = remembered.get(number)
    if (known !== undefined) return known
    const week = computeWeek(number)
    if (remembered.size >= REMEMBERED_WEEKS) remembered.clear()
    remembered.set(number, week)
    return week
  }

  function computeWeek(number: number): OpeningWeek {
    const monday = MONDAY_OF_WEEK_ZERO + number * DAYS_PER_WEEK
    const clock = clocks.forDays(monday, DAYS_PER_WEEK)
    const startMs = clock.startOfDay(monday)
    const endMs = clock.startOfDay(monday + DAYS_PER_WEEK)
    if (calendar.windows.length === 0) {
      return weekOf(number, startMs, endMs, [{ opensMs: startMs, closesMs: endMs }])
    }
    const openings = windowsByDay.flatMap((windows, dayOfWeek) => {
      const epochDay = monday + dayOfWeek
      return holidays.has(epochDay) ? [] : openingsOfDay(clock, epochDay, windows)
    })
    return weekOf(number, startMs, endMs, joinTouching(openings))
  }

  return {
    containing(atMs) {
      // The week in UTC is right but for some hours around its beginning.
      let week = numbered(Math.floor((atMs - MONDAY_OF_WEEK_ZERO * DAY_MS) / WEEK_MS))
      while (atMs < week.startMs) week = numbered(week.number - 1)
      while (atMs >= week.endMs) week = numbered(week.number + 1)
      return week
    },
    after: (week) => numbered(week.number + 1),
  }
}

interface WindowMinutes {
  opens: number
  closes: number
}

function groupByDay(windows: readonly BusinessWindow[]): WindowMinutes[][] {
  const days: WindowMinutes[][] = Array.from({ length: DAYS_PER_WEEK }, () => [])
  for (const { dayOfWeek, opensAt, closesAt } of windows) {
    days[dayOfWeek]?.push({
      opens: Number(minuteOfDay(opensAt)),
      closes: Number(minuteOfDay(closesAt)),
    })
  }
  return days
}

/**
 * A window never reaches beyond its own day, though the clock be put forward over midnight; so a day
 * that the time zone skipped has no openings. On the day of a change, a window that would close before
 * it opens has none either.
 */
function openingsOfDay(
  clock: WallClock,
  epochDay: number,
  windows: readonly WindowMinutes[],
): Opening[] {
  if (windows.length === 0) return []
  const dayStartMs = clock.startOfDay(epochDay)
  const dayEndMs = clock.startOfDay(epochDay + 1)
  const instantOf = (minute: number): number => {
    if (minute === 0) return dayStartMs
    if (minute === MINUTES_PER_DAY) return dayEndMs
    return Math.min(clock.instantOf(epochDay, minute), dayEndMs)
  }
  return windows
    .map(({ opens, closes }) => ({ opensMs: instantOf(opens), closesMs: instantOf(closes) }))
    .filter(({ opensMs, closesMs }) => opensMs < closesMs)
}

/** One interval of those that touch; on the day of a change, windows may even come to overlap. */
function joinTouching(openings: readonly Opening[]): Opening[] {
  const joined: Opening[] = []
  for (const opening of openings.toSorted((a, b) => a.opensMs - b.opensMs)) {
    const last = joined.at(-1)
    if (last === undefined || last.closesMs < opening.opensMs) joined.push(opening)
    else if (last.closesMs < opening.closesMs) {
      joined[joined.length - 1] = { opensMs: last.opensMs, closesMs: opening.closesMs }
    }
  }
  return joined
}

function weekOf(
  number: number,
  startMs: number,
  endMs: number,
  openings: readonly Opening[],
): OpeningWeek {
  const openMs = openings.reduce((sum, { opensMs, closesMs }) => sum + closesMs - opensMs, 0)
  return { number, startMs, endMs, openings, openMs }
}
