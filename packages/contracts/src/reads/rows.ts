import { z } from 'zod'

import { syncedKind, version } from '../kind.ts'
import { id } from '../primitives.ts'

/**
 * How far a person has read a conversation. Of two marks the greater one stands, by `turn` and then by `seq`: so that
 * devices come to the same whatever each of them did, in whichever order and however late it is heard of.
 */
export const readMark = z.object({
  conversationId: id,
  /** How often they have marked it unread: that sets it back, and only a mark that knows of it goes beyond it again. */
  turn: z.int().min(0).max(1_000_000_000),
  /** The newest message's that they have read; 0: none. */
  seq: z.int().min(0),
})
export type ReadMark = z.infer<typeof readMark>

/** One person's alone: nobody else is told who has read what. */
export const readMarkRow = readMark.extend({ id, version, userId: id })
export type ReadMarkRow = z.infer<typeof readMarkRow>
export const readMarkKind = syncedKind('read_mark', readMarkRow)
