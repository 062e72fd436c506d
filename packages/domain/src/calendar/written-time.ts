/** Times of day and dates as a calendar writes them. */

const MS_PER_DAY = 86_400_000
export const MINUTES_PER_DAY = 24 * 60

/** Minutes since midnight of an HH:MM up to 24:00; null: no such time. */
export function minuteOfDay(time: string): number | null {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$|^24:00$/.exec(time)
  if (!match) return null
  return time === '24:00' ? MINUTES_PER_DAY : Number(match[1]) * 60 + Number(match[2])
}

/** Days since 1 January 1970 of an ISO date; null: no such date. */
export function epochDayOf(isoDate: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(isoDate)) return null
  const midnightMs = Date.parse(`${isoDate}T00:00:00Z`)
  // Some engines read 30 February as 1 March.
  if (Number.isNaN(midnightMs) || !new Date(midnightMs).toISOString().startsWith(isoDate)) {
    return null
  }
  return midnightMs / MS_PER_DAY
}
