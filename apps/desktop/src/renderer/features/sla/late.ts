import { type Contribution } from '../../contributions/contribution.ts'
import { SlaScreen } from './sla-screen.tsx'

export const late: Contribution = {
  screens: { sla: SlaScreen },
}
