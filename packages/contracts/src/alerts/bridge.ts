import {
  type AlertChannel,
  type AlertKind,
  type AlertPreferences,
  type Channel,
  type Priority,
  type SlaClockName,
} from '@parley/domain'
import { z } from 'zod'

import { engineMethods, takes, takesNothing } from '../method.ts'
import { id } from '../primitives.ts'
import { savePreferencesInput } from './api.ts'
import { type AlertRow } from './rows.ts'

/** An alert to this person, with what there is to say of its conversation now. */
export interface AlertView {
  id: string
  kind: AlertKind
  clock: SlaClockName
  conversationId: string
  /** The customer's name, or their number; empty where this cache has not (yet) got the conversation. */
  title: string
  channel: Channel | null
  priority: Priority | null
  teamId: string | null
  assignedTo: string | null
  assigneeName: string | null
  /** The owner's load and capacity, for a lead to decide by. */
  assigneeLoad: { load: number; capacity: number } | null
  waitingSince: string | null
  /** The customer's newest words. */
  preview: { contentType: string; text: string } | null
  dueAt: string
  targetSeconds: number | null
  raisedAt: string
  level: number | null
  risesAt: string | null
  endedAt: string | null
  endReason: AlertRow['endReason']
  acknowledgedByName: string | null
  /** By the person's preferences: what is `off` is listed and nothing else. */
  channelNow: AlertChannel
  /** What this person may do with the conversation now. */
  mayTakeOver: boolean
}

declare module '../outbox/intents.ts' {
  interface Intents {
    acknowledge: { alertId: string }
  }
}

export const alertMethods = engineMethods({
  /**
   * Open ones first, of each conversation the gravest, escalations before breaches before warnings; then what ended
   * within a day.
   */
  'alerts.list': takesNothing.shows<AlertView[]>(),
  /** An intent: kept and sent when the server is back. */
  'alerts.acknowledge': takes(z.object({ alertId: id })).gives<null>(),
  /** Those that the person had before their eyes. */
  'alerts.acknowledgeAll': takes(z.object({ alertIds: z.array(id).max(2000) })).gives<null>(),
  'alerts.preferences': takesNothing.shows<AlertPreferences>(),
  'alerts.savePreferences': takes(savePreferencesInput).gives<null>(),
})
