import { AUDIT_ACTIONS } from '@parley/domain'
import { z } from 'zod'

import { id, instant, typedText } from '../primitives.ts'
import { auditEntry } from './rows.ts'

/** The newest first. */
export const auditInput = z.object({
  /** Entries before this one; null: from the newest. */
  before: z.int().positive().nullable(),
  limit: z.int().min(1).max(500),
  actorId: id.nullable(),
  /** Of any kind. */
  targetId: typedText(100).nullable(),
  /** Empty: all. */
  actions: z.array(z.enum(AUDIT_ACTIONS)).max(AUDIT_ACTIONS.length),
  from: instant.nullable(),
  /** Before this instant. */
  to: instant.nullable(),
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
  /** To go on from; null at the log's beginning. */
  next: z.int().positive().nullable(),
})
export type AuditOutput = z.infer<typeof auditOutput>
