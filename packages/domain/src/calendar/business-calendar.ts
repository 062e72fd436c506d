import { isTimeZone } from './wall-clock.ts'
import { epochDayOf, minuteOfDay, MINUTES_PER_DAY } from './written-time.ts'

/**
 * When a team works. Without windows a team is open always, its holidays included: who has stated no
 * hours has nothing that a holiday could take away.
 *
 * What has been computed from a calendar is remembered by the object, so a calendar is never changed:
 * other hours are another object. Keep the object for as long as it is used.
 */
export interface BusinessCalendar {
  /** IANA name, such as America/Mexico_City. */
  readonly timeZone: string
  /** Several a day are allowed, in any order. They do not overlap; a night shift is two of them. */
  readonly windows: readonly BusinessWindow[]
  /** ISO dates (YYYY-MM-DD) of the time zone's own calendar on which every window stays closed. */
  readonly holidays: readonly string[]
}

/**
 * Open from `opensAt` until just before `closesAt`, on the wall clock of the calendar's time zone.
 * 00:00 is the day's first instant and 24:00 its end, whatever the clock shows then.
 */
export interface BusinessWindow {
  /** 0 is Monday, 6 is Sunday. */
  readonly dayOfWeek: number
  /** HH:MM, 00:00 to 23:59. */
  readonly opensAt: string
  /** HH:MM, later than `opensAt`; 24:00 closes the day. */
  readonly closesAt: string
}

/** What is wrong, and in which row: an index into the calendar's windows or holidays. */
export type CalendarProblem =
  | { reason: 'unknown_time_zone' }
  | { reason: 'no_such_day_of_week'; window: number }
  | { reason: 'no_such_opening_time'; window: number }
  | { reason: 'no_such_closing_time'; window: number }
  | { reason: 'closes_before_it_opens'; window: number }
  /** Named at the window that opens later, or stands later in the list. */
  | { reason: 'overlaps'; window: number; otherWindow: number }
  | { reason: 'no_such_date'; holiday: number }
  | { reason: 'repeated_date'; holiday: number; otherHoliday: number }

/**
 * Everything that is wrong with a calendar as somebody wrote it, rows in order; empty: it can be used.
 * A window that closes at the minute at which it opens counts as closing before it.
 */
export function findCalendarProblems(calendar: BusinessCalendar): CalendarProblem[] {
  return [
    ...(isTimeZone(calendar.timeZone) ? [] : [{ reason: 'unknown_time_zone' } as const]),
    ...calendar.windows.flatMap(problemsOfWindow),
    ...overlaps(calendar.windows),
    ...problemsOfHolidays(calendar.holidays),
  ]
}

function problemsOfWindow(row: BusinessWindow, window: number): CalendarProblem[] {
  const problems: CalendarProblem[] = []
  if (!isDayOfWeek(row.dayOfWeek)) problems.push({ reason: 'no_such_day_of_week', window })
  const opens = minuteOfDay(row.opensAt)
  const closes = minuteOfDay(row.closesAt)
  // 24:00 is the end of a day and nothing begins there.
  if (opens === null || opens === MINUTES_PER_DAY) {
    problems.push({ reason: 'no_such_opening_time', window })
  }
  if (closes === null) problems.push({ reason: 'no_such_closing_time', window })
  if (opens !== null && opens < MINUTES_PER_DAY && closes !== null && closes <= opens) {
    problems.push({ reason: 'closes_before_it_opens', window })
  }
  return problems
}

function isDayOfWeek(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 6
}

function overlaps(rows: readonly BusinessWindow[]): CalendarProblem[] {
  const problems: Extract<CalendarProblem, { reason: 'overlaps' }>[] = []
  // Compared with the one that stays open longest, which need not be the one just before.
  let longest: SoundWindow | undefined
  for (const row of soundWindowsInOrder(rows)) {
    if (longest?.dayOfWeek === row.dayOfWeek && row.opens < longest.closes) {
      problems.push({ reason: 'overlaps', window: row.window, otherWindow: longest.window })
      if (row.closes <= longest.closes) continue
    }
    longest = row
  }
  return problems.toSorted((a, b) => a.window - b.window)
}

interface SoundWindow {
  window: number
  dayOfWeek: number
  opens: number
  closes: number
}

function soundWindowsInOrder(rows: readonly BusinessWindow[]): SoundWindow[] {
  return rows
    .flatMap((row, window) => {
      const opens = minuteOfDay(row.opensAt)
      const closes = minuteOfDay(row.closesAt)
      const isSound = problemsOfWindow(row, window).length === 0
      if (!isSound || opens === null || closes === null) return []
      return [{ window, dayOfWeek: row.dayOfWeek, opens, closes }]
    })
    .toSorted((a, b) => a.dayOfWeek - b.dayOfWeek || a.opens - b.opens)
}

function problemsOfHolidays(holidays: readonly string[]): CalendarProblem[] {
  const firstRow = new Map<string, number>()
  return holidays.flatMap((date, holiday): CalendarProblem[] => {
    if (epochDayOf(date) === null) return [{ reason: 'no_such_date', holiday }]
    const otherHoliday = firstRow.get(date)
    if (otherHoliday !== undefined) return [{ reason: 'repeated_date', holiday, otherHoliday }]
    firstRow.set(date, holiday)
    return []
  })
}
