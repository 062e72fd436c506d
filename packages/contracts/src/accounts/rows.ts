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
  presence: z.object({
    status: z.enum(PRESENCE_STATUSES),
    reason: z.string().nullable(),
    since: instant,
    capacity: z.int().nonnegative(),
    /** End of shift: keeps what they have, gets nothing new. */
    isFinishing: z.boolean(),
    /** The slot of a conversation just closed is held until then. */
    wrapUpUntil: instant.nullable(),
  }),
})
export type PersonRow = z.infer<typeof personRow>
export const personKind = syncedKind('person', personRow)

export const teamRow = z.object({
  id,
  version,
  name: z.string(),
  slug: z.string(),
  isActive: z.boolean(),
})
export type TeamRow = z.infer<typeof teamRow>
export const teamKind = syncedKind('team', teamRow)
