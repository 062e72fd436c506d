import { z } from 'zod'

import { readMark, readMarkRow } from './rows.ts'

/** So many at once. */
export const MOST_READ_MARKS = 200

/**
 * How far the caller has read. What is behind what is known already changes nothing, nor does what is closed, or none
 * of theirs to see. @throws nothing of its own
 */
export const markReadsInput = z.object({ marks: z.array(readMark).min(1).max(MOST_READ_MARKS) })
/** The marks of these conversations as they stand then; none of one that has none. */
export const markReadsOutput = z.object({ marks: z.array(readMarkRow) })
