import { z } from 'zod'

/** An id, any UUID version. Rows created by workstations carry a client-made UUIDv7. */
export const id = z.guid().toLowerCase()
export const newId = z.uuidv7().toLowerCase()

/** An instant as ISO 8601 in UTC with milliseconds, as PostgreSQL's timestamptz is delivered. */
export const instant = z.iso
  .datetime({ offset: true })
  .refine((text) => !text.startsWith('0000'), 'has no year')

/** Of what is saved again and again, counted from 1: PostgreSQL's integer has one more after it. */
export const versionNumber = z
  .int()
  .positive()
  .max(2 ** 31 - 2)

/** Text that a person typed: what PostgreSQL cannot hold (U+0000) is refused here, not altered. */
export const typedText = (maximumLength: number) =>
  z
    .string()
    .max(maximumLength)
    .refine((text) => !text.includes('\u0000'), 'contains U+0000')
    // Half of a character, as a cut emoji leaves it, is no text to any database.
    .overwrite((text) => text.toWellFormed())
