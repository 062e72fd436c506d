export {
  lockTeamSettings,
  saveTeamSettings,
  teamSettings,
  type StoredTeamSettings,
} from './team-settings.queries.ts'
