import { type People } from './people.ts'
import {
  peopleProcedures,
  securityProcedures,
  sessionsProcedures,
  teamProcedures,
} from './people.router.ts'

export { createPeople } from './people.ts'

export const procedures = {
  people: peopleProcedures,
  sessions: sessionsProcedures,
  teams: teamProcedures,
  security: securityProcedures,
}

declare module '../../platform/features.ts' {
  interface Features {
    people: People
  }
}
