import { ACTOR_KINDS, AUDIT_ACTIONS } from '@parley/domain'
import { z } from 'zod'

import { id, instant, newId, typedText } from '../primitives.ts'
import { auditEntry } from './rows.ts'

const actions = z.array(z.enum(AUDIT_ACTIONS)).max(AUDIT_ACTIONS.length)

/** Entries for which all of it holds. */
export const auditFilter = z.object({
  actorId: id.nullable(),
  actorKind: z.enum(ACTOR_KINDS).nullable().default(null),
  /** Of any kind. */
  targetId: typedText(100).nullable(),
  /** Empty: all. */
  actions,
  from: instant.nullable(),
  /** Before this instant. */
  to: instant.nullable(),
  /** A part of the name or address of who did it or whom it is about, or a whole id of theirs. */
  text: z
    .object({
      typed: typedText(100).trim().min(1),
      /** Those whose words have it in them, which the window alone knows: they are found, too. */
      actions,
    })
    .nullable()
    .default(null),
})
export type AuditFilter = z.infer<typeof auditFilter>

/** The newest first. */
export const auditInput = auditFilter.extend({
  /** Entries before this one; null: from the newest. */
  before: z.int().positive().nullable(),
  limit: z.int().min(1).max(500),
})
export type AuditInput = z.infer<typeof auditInput>

export const auditOutput = z.object({
  entries: z.array(
    auditEntry.extend({
      /** As they are called now; null for what has no name or is gone. */
      actorName: z.string().nullable(),
      targetName: z.string().nullable(),
    }),
  ),
  /** To go on from, even where nothing was found so far; null at the log's beginning. */
  next: z.int().positive().nullable(),
  /** How far back it was looked, where that is not to the log's beginning. */
  lookedBackTo: instant.nullable().default(null),
})
export type AuditOutput = z.infer<typeof auditOutput>

/** What is exported is said once, in the log itself; what is asked for page by page is what stands there. */
export const beginExportInput = z.object({ exportId: newId, filter: auditFilter })
/** @throws `not_found` where this person has begun no such export within the day */
export const exportPageInput = z.object({ exportId: id, before: z.int().positive().nullable() })
export const exportPageOutput = z.object({
  /** An `exportedEntry` each, as JSON. */
  lines: z.array(z.string()),
  next: z.int().positive().nullable(),
})
export type ExportPageOutput = z.infer<typeof exportPageOutput>
