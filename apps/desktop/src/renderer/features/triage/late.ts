import { type LateContribution } from '../../contributions/contribution.ts'
import { TriageScreen } from './triage-screen.tsx'

export const late: LateContribution = {
  screens: { triage: TriageScreen },
}
