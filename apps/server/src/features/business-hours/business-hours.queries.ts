import { isOpen, type BusinessCalendar } from '@parley/domain'

import { type Queryable } from '../../platform/database.ts'
import { sql } from '../../platform/sql.ts'

const ALWAYS_OPEN: BusinessCalendar = { timeZone: 'UTC', windows: [], holidays: [] }

/** Calendars that have been read, by what was in them: one that has not changed keeps its object. */
const known = new Map<string, BusinessCalendar>()
/** More than any company has teams; past it the map begins anew. */
const MAXIMUM_KNOWN = 1000

/** The working time of each team that has stated any; all others are open always. */
export async function teamCalendars(db: Queryable): Promise<Map<string, BusinessCalendar>> {
  const rows = await db.many<{ team_id: string; calendar: string }>(sql`
    SELECT h.team_id, jsonb_build_object(
      'timeZone', MIN(h.timezone),
      'windows', jsonb_agg(jsonb_build_object(
        'dayOfWeek', h.day_of_week,
        'opensAt', left(h.open_time::text, 5),
        'closesAt', left(h.close_time::text, 5)) ORDER BY h.day_of_week, h.open_time),
      'holidays', (SELECT COALESCE(jsonb_agg(d.date::text ORDER BY d.date), '[]'::jsonb)
                   FROM team_holidays d WHERE d.team_id = h.team_id))::text AS calendar
    FROM business_hours h
    WHERE h.is_active IS NOT FALSE
    GROUP BY h.team_id`)
  return new Map(rows.map(({ team_id, calendar }) => [team_id, calendarOf(calendar)]))
}

/** Says which teams are open at the database's present time. */
export async function openTeams(db: Queryable): Promise<(teamId: string) => boolean> {
  const calendars = await teamCalendars(db)
  const { now } = await db.one<{ now: Date }>(sql`SELECT NOW() AS now`)
  return (teamId) => isOpen(calendars.get(teamId) ?? ALWAYS_OPEN, now.getTime())
}

function calendarOf(written: string): BusinessCalendar {
  let calendar = known.get(written)
  if (calendar === undefined) {
    if (known.size >= MAXIMUM_KNOWN) known.clear()
    calendar = JSON.parse(written) as BusinessCalendar
    known.set(written, calendar)
  }
  return calendar
}
