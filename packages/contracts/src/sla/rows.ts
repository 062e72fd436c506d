import { SLA_CLOCKS } from '@parley/domain'
import { z } from 'zod'

import { instant } from '../primitives.ts'

/** A clock of a conversation with its stored instants; see `SlaClock` in the domain. */
export const slaClock = z.object({
  name: z.enum(SLA_CLOCKS),
  state: z.enum(['running', 'paused', 'stopped']),
  startedAt: instant,
  targetSeconds: z.int().nonnegative(),
  /** Null for a clock that stands still, has stopped, or whose calendar never opens again. */
  warnsAt: instant.nullable(),
  dueAt: instant.nullable(),
  /** Business time of a stopped clock. */
  tookSeconds: z.int().nonnegative().nullable(),
  /** A stopped clock that took longer than its target. */
  isMissed: z.boolean(),
})
export type SlaClockRow = z.infer<typeof slaClock>
