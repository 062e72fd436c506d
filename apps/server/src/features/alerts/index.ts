import { alertProcedures } from './alerts.router.ts'
import { alertKind, alertPreferencesKind } from './alerts.rows.ts'

export { acknowledgeByOwning } from './acknowledge.ts'
export { climbEscalations, escalate } from './escalate.ts'
export { escalationOf, nextClimbMs } from './escalations.queries.ts'
export { nextHeldNewsMs, tellHeldNews } from './held-news.ts'
export { raiseAlerts, type AlertNews } from './raise.ts'
export { settleAlerts, settleAlertsOf } from './settle.ts'

export const procedures = { alerts: alertProcedures }
export const kinds = [alertKind, alertPreferencesKind]
