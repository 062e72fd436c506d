import { z } from 'zod'

import { syncedKind, version } from '../kind.ts'
import { id } from '../primitives.ts'

export const cannedResponseRow = z.object({
  id,
  version,
  teamId: id.nullable(),
  ownerId: id.nullable(),
  shortcut: z.string(),
  title: z.string(),
  content: z.string(),
  language: z.string().nullable(),
  category: z.string().nullable(),
})
export type CannedResponseRow = z.infer<typeof cannedResponseRow>
export const cannedResponseKind = syncedKind('canned_response', cannedResponseRow)
