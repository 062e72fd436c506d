export { openTeams, teamCalendars } from './business-hours.queries.ts'
