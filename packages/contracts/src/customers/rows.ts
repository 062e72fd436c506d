import { CHANNELS } from '@parley/domain'
import { z } from 'zod'

import { json, syncedKind, version } from '../kind.ts'
import { id, instant } from '../primitives.ts'

export const customerRow = z.object({
  id,
  version,
  name: z.string().nullable(),
  channel: z.enum(CHANNELS),
  externalId: z.string(),
  identities: z.array(
    z.object({ channel: z.string(), externalId: z.string(), isPrimary: z.boolean() }),
  ),
  metadata: json,
  createdAt: instant,
})
export type CustomerRow = z.infer<typeof customerRow>
export const customerKind = syncedKind('customer', customerRow)
