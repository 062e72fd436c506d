import { type People } from './people.ts'
import {
  groupProcedures,
  peopleProcedures,
  securityProcedures,
  sessionsProcedures,
  teamProcedures,
} from './people.router.ts'

export { changeAccess } from './access.ts'
export {
  applyGroups,
  followGroups,
  noteRightsDue,
  readMappings,
  rightsOfGroups,
  saveMappings,
  startGroupRights,
} from './group-rights.ts'
export { findPeople } from './people.queries.ts'
export { createPeople, type People } from './people.ts'
export { changeRights } from './rights.ts'
export { createTeam, listTeams, moveOpen, saveTeam, setTeamActive } from './teams.ts'

export const procedures = {
  people: peopleProcedures,
  groups: groupProcedures,
  sessions: sessionsProcedures,
  teams: teamProcedures,
  security: securityProcedures,
}

declare module '../../platform/features.ts' {
  interface Features {
    people: People
  }
}
