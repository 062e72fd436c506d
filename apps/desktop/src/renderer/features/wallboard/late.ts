import { type LateContribution } from '../../contributions/contribution.ts'
import { WallboardScreen } from './wallboard-screen.tsx'

export const late: LateContribution = {
  screens: { wallboard: WallboardScreen },
}
