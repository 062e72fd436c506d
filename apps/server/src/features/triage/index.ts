import { type Triage } from './triage.ts'

export { startTriage, type Triage } from './triage.ts'
export { triageRouter } from './triage.router.ts'

declare module '../../platform/features.ts' {
  interface Features {
    triage: Triage
  }
}
