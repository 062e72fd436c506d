import {
  CHANNELS,
  LANGUAGES,
  MODEL_FAILURES,
  PRIORITIES,
  SKIP_REASONS,
  TRIAGE_DECIDERS,
  TRIAGE_STEPS,
  type ModelCall,
  type StepRecord,
} from '@parley/domain'
import { z } from 'zod'

import { id } from '../primitives.ts'

/**
 * What triage leaves behind: `metadata.routing_decision` of the event `triage.completed`. It holds no words of
 * the customer's but those that rules and word lists name, and of their fields the names alone.
 */

export const modelCall = z.object({
  provider: z.string(),
  model: z.string(),
  durationMs: z.int().nonnegative(),
  inputTokens: z.int().nonnegative().nullable(),
  outputTokens: z.int().nonnegative().nullable(),
  costUsd: z.number().nonnegative().nullable(),
  messages: z.int().nonnegative(),
}) satisfies z.ZodType<ModelCall>

const tried = z.enum(['decided', 'added', 'open'])
const texts = z.array(z.string())

export const triageStepRecord = z.union([
  z.object({
    step: z.literal('rules'),
    outcome: tried,
    /** The rule set's; 0: nobody has written rules yet. */
    version: z.int().nonnegative(),
    matched: z.array(
      z.object({ name: z.string(), words: texts, customerFields: texts, stopped: z.boolean() }),
    ),
  }),
  z.object({
    step: z.literal('model'),
    outcome: tried,
    /** In the model's own words: shown, never acted upon. */
    reason: z.string(),
    call: modelCall,
  }),
  z.object({
    step: z.literal('model'),
    outcome: z.literal('failed'),
    because: z.enum(MODEL_FAILURES),
    call: modelCall.nullable(),
  }),
  z.object({
    step: z.literal('built_in'),
    outcome: tried,
    words: z.object({ team: texts, priority: texts }),
  }),
  z.object({
    step: z.enum(TRIAGE_STEPS),
    outcome: z.literal('skipped'),
    because: z.enum(SKIP_REASONS),
  }),
]) satisfies z.ZodType<StepRecord>

export const routingDecision = z.object({
  teamId: id,
  priority: z.enum(PRIORITIES),
  requiredSkills: z.record(z.string(), z.number()),
  language: z.enum(LANGUAGES),
  decidedBy: z.enum(TRIAGE_DECIDERS),
  steps: z.array(triageStepRecord),
  saw: z.object({
    messageIds: z.array(id),
    /** Length of all their text together, in UTF-16 code units. */
    characters: z.int().nonnegative(),
    languageWords: texts,
    channel: z.enum(CHANNELS),
    isReturningCustomer: z.boolean(),
    /** Of the teams whose hours a rule asks for. */
    teamsOpen: z.record(z.string(), z.boolean()),
  }),
  settingsVersion: z.int().positive(),
  durationMs: z.int().nonnegative(),
})
export type RoutingDecision = z.infer<typeof routingDecision>
