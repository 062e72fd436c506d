import {
  type BusinessCalendar,
  addBusinessMs,
  findCalendarProblems,
  isOpen,
  nextClosing,
  nextOpening,
} from '@parley/domain'

/** What hours mean, by an example and by what comes next. All instants are epoch milliseconds. */

/**
 * The next time it is this weekday and this time where the team works; null: no such time. The moment is
 * looked for as the opening of a calendar that opens then, so that changes of the clock are in it.
 * @param day 0 is Monday
 * @param time HH:MM
 */
export function nextMoment(
  timeZone: string,
  day: number,
  time: string,
  now: number,
): number | null {
  const closesAt = '24:00'
  const calendar: BusinessCalendar = {
    timeZone,
    windows: [{ dayOfWeek: day, opensAt: time, closesAt }],
    holidays: [],
  }
  if (findCalendarProblems(calendar).length > 0) return null
  const from = isOpen(calendar, now) ? nextClosing(calendar, now) : now
  return from === null ? null : nextOpening(calendar, from)
}

/** When a message of that moment would be due; null: never. */
export function dueOf(
  calendar: BusinessCalendar,
  atMs: number,
  targetSeconds: number,
): number | null {
  return addBusinessMs(calendar, atMs, targetSeconds * 1000)
}

export type NextTurn =
  | { kind: 'always' }
  | { kind: 'never' }
  | { kind: 'closes' | 'opens'; atMs: number }

/** Whether it is open now, and until when. */
export function nextTurn(calendar: BusinessCalendar, now: number): NextTurn {
  if (isOpen(calendar, now)) {
    const atMs = nextClosing(calendar, now)
    return atMs === null ? { kind: 'always' } : { kind: 'closes', atMs }
  }
  const atMs = nextOpening(calendar, now)
  return atMs === null ? { kind: 'never' } : { kind: 'opens', atMs }
}

/** ISO dates of the week of `now` where the team works, Monday first. */
export function weekDates(timeZone: string, now: number): string[] {
  const today = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(now)
  const todayMs = Date.parse(`${today}T00:00:00Z`)
  const daysSinceMonday = (new Date(todayMs).getUTCDay() + 6) % 7
  return Array.from({ length: 7 }, (_, day) =>
    new Date(todayMs + (day - daysSinceMonday) * DAY_MS).toISOString().slice(0, 10),
  )
}

const DAY_MS = 86_400_000
