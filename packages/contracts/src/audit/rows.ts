import { z } from 'zod'

import { id, instant } from '../primitives.ts'

/** On whose behalf: a person, a key, the directory that sends people (SCIM), a command, Parley itself, a stranger. */
export const ACTOR_KINDS = [
  'user',
  'api_key',
  'scim',
  'command_line',
  'system',
  'anonymous',
] as const
export type ActorKind = (typeof ACTOR_KINDS)[number]

/** What is written to the audit log, in the past tense. The window has words for each. */
export const AUDIT_ACTIONS = [
  'session.signed_in',
  'session.sign_in_failed',
  'session.sign_in_throttled',
  'session.signed_out',
  'session.revoked',
  'session.token_reused',
  'password.changed',
  'password.set_by_link',
  'second_factor.confirmed',
  'second_factor.removed',
  'second_factor.codes_renewed',
  'second_factor.code_spent',
  'person.invited',
  'person.link_made',
  'person.changed',
  'person.role_changed',
  'person.teams_changed',
  'person.deactivated',
  'person.activated',
  'person.skills_changed',
  'person.presence_set',
  'person.capacity_changed',
  'team.created',
  'team.changed',
  'team.deactivated',
  'team.activated',
  'team.emptied',
  'team.routing_changed',
  'team.service_levels_changed',
  'team.hours_changed',
  'team.tag_rule_changed',
  'tag.created',
  'tag.changed',
  'tag.removed',
  'triage.rules_changed',
  'triage.settings_changed',
  'triage.model_changed',
  'security.policy_changed',
  'audit.pruned',
  'installation.restored',
] as const
export type AuditAction = (typeof AUDIT_ACTIONS)[number]

/** Of what a target is; its name is looked up when it is shown. */
export const AUDIT_TARGETS = ['person', 'session', 'team', 'tag'] as const
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
