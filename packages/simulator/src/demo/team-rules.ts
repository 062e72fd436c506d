import { type Priority } from '@parley/domain'

import { type TeamSlug } from './people.ts'

/** Mexico City has had no daylight-saving time since 2022, so a fixed offset is right for the demo's dates. */
export const TIME_ZONE = 'America/Mexico_City'
export const UTC_OFFSET_MS = -6 * 3_600_000

export interface OpeningWindow {
  /** Day 0 is Monday. */
  day: number
  opens: string
  closes: string
}

const days = (from: number, to: number, opens: string, closes: string): OpeningWindow[] =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ day: from + index, opens, closes }))

export const BUSINESS_HOURS: Record<TeamSlug, readonly OpeningWindow[]> = {
  sales: [...days(0, 4, '09:00', '18:00'), ...days(5, 5, '10:00', '14:00')],
  // A split shift: nobody between 14:00 and 16:00.
  support: [
    ...days(0, 4, '09:00', '14:00'),
    ...days(0, 4, '16:00', '20:00'),
    ...days(5, 5, '09:00', '14:00'),
  ],
  // Around the clock, so that the demo's service-level clocks run whenever somebody looks.
  customer_service: days(0, 6, '00:00', '24:00'),
}

/** Seconds of business time: first response, resolution, escalation (none: only the two above). */
export const SLA_POLICIES: Record<
  TeamSlug,
  Record<Priority, readonly [number, number, number | null]>
> = {
  sales: {
    urgent: [180, 1800, 600],
    high: [300, 3600, 1200],
    normal: [600, 14_400, null],
    low: [1800, 28_800, null],
  },
  support: {
    urgent: [120, 1800, 300],
    high: [300, 3600, 900],
    normal: [600, 7200, 2400],
    low: [1800, 28_800, null],
  },
  customer_service: {
    urgent: [120, 1800, 300],
    high: [300, 3600, 900],
    normal: [480, 7200, 1800],
    low: [1800, 28_800, null],
  },
}

export interface DemoTeamSettings {
  reopenWindowSeconds: number
  pendingCustomerFraction: number
  returnUnansweredSeconds: number
  wrapUpSeconds: number
}

export const TEAM_SETTINGS: Record<TeamSlug, DemoTeamSettings> = {
  sales: {
    reopenWindowSeconds: 172_800,
    pendingCustomerFraction: 0.25,
    returnUnansweredSeconds: 900,
    wrapUpSeconds: 0,
  },
  support: {
    reopenWindowSeconds: 86_400,
    pendingCustomerFraction: 0.25,
    returnUnansweredSeconds: 600,
    wrapUpSeconds: 10,
  },
  customer_service: {
    reopenWindowSeconds: 86_400,
    pendingCustomerFraction: 0.25,
    returnUnansweredSeconds: 600,
    wrapUpSeconds: 5,
  },
}

/** Closed for these teams, the next time each comes. Month and day. */
export const HOLIDAYS: readonly {
  name: string
  month: number
  day: number
  teams: readonly TeamSlug[]
}[] = [
  { name: 'Navidad', month: 12, day: 25, teams: ['sales', 'support'] },
  { name: 'Año Nuevo', month: 1, day: 1, teams: ['sales', 'support'] },
]

/** The date of a holiday's next return, in the teams' time zone: YYYY-MM-DD. */
export function nextDateOf({ month, day }: { month: number; day: number }, now: Date): string {
  const local = new Date(now.getTime() + UTC_OFFSET_MS)
  const today = local.toISOString().slice(0, 10)
  const inYear = (year: number): string =>
    `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
  const thisYear = inYear(local.getUTCFullYear())
  return thisYear >= today ? thisYear : inYear(local.getUTCFullYear() + 1)
}
