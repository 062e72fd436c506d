import {
  type AlertKind,
  type AlertPresentation,
  type Priority,
  type SlaClockName,
  type StormKind,
} from '@parley/domain'

/** Something the person may want to be told by the operating system, or that its desktop shows. */
export type Notice =
  | ConversationNotice
  | OfferNotice
  | { kind: 'offer_over'; offerId: string }
  | AlertNotice
  | { kind: 'alert_over'; alertId: string }
  | AlertStormNotice
  | { kind: 'alert_storm_over'; key: string }
  | AlertsMissedNotice
  | AlertState

export interface ConversationNotice {
  kind: 'assigned' | 'message'
  conversationId: string
  customerName: string
  /** The customer's newest words, which are shown only where the policy allows it. */
  text: string | null
}

export interface OfferNotice {
  kind: 'offer'
  offerId: string
  customerName: string
  teamName: string
  priority: Priority
  /** How long it still stands. */
  expiresInMs: number
}

/** An alert that is told by itself; the same one may come twice, and again when it has risen a level. */
export interface AlertNotice {
  kind: 'alert'
  alertId: string
  alertKind: AlertKind
  /** Of an escalation. */
  level: number | null
  clock: SlaClockName
  conversationId: string
  /** Empty where this cache has not got the conversation. */
  customerName: string
  /** Empty where it has no team. */
  teamName: string
  assigneeName: string | null
  /** The customer's newest words, which are shown only where the policy allows it. */
  text: string | null
  /** Epoch milliseconds by this device's own clock. */
  dueAtMs: number
  isOverdue: boolean
  presentation: AlertPresentation
  mayTakeOver: boolean
}

/** Many of a kind in a team at once, told together; the same key takes the place of what it said before. */
export interface AlertStormNotice {
  kind: 'alert_storm'
  key: string
  alertKind: StormKind
  teamName: string
  count: number
  /** Of warnings: within so many all of them are due. Of breaches: so many ago the first was due. At least 1. */
  minutes: number
  presentation: AlertPresentation
}

/** What came while this device was not connected and still stands. */
export interface AlertsMissedNotice {
  kind: 'alerts_missed'
  escalations: number
  breaches: number
  warnings: number
  presentation: AlertPresentation
}

/** What stands open now, for what the desktop shows all the time. Without what the person has switched off. */
export interface AlertState {
  kind: 'alert_state'
  open: number
  worst: 'none' | AlertKind
  /** Escalations that this device has told the person of: their window is up. */
  escalations: number
  /** A breach or an escalation that asks for attention now: not one that waits through quiet hours. */
  isPressing: boolean
}
