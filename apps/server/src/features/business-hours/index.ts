export {
  calendarOfTeam,
  openTeams,
  parseCalendar,
  readBusinessHours,
  replaceBusinessHours,
  teamCalendars,
} from './business-hours.queries.ts'
