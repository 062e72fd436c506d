import {
  AWAY_REASONS,
  CHANNELS,
  CHOOSABLE_PRESENCE,
  DEVICE_STATES,
  INELIGIBILITIES,
  OUT_OF_HOURS,
  PRIORITIES,
  ROUTING_MODES,
  ROUTING_STRATEGIES,
} from '@parley/domain'
import { z } from 'zod'

import { conversationRow } from '../conversations/rows.ts'
import { id, instant, newId, typedText, versionNumber } from '../primitives.ts'

/** Routing, offers and presence: what goes over the wire in both directions. */

const seconds = (minimum: number, maximum: number) => z.int().min(minimum).max(maximum)
const DAY = 86_400

/** Inside a day of plain time unless said otherwise; see `RoutingSettings` in the domain for the meaning. */
export const routingSettings = z.object({
  mode: z.enum(ROUTING_MODES),
  strategy: z.enum(ROUTING_STRATEGIES),
  offerSeconds: seconds(5, 600),
  stickySeconds: seconds(0, 90 * DAY),
  relaxSkillsAfterSeconds: seconds(10, DAY).nullable(),
  overflowAfterSeconds: seconds(10, DAY).nullable(),
  overflowTeamId: id.nullable(),
  outOfHours: z.enum(OUT_OF_HOURS),
  outOfHoursTeamId: id.nullable(),
  outOfHoursText: z.object({
    es: typedText(1000).optional(),
    en: typedText(1000).optional(),
  }),
  channelWeights: z.object({
    whatsapp: z.number().min(0.25).max(10),
    chat_app: z.number().min(0.25).max(10),
  }),
  pendingCustomerFraction: z.number().min(0).max(1),
  wrapUpSeconds: seconds(0, 3600),
  returnUnansweredSeconds: seconds(0, DAY),
  reopenWindowSeconds: seconds(0, 30 * DAY),
})

export const teamInput = z.object({ teamId: id })
export const routingSettingsOutput = z.object({
  settings: routingSettings,
  /** Saving names the version it was made from: whoever saved in between is not overwritten. */
  version: versionNumber,
})
export type RoutingSettingsOutput = z.infer<typeof routingSettingsOutput>
/** @throws `conflict` (somebody saved meanwhile), `invalid_input` (names field and problem) */
export const saveRoutingSettingsInput = z.object({
  teamId: id,
  settings: routingSettings,
  basedOn: versionNumber,
})

/** What keeps a conversation in the queue. */
export const queueWait = z.discriminatedUnion('kind', [
  /** Somebody can take it: it is being handed out. */
  z.object({ kind: z.literal('nothing') }),
  /** Nobody of the team is online. */
  z.object({ kind: z.literal('presence') }),
  /** Whoever could take it has no room. */
  z.object({ kind: z.literal('capacity') }),
  /** Nobody who is online has this skill at this level; it relaxes then, if ever. */
  z.object({
    kind: z.literal('skill'),
    skill: z.string(),
    level: z.int(),
    relaxesAt: instant.nullable(),
  }),
  z.object({ kind: z.literal('offer'), userId: id, expiresAt: instant }),
  /** Whoever could take it has refused it lately. */
  z.object({ kind: z.literal('declined') }),
  /** Agents take from this queue themselves. */
  z.object({ kind: z.literal('pull') }),
])
export type QueueWait = z.infer<typeof queueWait>

export const queueEntry = z.object({
  conversationId: id,
  /** 1 is next. */
  position: z.int().positive(),
  customerName: z.string().nullable(),
  channel: z.enum(CHANNELS),
  priority: z.enum(PRIORITIES),
  requiredSkills: z.record(z.string(), z.int()),
  queuedAt: instant,
  nextDueAt: instant.nullable(),
  /** By the team's pace of the last hour and the position; null while there is no pace to go by. */
  expectedWaitSeconds: z.int().nonnegative().nullable(),
  waitsFor: queueWait,
  overflowsAt: instant.nullable(),
})
export type QueueEntry = z.infer<typeof queueEntry>

/** The first 200 of a team's queue, in order. */
export const queueOutput = z.object({
  mode: z.enum(ROUTING_MODES),
  isOpen: z.boolean(),
  total: z.int().nonnegative(),
  entries: z.array(queueEntry),
  /** Members who are online and what keeps each from getting the next one; null: nothing. */
  members: z.array(
    z.object({
      userId: id,
      load: z.number(),
      capacity: z.int(),
      obstacle: z.enum(INELIGIBILITIES).nullable(),
    }),
  ),
})
export type QueueOutput = z.infer<typeof queueOutput>

/** Runs a past period again against other settings. At most 31 days, and at most 50,000 conversations. */
export const replayInput = z.object({
  teamId: id,
  from: instant,
  to: instant,
  settings: routingSettings.pick({
    strategy: true,
    stickySeconds: true,
    relaxSkillsAfterSeconds: true,
    channelWeights: true,
    pendingCustomerFraction: true,
    wrapUpSeconds: true,
  }),
  /** Everybody's capacity; null: as it was. */
  capacity: z.int().min(1).max(50).nullable(),
})

export const replayFigures = z.object({
  conversations: z.int(),
  /** Left in the queue when the period ended. */
  unassigned: z.int(),
  waitSeconds: z.object({
    mean: z.number(),
    p50: z.number(),
    p90: z.number(),
    maximum: z.number(),
  }),
  /** Waited longer than the first response's target allows. */
  firstResponseBreaches: z.int(),
  /** Went to the agent who had answered the customer before. */
  toPreviousAgent: z.int(),
  load: z.array(z.object({ userId: id, assigned: z.int(), meanLoad: z.number() })),
  /** Standard deviation of `assigned` over the people who were there. */
  loadSpread: z.number(),
  /** Mean wait of what was queued in each equal part of the period, in order; null: nothing came. */
  waitOverTime: z.array(z.object({ from: instant, meanWaitSeconds: z.number().nullable() })),
})
export type ReplayFigures = z.infer<typeof replayFigures>

export const replayOutput = z.object({
  /** Present settings and changed settings, both replayed by the same code. */
  present: replayFigures,
  changed: replayFigures,
  /** What really happened, as far as it was recorded. */
  recorded: z.object({ conversations: z.int(), meanWaitSeconds: z.number().nullable() }),
})
export type ReplayOutput = z.infer<typeof replayOutput>

/** @throws `not_found`; `conflict` (taken, expired or withdrawn meanwhile; details as everywhere) */
export const offerInput = z.object({ intentId: newId, offerId: id })
/** What was taken, as it stands then. */
export const acceptedOutput = z.object({ conversation: conversationRow })

/** What the workstation says of the person before it, by the operating system's idle time and sleep. */
export const reportDeviceInput = z.object({ state: z.enum(DEVICE_STATES) })

export const setFinishingInput = z.object({ isFinishing: z.boolean() })
/** Ending a shift: nothing new from now on, and what waits for this person went back to the queue. */
export const endShiftOutput = z.object({ returned: z.int().nonnegative() })

export const setPresenceInput = z.object({
  status: z.enum(CHOOSABLE_PRESENCE),
  reason: z.enum(AWAY_REASONS).nullable(),
})

/** A lead sets somebody else's presence; the person sees by whom. */
export const setPresenceOfInput = z.object({
  userId: id,
  status: z.enum(CHOOSABLE_PRESENCE),
  reason: z.enum(AWAY_REASONS).nullable(),
  isFinishing: z.boolean(),
})
export const setCapacityInput = z.object({ userId: id, capacity: z.int().min(0).max(50) })
/** A person's skills as a whole; what is not named is gone. Levels 1 to 5. */
export const setSkillsInput = z.object({
  userId: id,
  skills: z.record(z.string().regex(/^[a-z][a-z0-9_]{0,99}$/), z.int().min(1).max(5)),
})
export const skillsOutput = z.array(z.object({ userId: id, skills: z.record(z.string(), z.int()) }))

export const presenceHistoryInput = z.object({ userId: id, from: instant, to: instant })
export const presenceHistoryOutput = z.array(
  z.object({
    status: z.string(),
    reason: z.string().nullable(),
    isFinishing: z.boolean(),
    capacity: z.int(),
    setBy: id.nullable(),
    startedAt: instant,
    endedAt: instant.nullable(),
  }),
)
export type PresenceHistory = z.infer<typeof presenceHistoryOutput>
