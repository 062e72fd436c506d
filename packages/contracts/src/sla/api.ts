import { CHANNELS, PRIORITIES, SLA_CLOCKS, WARN_LEADS } from '@parley/domain'
import { z } from 'zod'

import { id, instant, typedText } from '../primitives.ts'
import { VIOLATION_TYPES } from './violation-types.ts'

/** Service levels: what goes over the wire in both directions. */

const DAY = 86_400

const targetSeconds = z
  .int()
  .min(10)
  .max(365 * DAY)

/** What is promised for one priority, in seconds of business time. */
export const slaPolicy = z.object({
  firstResponseSeconds: targetSeconds,
  resolutionSeconds: targetSeconds,
  /** A lead is called after so long without an answer; null: nobody is. */
  escalationSeconds: targetSeconds.nullable(),
})
export type SlaPolicyInput = z.infer<typeof slaPolicy>

export const slaSettings = z.object({
  /** By priority; null: nothing is promised. */
  policies: z.object({
    urgent: slaPolicy.nullable(),
    high: slaPolicy.nullable(),
    normal: slaPolicy.nullable(),
    low: slaPolicy.nullable(),
  }),
  warningPercent: z.int().min(1).max(99),
  /** Whether the resolution stands still while the customer has to answer. */
  pausesOnCustomer: z.boolean(),
  warnLeads: z.enum(WARN_LEADS),
})
export type SlaSettings = z.infer<typeof slaSettings>

export const businessWindow = z.object({
  dayOfWeek: z.int().min(0).max(6),
  opensAt: z.string().regex(/^\d\d:\d\d$/),
  closesAt: z.string().regex(/^\d\d:\d\d$/),
})
/** Meaning and further rules: `BusinessCalendar` and `findCalendarProblems` in the domain. */
export const businessHours = z.object({
  timeZone: z.string().min(1).max(50),
  /** Empty: open always. */
  windows: z.array(businessWindow).max(70),
  holidays: z.array(z.object({ date: z.iso.date(), name: typedText(255).min(1) })).max(1000),
})
export type BusinessHours = z.infer<typeof businessHours>

const edited = <Settings extends z.ZodType>(settings: Settings) =>
  z.object({
    settings,
    /** Saving names the version it was made from: whoever saved in between is not overwritten. */
    version: z.int().positive(),
    updatedBy: id.nullable(),
    updatedAt: instant.nullable(),
    /** Open conversations are being computed anew after a save. */
    isRecomputing: z.boolean(),
  })
export const slaSettingsOutput = edited(slaSettings)
export type SlaSettingsOutput = z.infer<typeof slaSettingsOutput>
export const businessHoursOutput = edited(businessHours)
export type BusinessHoursOutput = z.infer<typeof businessHoursOutput>

/** @throws `conflict` (by, at, version), `invalid_input` (names field and problem), `not_found` */
export const saveSlaSettingsInput = z.object({
  teamId: id,
  settings: slaSettings,
  basedOn: z.int().positive(),
})
export const previewSlaSettingsInput = saveSlaSettingsInput.omit({ basedOn: true })
/** @throws `conflict`, `invalid_input` (details.problems: `CalendarProblem[]`), `not_found` */
export const saveBusinessHoursInput = z.object({
  teamId: id,
  settings: businessHours,
  basedOn: z.int().positive(),
})
export const previewBusinessHoursInput = saveBusinessHoursInput.omit({ basedOn: true })

const beforeAndAfter = z.object({ before: z.int().nonnegative(), after: z.int().nonnegative() })

/** What a change would do to the team's open conversations if it were saved now. */
export const slaEffect = z.object({
  conversations: z.int().nonnegative(),
  /** Running clocks whose due instant has passed. */
  overdue: beforeAndAfter,
  dueWithinTheHour: beforeAndAfter,
  /** Clocks that would be due earlier, later, begin, or go. */
  earlier: z.int().nonnegative(),
  later: z.int().nonnegative(),
  /** Those that would be overdue at once first, then the greatest shift; at most 20. */
  examples: z.array(
    z.object({
      conversationId: id,
      customerName: z.string().nullable(),
      clock: z.enum(SLA_CLOCKS),
      dueBefore: instant.nullable(),
      dueAfter: instant.nullable(),
    }),
  ),
})
export type SlaEffect = z.infer<typeof slaEffect>

/** The newest first. */
export const violationsInput = z.object({
  teamId: id.nullable(),
  /** Whose it was when it was breached. */
  userId: id.nullable(),
  type: z.enum(VIOLATION_TYPES).nullable(),
  from: instant,
  to: instant,
  /** `nextPage` of the page before. */
  page: z.string().max(100).nullable(),
})
export const violation = z.object({
  id,
  conversationId: id,
  customerName: z.string().nullable(),
  channel: z.enum(CHANNELS),
  teamId: id.nullable(),
  assignedTo: id.nullable(),
  type: z.enum(VIOLATION_TYPES),
  priority: z.enum(PRIORITIES),
  targetSeconds: z.int(),
  /** Business time; while the clock still runs, as far as it has come. */
  actualSeconds: z.int(),
  isFinal: z.boolean(),
  breachedAt: instant,
  escalatedTo: id.nullable(),
  escalatedAt: instant.nullable(),
})
export type Violation = z.infer<typeof violation>
export const violationsOutput = z.object({
  violations: z.array(violation),
  total: z.int().nonnegative(),
  /** Over the whole period: how many clocks stopped in time, and how many stopped at all. */
  onTime: z.object({
    firstResponse: z.object({ met: z.int(), total: z.int() }),
    resolution: z.object({ met: z.int(), total: z.int() }),
  }),
  nextPage: z.string().nullable(),
})
export type ViolationsOutput = z.infer<typeof violationsOutput>

/** The last hour of the teams that this person watches, and the hour before. */
export const hourFiguresOutput = z.object({
  teams: z.array(
    z.object({
      teamId: id,
      /** How many waited, minute by minute, the oldest first; at most 60. */
      queue: z.array(z.object({ at: instant, queued: z.int() })),
      medianFirstResponseSeconds: z.int().nullable(),
    }),
  ),
  lastHour: z.object({
    created: z.int(),
    createdBefore: z.int(),
    closed: z.int(),
    closedBefore: z.int(),
    firstResponse: z.object({ met: z.int(), total: z.int() }),
    resolution: z.object({ met: z.int(), total: z.int() }),
  }),
})
export type HourFiguresOutput = z.infer<typeof hourFiguresOutput>
