import { ALERT_CHANNELS, ALERT_KINDS, SLA_CLOCKS } from '@parley/domain'
import { z } from 'zod'

import { syncedKind, version } from '../kind.ts'
import { id, instant } from '../primitives.ts'

/** Alerts: what one person is to be told. Delivered to them alone. */
export const alertRow = z.object({
  id,
  version,
  userId: id,
  /** Rows of the same subject are the same news for several people: one acknowledgement closes all. */
  subjectId: id,
  kind: z.enum(ALERT_KINDS),
  clock: z.enum(SLA_CLOCKS),
  conversationId: id,
  teamId: id.nullable(),
  /** Of an escalation: 1 the lead on duty, 2 supervisors, 3 admins. */
  level: z.int().nullable(),
  dueAt: instant,
  /** When an escalation rises a level unless somebody acknowledges it. */
  risesAt: instant.nullable(),
  raisedAt: instant,
  endedAt: instant.nullable(),
  endReason: z.enum(['acknowledged', 'resolved', 'superseded', 'moved']).nullable(),
  acknowledgedBy: id.nullable(),
})
export type AlertRow = z.infer<typeof alertRow>
export const alertKind = syncedKind('alert', alertRow)

const kindPreference = z.object({ channel: z.enum(ALERT_CHANNELS), sound: z.boolean() })
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)

/** See `AlertPreferences` in the domain. */
export const alertPreferences = z.object({
  warning: kindPreference,
  breach: kindPreference,
  quiet: z
    .object({
      days: z.array(z.int().min(0).max(6)).min(1).max(7),
      from: timeOfDay,
      to: timeOfDay,
      timeZone: z.string().min(1).max(50),
    })
    .refine(({ from, to }) => from !== to, 'begins when it ends')
    .nullable(),
})

/** `id` is the person's. Who has no row is told by the defaults. */
export const alertPreferencesRow = z.object({
  id,
  version,
  preferences: alertPreferences,
})
export type AlertPreferencesRow = z.infer<typeof alertPreferencesRow>
export const alertPreferencesKind = syncedKind('alert_preferences', alertPreferencesRow)
