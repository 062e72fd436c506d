import { ACTOR_KINDS } from '@parley/domain'
import { z } from 'zod'

import { id, instant } from '../primitives.ts'

/** Of what a target is; its name is looked up when it is shown. */
export const AUDIT_TARGETS = [
  'person',
  'session',
  'team',
  'tag',
  'identity_provider',
  'api_key',
  'group',
  'export',
] as const
export type AuditTarget = (typeof AUDIT_TARGETS)[number]

export const auditEntry = z.object({
  /** Without gaps, from 1. */
  seq: z.int().positive(),
  at: instant,
  actorKind: z.enum(ACTOR_KINDS),
  actorId: id.nullable(),
  sessionId: id.nullable(),
  address: z.string().nullable(),
  /** Open on the wire: a newer server has more of them. */
  action: z.string(),
  targetKind: z.string().nullable(),
  targetId: z.string().nullable(),
  /** What was, and what is: only what changed. */
  before: z.record(z.string(), z.unknown()).nullable(),
  after: z.record(z.string(), z.unknown()).nullable(),
  requestId: z.string().nullable(),
})
export type AuditEntry = z.infer<typeof auditEntry>

/**
 * A line of an export: an entry with its seal, which covers the entry and the seal of the one before it. Whoever has the
 * server's key can tell whether it is as it was written (`npm run verify-audit -- --file`).
 */
export const exportedEntry = auditEntry.extend({
  actorKind: z.string(),
  // As they stand there, letter by letter: a record would be another one.
  before: z.unknown(),
  after: z.unknown(),
  keyId: z.string(),
  /** In hexadecimal. */
  previous: z.string(),
  hash: z.string(),
})
