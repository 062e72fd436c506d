import {
  CHANNELS,
  LANGUAGES,
  PRIORITIES,
  type FieldTest,
  type TriageCondition,
  type TriageRule,
} from '@parley/domain'
import { z } from 'zod'

import { id, typedText } from '../primitives.ts'

/** Triage's rules as they are stored and sent. What a rule must mean beyond its form, the domain checks. */

export const MAXIMUM_RULES = 500

const fieldTest = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('equals'), value: typedText(200) }),
  z.strictObject({ is: z.literal('contains'), value: typedText(200) }),
  z.strictObject({ is: z.literal('exists') }),
]) satisfies z.ZodType<FieldTest>

export const triageCondition = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('text_contains'), words: z.array(typedText(100)).max(200) }),
  z.strictObject({ kind: z.literal('language_is'), language: z.enum(LANGUAGES) }),
  z.strictObject({ kind: z.literal('channel_is'), channel: z.enum(CHANNELS) }),
  z.strictObject({ kind: z.literal('customer_name'), test: fieldTest }),
  z.strictObject({
    kind: z.literal('customer_metadata'),
    key: typedText(100),
    test: fieldTest,
  }),
  z.strictObject({
    kind: z.literal('business_hours'),
    teamId: id,
    state: z.enum(['open', 'closed']),
  }),
  z.strictObject({
    kind: z.literal('customer_is'),
    customer: z.enum(['first_time', 'returning']),
  }),
]) satisfies z.ZodType<TriageCondition>

const conditions = z.array(triageCondition).max(20)

export const triageRule = z.strictObject({
  name: typedText(120),
  enabled: z.boolean(),
  conditions: z.strictObject({ all: conditions, any: conditions }),
  result: z.strictObject({
    teamId: id.nullable(),
    priority: z.enum(PRIORITIES).nullable(),
    skills: z.record(typedText(100), z.number()),
  }),
  afterwards: z.enum(['stop', 'continue']),
}) satisfies z.ZodType<TriageRule>

export const triageRules = z.array(triageRule).max(MAXIMUM_RULES)
