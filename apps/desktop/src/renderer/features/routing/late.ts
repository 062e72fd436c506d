import { type LateContribution } from '../../contributions/contribution.ts'
import { RoutingScreen } from './routing-screen.tsx'

export const late: LateContribution = {
  screens: { routing: RoutingScreen },
}
