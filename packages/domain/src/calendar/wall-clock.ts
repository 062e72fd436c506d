import { Temporal } from 'temporal-polyfill'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** Where the days and minutes of one time zone lie in time. Days are counted from 1 January 1970. */
export interface WallClock {
  /** The day's first instant; of a day that the zone skipped, the next day's. Epoch milliseconds. */
  startOfDay(epochDay: number): number
  /**
   * The instant of a wall-clock time, epoch milliseconds. Temporal's `compatible` rule decides where a
   * change of the clock leaves a choice: the first of two such times; and for a time that is skipped,
   * as much later as the clock is put forward.
   */
  instantOf(epochDay: number, minute: number): number
}

/** Whether this engine knows the IANA time zone. */
export function isTimeZone(name: string): boolean {
  // Temporal takes an offset or a whole timestamp for a zone, too; those are no place's rules.
  if (!/^[A-Za-z][\w+\-/]*$/.test(name)) return false
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name)
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/**
 * Gives the clock that is right for a range of days. Temporal is exact and slow, and all but a few
 * weeks of a year have no change of the clock in them: for those the offset from UTC is looked up once
 * for the whole stretch between two changes, and the rest is arithmetic.
 */
export function createWallClocks(timeZone: string): {
  forDays(firstEpochDay: number, count: number): WallClock
} {
  const exact = exactWallClock(timeZone)
  let stretch = steadyStretchAt(timeZone, 0)

  return {
    forDays(firstEpochDay, count) {
      const fromMs = exact.startOfDay(firstEpochDay)
      const toMs = exact.startOfDay(firstEpochDay + count)
      if (!isWithin(stretch, fromMs, toMs)) stretch = steadyStretchAt(timeZone, fromMs)
      return isWithin(stretch, fromMs, toMs) ? steadyWallClock(stretch.offsetMs) : exact
    },
  }
}

interface SteadyStretch {
  offsetMs: number
  fromMs: number
  untilMs: number
}

function steadyStretchAt(timeZone: string, atMs: number): SteadyStretch {
  const at = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone)
  // "Previous" is strictly before, and the change that happens at this very instant counts.
  const previous = at.add({ milliseconds: 1 }).getTimeZoneTransition('previous')
  const next = at.getTimeZoneTransition('next')
  return {
    offsetMs: at.offsetNanoseconds / 1_000_000,
    fromMs: previous?.epochMilliseconds ?? -Infinity,
    untilMs: next?.epochMilliseconds ?? Infinity,
  }
}

/** Not even a change at the first or the last instant: it may be the midnight itself that is skipped. */
function isWithin(stretch: SteadyStretch, fromMs: number, toMs: number): boolean {
  return stretch.fromMs < fromMs && toMs < stretch.untilMs
}

function steadyWallClock(offsetMs: number): WallClock {
  return {
    startOfDay: (epochDay) => epochDay * DAY_MS - offsetMs,
    instantOf: (epochDay, minute) => epochDay * DAY_MS + minute * MINUTE_MS - offsetMs,
  }
}

function exactWallClock(timeZone: string): WallClock {
  const dayZero = new Temporal.PlainDate(1970, 1, 1)
  const dateOf = (epochDay: number): Temporal.PlainDate => dayZero.add({ days: epochDay })
  return {
    startOfDay: (epochDay) => dateOf(epochDay).toZonedDateTime(timeZone).epochMilliseconds,
    instantOf: (epochDay, minute) =>
      dateOf(epochDay)
        .toPlainDateTime({ hour: Math.floor(minute / 60), minute: minute % 60 })
        .toZonedDateTime(timeZone, { disambiguation: 'compatible' }).epochMilliseconds,
  }
}
