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
