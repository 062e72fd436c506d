import { type LateContribution } from '../../contributions/contribution.ts'
import { SlaScreen } from './sla-screen.tsx'

export const late: LateContribution = {
  screens: { sla: SlaScreen },
}
