import { type Contribution } from '../../contributions/contribution.ts'
import { TriageScreen } from './triage-screen.tsx'

export const late: Contribution = {
  screens: { triage: TriageScreen },
}
