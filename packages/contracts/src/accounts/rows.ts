import { PRESENCE_STATUSES, ROLES } from '@parley/domain'
import { z } from 'zod'

import { syncedKind, version } from '../kind.ts'
import { id, instant } from '../primitives.ts'

export const personRow = z.object({
  id,
  version,
  fullName: z.string(),
  role: z.enum(ROLES),
  isActive: z.boolean(),
  teamIds: z.array(id),
})
export type PersonRow = z.infer<typeof personRow>
export const personKind = syncedKind('person', personRow)

/**
 * Whether a person is there; `id` is the person's. A kind of its own, since it changes a hundred times as often as they
 * do: it travels to themselves, to their teams, and to whoever sees all teams. Of others it is asked for
 * (`accounts.presence`). A person without one was never there.
 */
export const presenceRow = z.object({
  id,
  version,
  status: z.enum(PRESENCE_STATUSES),
  reason: z.string().nullable(),
  since: instant,
  capacity: z.int().nonnegative(),
  /** End of shift: keeps what they have, gets nothing new. */
  isFinishing: z.boolean(),
  /** The slot of a conversation just closed is held until then. */
  wrapUpUntil: instant.nullable(),
})
export type PresenceRow = z.infer<typeof presenceRow>
export const presenceKind = syncedKind('presence', presenceRow)

export const teamRow = z.object({
  id,
  version,
  name: z.string(),
  slug: z.string(),
  isActive: z.boolean(),
})
export type TeamRow = z.infer<typeof teamRow>
export const teamKind = syncedKind('team', teamRow)
