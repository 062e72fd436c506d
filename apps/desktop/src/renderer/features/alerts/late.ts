import { type Contribution } from '../../contributions/contribution.ts'
import { AlertsScreen } from './alerts-screen.tsx'
import { WallboardAlerts } from './wallboard-alerts.tsx'

export const late: Contribution = {
  screens: { alerts: AlertsScreen },
  slots: { wallboardSide: [{ part: WallboardAlerts }] },
}
