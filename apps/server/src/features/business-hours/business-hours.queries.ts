import { type BusinessHours } from '@parley/contracts'
import { isOpen, type BusinessCalendar } from '@parley/domain'

import { type Queryable, type Transaction } from '../../platform/database.ts'
import { sql, toJson } from '../../platform/sql.ts'

const ALWAYS_OPEN: BusinessCalendar = { timeZone: 'UTC', windows: [], holidays: [] }

/** Of the column in the data model, for teams that have not stated any hours. */
const DEFAULT_TIME_ZONE = 'America/Mexico_City'

/** Calendars that have been read, by what was in them: one that has not changed keeps its object. */
const known = new Map<string, BusinessCalendar>()
/** More than any company has teams; past it the map begins anew. */
const MAXIMUM_KNOWN = 1000

/** The working time of each team that has stated any; all others are open always. */
export async function teamCalendars(db: Queryable): Promise<Map<string, BusinessCalendar>> {
  const rows = await db.many<{ team_id: string; calendar: string }>(sql`
    SELECT team_id, calendar FROM team_calendars`)
  return new Map(rows.map(({ team_id, calendar }) => [team_id, parseCalendar(calendar)]))
}

/** Says which teams are open at the database's present time. */
export async function openTeams(db: Queryable): Promise<(teamId: string) => boolean> {
  const calendars = await teamCalendars(db)
  const { now } = await db.one<{ now: Date }>(sql`SELECT NOW() AS now`)
  return (teamId) => isOpen(calendars.get(teamId) ?? ALWAYS_OPEN, now.getTime())
}

/** @param written `team_calendars.calendar`; null: open always. The same text is always the same object. */
export function parseCalendar(written: string | null): BusinessCalendar {
  if (written === null) return ALWAYS_OPEN
  let calendar = known.get(written)
  if (calendar === undefined) {
    if (known.size >= MAXIMUM_KNOWN) known.clear()
    calendar = JSON.parse(written) as BusinessCalendar
    known.set(written, calendar)
  }
  return calendar
}

export async function calendarOfTeam(db: Queryable, teamId: string): Promise<BusinessCalendar> {
  const row = await db.maybe<{ calendar: string }>(sql`
    SELECT calendar FROM team_calendars WHERE team_id = ${teamId}`)
  return parseCalendar(row?.calendar ?? null)
}

/** As their editors write them. */
export async function readBusinessHours(db: Queryable, teamId: string): Promise<BusinessHours> {
  const [calendar, holidays] = await Promise.all([
    calendarOfTeam(db, teamId),
    db.many<{ date: string; name: string }>(sql`
      SELECT date::text, name FROM team_holidays WHERE team_id = ${teamId} ORDER BY date`),
  ])
  const { timeZone, windows } = calendar
  return {
    timeZone: calendar === ALWAYS_OPEN ? DEFAULT_TIME_ZONE : timeZone,
    windows: [...windows],
    holidays,
  }
}

/** Replaces a team's hours and holidays as a whole; the caller has found them without problems. */
export async function replaceBusinessHours(
  tx: Transaction,
  teamId: string,
  { timeZone, windows, holidays }: BusinessHours,
): Promise<void> {
  await tx.run(sql`DELETE FROM business_hours WHERE team_id = ${teamId}`)
  await tx.run(sql`DELETE FROM team_holidays WHERE team_id = ${teamId}`)
  await tx.run(sql`
    INSERT INTO business_hours (id, team_id, day_of_week, open_time, close_time, timezone)
    SELECT new_id(), ${teamId}, "dayOfWeek", "opensAt", "closesAt", ${timeZone}
    FROM jsonb_to_recordset(${toJson(windows)}::jsonb)
      AS t("dayOfWeek" INT, "opensAt" TIME, "closesAt" TIME)`)
  await tx.run(sql`
    INSERT INTO team_holidays (id, team_id, date, name)
    SELECT new_id(), ${teamId}, date, name
    FROM jsonb_to_recordset(${toJson(holidays)}::jsonb) AS t(date DATE, name TEXT)`)
}
