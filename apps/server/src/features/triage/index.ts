import { triageProcedures } from './triage.router.ts'
import { type Triage } from './triage.ts'

export { fallbackTeam } from './setup.ts'
export { startTriage, type Triage } from './triage.ts'

export const procedures = { triage: triageProcedures }

declare module '../../platform/features.ts' {
  interface Features {
    triage: Triage
  }
}
