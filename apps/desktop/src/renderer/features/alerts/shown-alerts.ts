import type { AlertView } from '@parley/contracts'
import { type AlertKind } from '@parley/domain'

/** Which alerts are on the screen, and how. All of it in the engine's order: the gravest first. */

export const isOpen = ({ endedAt }: AlertView) => endedAt === null

/** What this person has switched off is listed and nothing else: it neither counts nor comes as a card. */
const isTold = (alert: AlertView) => isOpen(alert) && alert.channelNow !== 'off'

export const isCard = (alert: AlertView) => isTold(alert) && alert.kind !== 'warning'

/** Escalations and breaches lie over the screen until somebody acknowledges them; warnings never do. */
export function cardsOf(alerts: readonly AlertView[]): AlertView[] {
  return alerts.filter(isCard)
}

/** Those that are told of, and the gravest kind among them; null: none. */
export function summaryOf(alerts: readonly AlertView[]): {
  count: number
  worst: AlertKind | null
} {
  const told = alerts.filter(isTold)
  const worst = (['escalation', 'breach', 'warning'] as const).find((kind) =>
    told.some((alert) => alert.kind === kind),
  )
  return { count: told.length, worst: worst ?? null }
}

/** Open escalations, the newest first: that is how the small window has them. */
export function openEscalations(alerts: readonly AlertView[]): AlertView[] {
  return alerts
    .filter((alert) => isOpen(alert) && alert.kind === 'escalation')
    .toSorted((a, b) => (a.raisedAt > b.raisedAt ? -1 : 1))
}

/** What is over, the newest end first. */
export function endedAlerts(alerts: readonly AlertView[]): AlertView[] {
  return alerts
    .filter((alert) => !isOpen(alert))
    .toSorted((a, b) => ((a.endedAt ?? '') > (b.endedAt ?? '') ? -1 : 1))
}
