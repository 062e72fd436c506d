import { type Contribution } from '../../contributions/contribution.ts'
import { WallboardScreen } from './wallboard-screen.tsx'

export const late: Contribution = {
  screens: { wallboard: WallboardScreen },
}
