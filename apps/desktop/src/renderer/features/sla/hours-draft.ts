import type { BusinessHours } from '@parley/contracts'
import { type BusinessCalendar, type CalendarProblem, findCalendarProblems } from '@parley/domain'

import { type Reading } from '../../ui/form/editing.ts'
import { readTimeOfDay } from '../../ui/time-of-day.ts'

/** A team's hours as they stand in the form. Rows have keys of their own: they keep their fields while others come and go. */
export interface HoursDraft {
  timeZone: string
  /** Monday first. */
  days: readonly (readonly WindowDraft[])[]
  holidays: readonly HolidayDraft[]
}
export interface WindowDraft {
  key: string
  opensAt: string
  closesAt: string
}
export interface HolidayDraft {
  key: string
  /** ISO date, as the field gives it; empty while none is chosen. */
  date: string
  name: string
}

export const WEEKDAYS = [0, 1, 2, 3, 4, 5, 6] as const

export function toHoursDraft({ timeZone, windows, holidays }: BusinessHours): HoursDraft {
  return {
    timeZone,
    days: WEEKDAYS.map((day) =>
      windows
        .filter(({ dayOfWeek }) => dayOfWeek === day)
        .toSorted((a, b) => (a.opensAt < b.opensAt ? -1 : 1))
        .map(({ opensAt, closesAt }, n) => ({ key: `${day}-${n}`, opensAt, closesAt })),
    ),
    holidays: holidays.map(({ date, name }, n) => ({ key: `h${n}`, date, name })),
  }
}

/** What is wrong, by the row's key, and `timeZone`. */
export type HoursProblems = ReadonlyMap<string, CalendarProblem['reason'] | 'no_name'>

export function fromHoursDraft(draft: HoursDraft): Reading<BusinessHours, HoursProblems> {
  const rows = draft.days.flatMap((windows, dayOfWeek) =>
    windows.map(({ key, opensAt, closesAt }) => ({
      key,
      // What cannot be read is left as it was typed: it is then no time of day to the calendar either.
      window: {
        dayOfWeek,
        opensAt: readTimeOfDay(opensAt) ?? opensAt.trim(),
        closesAt: readTimeOfDay(closesAt, true) ?? closesAt.trim(),
      },
    })),
  )
  const hours: BusinessHours = {
    timeZone: draft.timeZone.trim(),
    windows: rows.map(({ window }) => window),
    holidays: draft.holidays.map(({ date, name }) => ({ date, name: name.trim() })),
  }
  const problems = new Map<string, CalendarProblem['reason'] | 'no_name'>()
  for (const { key, name } of draft.holidays) {
    if (name.trim() === '') problems.set(key, 'no_name')
  }
  for (const problem of findCalendarProblems(calendarOf(hours))) {
    const key =
      'window' in problem
        ? rows[problem.window]?.key
        : 'holiday' in problem
          ? draft.holidays[problem.holiday]?.key
          : 'timeZone'
    if (key !== undefined) problems.set(key, problem.reason)
  }
  if (problems.size > 0) return { value: null, problems }
  const holidays = hours.holidays.toSorted((a, b) => (a.date < b.date ? -1 : 1))
  return { value: { ...hours, holidays }, problems }
}

export const calendarOf = ({ timeZone, windows, holidays }: BusinessHours): BusinessCalendar => ({
  timeZone,
  windows,
  holidays: holidays.map(({ date }) => date),
})

let added = 0
const newKey = () => `new-${(added += 1)}`

/** Another one on this day: after the last, or a working day's where there is none. */
export function withWindow(draft: HoursDraft, day: number): HoursDraft {
  const last = draft.days[day]?.at(-1)
  const fresh =
    last === undefined
      ? { opensAt: '09:00', closesAt: '18:00' }
      : { opensAt: last.closesAt, closesAt: '' }
  return withDay(draft, day, [...(draft.days[day] ?? []), { key: newKey(), ...fresh }])
}

export function withDay(
  draft: HoursDraft,
  day: number,
  windows: readonly WindowDraft[],
): HoursDraft {
  return { ...draft, days: draft.days.with(day, windows) }
}

/** Tuesday to Friday as Monday. */
export function withMondayOnWeekdays(draft: HoursDraft): HoursDraft {
  const monday = draft.days[0] ?? []
  const days = draft.days.map((windows, day) =>
    day >= 1 && day <= 4 ? monday.map((window) => ({ ...window, key: newKey() })) : windows,
  )
  return { ...draft, days }
}

export function withHoliday(draft: HoursDraft): HoursDraft {
  return { ...draft, holidays: [...draft.holidays, { key: newKey(), date: '', name: '' }] }
}

/** The same hours, whatever their rows are called. */
export function isSameHours(a: HoursDraft, b: HoursDraft): boolean {
  return JSON.stringify(plain(a)) === JSON.stringify(plain(b))
}

const plain = ({ timeZone, days, holidays }: HoursDraft) => [
  timeZone,
  days.map((windows) => windows.map(({ opensAt, closesAt }) => [opensAt, closesAt])),
  holidays.map(({ date, name }) => [date, name]),
]
