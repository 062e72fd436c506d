import { type LateContribution } from '../../contributions/contribution.ts'
import { AlertsScreen } from './alerts-screen.tsx'
import { WallboardAlerts } from './wallboard-alerts.tsx'

export const late: LateContribution = {
  screens: { alerts: AlertsScreen },
  slots: { wallboardSide: [{ part: WallboardAlerts }] },
}
