import {
  findCalendarProblems,
  isOpen,
  type BusinessCalendar,
  type TriageRule,
} from '@parley/domain'

import { type Queryable } from '../../platform/database.ts'
import { teamCalendars } from '../business-hours/index.ts'

/** Whether teams are open, for the rules that ask. */
export interface TeamHours {
  /** Of the teams that were asked for; one without hours is open always. */
  openAt(atMs: number): Record<string, boolean>
}

/** The teams whose hours a rule asks for. */
export function teamsAskedFor(rules: readonly TriageRule[]): string[] {
  const ids = rules
    .filter(({ enabled }) => enabled)
    .flatMap(({ conditions }) => [...conditions.all, ...conditions.any])
    .flatMap((condition) => (condition.kind === 'business_hours' ? [condition.teamId] : []))
  return [...new Set(ids)]
}

export async function readTeamHours(db: Queryable, teamIds: string[]): Promise<TeamHours> {
  const calendars =
    teamIds.length === 0 ? new Map<string, BusinessCalendar>() : await soundCalendars(db, teamIds)
  return {
    openAt: (atMs) =>
      Object.fromEntries(
        teamIds.map((teamId) => {
          const calendar = calendars.get(teamId)
          return [teamId, calendar === undefined || isOpen(calendar, atMs)]
        }),
      ),
  }
}

/** Hours that mean nothing, such as of a time zone that is no more, must not hold up a conversation. */
async function soundCalendars(
  db: Queryable,
  teamIds: string[],
): Promise<Map<string, BusinessCalendar>> {
  const calendars = await teamCalendars(db)
  return new Map(
    [...calendars].filter(
      ([teamId, calendar]) =>
        teamIds.includes(teamId) && findCalendarProblems(calendar).length === 0,
    ),
  )
}
