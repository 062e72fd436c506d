import { triageProcedures } from './triage.router.ts'
import { type Triage } from './triage.ts'

export { resealIntegrations } from './model/model-settings.ts'
export { placeNow } from './place.ts'
export { createSetupReader, fallbackTeam } from './setup.ts'
export { startTriage, type Triage } from './triage.ts'

export const procedures = { triage: triageProcedures }

declare module '../../platform/features.ts' {
  interface Features {
    triage: Triage
  }
}
