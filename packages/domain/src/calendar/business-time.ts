import { type BusinessCalendar } from './business-calendar.ts'
import { openingWeeksOf, type OpeningWeek, type OpeningWeeks } from './opening-weeks.ts'

/**
 * Business time: the time during which a calendar is open. Instants are epoch milliseconds, durations
 * milliseconds, both whole. The calendar must have no problems (`findCalendarProblems`).
 *
 * Windows are wall-clock times. On a day on which the clock changes, each end of a window is placed in
 * time by Temporal's `compatible` rule (the first of two such times; a skipped time as much later as
 * the clock is put forward), and the window is what lies between: 01:30 to 03:30 lasts an hour less
 * where 02:00 becomes 03:00, and an hour more where 03:00 becomes 02:00.
 */

/** A time during which a clock stood still, epoch milliseconds. */
export interface Pause {
  readonly fromMs: number
  /** null: it has not ended. */
  readonly toMs: number | null
}

/** Five years: a calendar that stays closed, or open, for longer does so for good. */
const HORIZON_WEEKS = 261

const EARLIEST_MS = Date.UTC(1900, 0)
const LATEST_MS = Date.UTC(2200, 0)

/** @throws RangeError, as everything here does, for an instant outside the years 1900 to 2199. */
export function isOpen(calendar: BusinessCalendar, atMs: number): boolean {
  const week = openingWeeksOf(calendar).containing(known(atMs))
  return week.openings.some(({ opensMs, closesMs }) => opensMs <= atMs && atMs < closesMs)
}

/** The first instant from `atMs` on that is open: itself while open; null: none within five years. */
export function nextOpening(calendar: BusinessCalendar, atMs: number): number | null {
  const weeks = openingWeeksOf(calendar)
  const thisWeek = weeks.containing(known(atMs))
  const opening =
    thisWeek.openings.find(({ closesMs }) => atMs < closesMs) ??
    nextOpenWeek(weeks, thisWeek)?.openings[0]
  return opening ? Math.max(opening.opensMs, atMs) : null
}

/** The first instant from `atMs` on that is closed: itself while closed; null: none within five years. */
export function nextClosing(calendar: BusinessCalendar, atMs: number): number | null {
  const weeks = openingWeeksOf(calendar)
  let week = weeks.containing(known(atMs))
  const lastWeek = week.number + HORIZON_WEEKS
  let openUntilMs = atMs
  while (week.number <= lastWeek) {
    for (const { opensMs, closesMs } of week.openings) {
      if (openUntilMs < opensMs) return openUntilMs
      openUntilMs = Math.max(openUntilMs, closesMs)
    }
    if (openUntilMs < week.endMs) return openUntilMs
    week = weeks.after(week)
  }
  return null
}

/**
 * The earliest instant at which so much business time has passed since `fromMs`: where that is the
 * end of a window, the closing and not the next opening. `fromMs` itself for nothing or less. null: the
 * calendar stays closed for five years before it is reached, or it lies after the year 2199.
 */
export function addBusinessMs(
  calendar: BusinessCalendar,
  fromMs: number,
  durationMs: number,
): number | null {
  known(fromMs)
  if (Number.isNaN(durationMs)) throw new RangeError('The duration is not a number')
  if (durationMs <= 0) return fromMs
  const weeks = openingWeeksOf(calendar)
  let week = weeks.containing(fromMs)
  let remainingMs = durationMs + openMsUntil(week, fromMs)
  while (remainingMs > week.openMs) {
    const next = nextOpenWeek(weeks, week)
    if (next === null || next.startMs >= LATEST_MS) return null
    remainingMs -= week.openMs
    week = next
  }
  return instantInto(week, remainingMs)
}

/**
 * The business time between two instants that no pause covers. Pauses may come in any order, overlap
 * one another and reach beyond the two instants. 0 where `toMs` is not later than `fromMs`.
 */
export function measureBusinessMs(
  calendar: BusinessCalendar,
  fromMs: number,
  toMs: number,
  pauses: readonly Pause[] = [],
): number {
  known(fromMs)
  known(toMs)
  let measuredMs = 0
  let runningSinceMs = fromMs
  for (const pause of inOrder(pauses)) {
    if (pause.fromMs >= toMs) break
    if (pause.fromMs > runningSinceMs) {
      measuredMs += openMsBetween(calendar, runningSinceMs, pause.fromMs)
      runningSinceMs = pause.fromMs
    }
    runningSinceMs = Math.max(runningSinceMs, pause.toMs ?? Infinity)
  }
  return runningSinceMs < toMs
    ? measuredMs + openMsBetween(calendar, runningSinceMs, toMs)
    : measuredMs
}

/**
 * The earliest instant at which the business time since `fromMs` that no pause covers has reached
 * `targetMs`. null: a pause that has not ended began before that, so the clock stands still; or never,
 * as `addBusinessMs` has it.
 */
export function dueAtWithPauses(
  calendar: BusinessCalendar,
  fromMs: number,
  targetMs: number,
  pauses: readonly Pause[],
): number | null {
  if (targetMs <= 0) return known(fromMs)
  let remainingMs = targetMs
  let runningSinceMs = known(fromMs)
  for (const pause of inOrder(pauses)) {
    if (pause.fromMs > runningSinceMs) {
      const ranMs = openMsBetween(calendar, runningSinceMs, known(pause.fromMs))
      if (ranMs >= remainingMs) break
      remainingMs -= ranMs
      runningSinceMs = pause.fromMs
    }
    if (pause.toMs === null) return null
    runningSinceMs = Math.max(runningSinceMs, pause.toMs)
  }
  return addBusinessMs(calendar, runningSinceMs, remainingMs)
}

/** So that neither a NaN nor seconds taken for something else send a walk through the millennia. */
function known(atMs: number): number {
  if (atMs >= EARLIEST_MS && atMs < LATEST_MS) return atMs
  throw new RangeError(`No instant between the years 1900 and 2199: ${atMs}`)
}

function inOrder(pauses: readonly Pause[]): readonly Pause[] {
  return pauses.length > 1 ? pauses.toSorted((a, b) => a.fromMs - b.fromMs) : pauses
}

function nextOpenWeek(weeks: OpeningWeeks, week: OpeningWeek): OpeningWeek | null {
  const lastWeek = week.number + HORIZON_WEEKS
  let next = weeks.after(week)
  while (next.openMs === 0) {
    if (next.number >= lastWeek) return null
    next = weeks.after(next)
  }
  return next
}

function openMsBetween(calendar: BusinessCalendar, fromMs: number, toMs: number): number {
  const weeks = openingWeeksOf(calendar)
  let week = weeks.containing(fromMs)
  let openMs = -openMsUntil(week, fromMs)
  while (toMs >= week.endMs) {
    openMs += week.openMs
    week = weeks.after(week)
  }
  return openMs + openMsUntil(week, toMs)
}

/** Open time from the week's beginning to an instant within it. */
function openMsUntil(week: OpeningWeek, atMs: number): number {
  let openMs = 0
  for (const { opensMs, closesMs } of week.openings) {
    if (atMs <= opensMs) break
    openMs += Math.min(closesMs, atMs) - opensMs
  }
  return openMs
}

/** The inverse: the earliest instant with so much open time before it in the week. */
function instantInto(week: OpeningWeek, openMs: number): number {
  let remainingMs = openMs
  for (const { opensMs, closesMs } of week.openings) {
    if (remainingMs <= closesMs - opensMs) return opensMs + remainingMs
    remainingMs -= closesMs - opensMs
  }
  return week.endMs
}
