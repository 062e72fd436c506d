import {
  type AlertKind,
  type AlertPresentation,
  type SlaClockName,
  type StormKind,
} from '@parley/domain'

import { type Notice } from '../../notices.ts'

export type AlertNotice = Notice<'alert'>
export type AlertState = Notice<'alert_state'>

declare module '../../notices.ts' {
  interface Notices {
    /** An alert that is told by itself; the same one may come twice, and again when it has risen a level. */
    alert: {
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
    alert_over: { alertId: string }
    /** Many of a kind in a team at once, told together; the same key takes the place of what it said before. */
    alert_storm: {
      key: string
      alertKind: StormKind
      teamName: string
      count: number
      /** Of warnings: within so many all of them are due. Of breaches: so many ago the first was due. At least 1. */
      minutes: number
      presentation: AlertPresentation
    }
    alert_storm_over: { key: string }
    /** What came while this device was not connected and still stands. */
    alerts_missed: {
      escalations: number
      breaches: number
      warnings: number
      presentation: AlertPresentation
    }
    /** What stands open now, for what the desktop shows all the time. Without what the person has switched off. */
    alert_state: {
      open: number
      worst: 'none' | AlertKind
      /** Escalations that this device has told the person of: their window is up. */
      escalations: number
      /** A breach or an escalation that asks for attention now: not one that waits through quiet hours. */
      isPressing: boolean
    }
  }
}
