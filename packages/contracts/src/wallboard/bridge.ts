import { CHANNELS, CONVERSATION_STATES, PRIORITIES } from '@parley/domain'
import { z } from 'zod'

import { type Reach } from '../inbox/bridge.ts'
import { engineMethods, takesNothing } from '../method.ts'
import { id, instant } from '../primitives.ts'
import { slaClock } from '../sla/rows.ts'

const count = z.int().nonnegative()

export const wallboardTeam = z.object({
  teamId: id,
  queued: count,
  /** The one that has waited longest in the queue. */
  oldestQueuedSince: instant.nullable(),
  warning: count,
  overdue: count,
  escalated: count,
  online: count,
  members: count,
  load: z.number(),
  capacity: count,
})
export type WallboardTeam = z.infer<typeof wallboardTeam>

/** A conversation with a clock that warns or is overdue. */
export const wallboardDue = z.object({
  conversationId: id,
  title: z.string(),
  channel: z.enum(CHANNELS),
  priority: z.enum(PRIORITIES),
  teamId: id.nullable(),
  assignedTo: id.nullable(),
  status: z.enum(CONVERSATION_STATES),
  clock: slaClock,
})
export type WallboardDue = z.infer<typeof wallboardDue>

export const wallboardView = z.object({
  teams: z.array(wallboardTeam),
  /** By due instant; at most 300. */
  due: z.array(wallboardDue),
  dueTotal: z.object({ overdue: count, warning: count }),
})
export type WallboardView = z.infer<typeof wallboardView>

export const wallboardMethods = engineMethods({
  /** The teams that this person watches, by the clocks as they stand now. */
  'wallboard.get': takesNothing.shows<WallboardView & Reach>(),
})
