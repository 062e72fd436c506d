import { type Contribution } from '../../contributions/contribution.ts'
import { RoutingScreen } from './routing-screen.tsx'

export const late: Contribution = {
  screens: { routing: RoutingScreen },
}
