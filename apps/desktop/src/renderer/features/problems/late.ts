import { type LateContribution } from '../../contributions/contribution.ts'
import { ProblemsScreen } from './problems-screen.tsx'

export const late: LateContribution = {
  screens: { problems: ProblemsScreen },
}
