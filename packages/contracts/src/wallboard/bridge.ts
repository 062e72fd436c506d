import { type Channel, type ConversationState, type Priority } from '@parley/domain'

import { type Reach } from '../inbox/bridge.ts'
import { engineMethods, takesNothing } from '../method.ts'
import { type SlaClockRow } from '../sla/rows.ts'

export interface WallboardTeam {
  teamId: string
  queued: number
  /** The one that has waited longest in the queue. */
  oldestQueuedSince: string | null
  warning: number
  overdue: number
  escalated: number
  online: number
  members: number
  load: number
  capacity: number
}

/** A conversation with a clock that warns or is overdue. */
export interface WallboardDue {
  conversationId: string
  title: string
  channel: Channel
  priority: Priority
  teamId: string | null
  assignedTo: string | null
  status: ConversationState
  clock: SlaClockRow
}

export interface WallboardView {
  teams: WallboardTeam[]
  /** By due instant; at most 300. */
  due: WallboardDue[]
  dueTotal: { overdue: number; warning: number }
}

export const wallboardMethods = engineMethods({
  /** The teams that this person watches, by the clocks as they stand now. */
  'wallboard.get': takesNothing.shows<WallboardView & Reach>(),
})
