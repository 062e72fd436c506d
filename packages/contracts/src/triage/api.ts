import { MODEL_FAILURES, PRIORITIES, TRIAGE_STEPS } from '@parley/domain'
import { z } from 'zod'

import { id, instant, typedText, versionNumber } from '../primitives.ts'
import { modelCall } from './decision.ts'
import { triageRules } from './rules.ts'

/** Triage's rules, settings and model: what goes over the wire in both directions. */

/** `null`: the newest, which is the one that decides. */
export const getRulesInput = z.object({ version: versionNumber.nullable() })
export const ruleVersionsInput = z.object({ before: versionNumber.nullable() })

/** 0: nobody has saved any yet. */
const noneOrVersion = z.union([z.literal(0), versionNumber])

const ruleSetSummary = z.object({
  /** 0: nobody has written rules yet. */
  version: noneOrVersion,
  note: z.string(),
  /** Null where there is no version, or its author is gone. */
  createdBy: id.nullable(),
  createdAt: instant.nullable(),
  /** The older version that this one brought back. */
  restoredFrom: versionNumber.nullable(),
  ruleCount: z.int().nonnegative(),
})
export type RuleSetSummary = z.infer<typeof ruleSetSummary>

export const triageSettings = z.object({
  /** Those that are on, in the order in which they are tried. */
  steps: z
    .array(z.enum(TRIAGE_STEPS))
    .min(1)
    .refine((steps) => new Set(steps).size === steps.length, 'names a step twice'),
  /** Who gets what nothing places. Null: customer service, else the first active team. */
  fallbackTeamId: id.nullable(),
  /** Beyond this, the fallback team gets it. Milliseconds. */
  overallLimitMs: z.int().min(100).max(4000),
})
export type TriageSettings = z.infer<typeof triageSettings>
const versionedSettings = triageSettings.extend({ version: versionNumber })

export const getRulesOutput = z.object({
  ruleSet: ruleSetSummary,
  rules: triageRules,
  settings: versionedSettings,
})
export type GetRulesOutput = z.infer<typeof getRulesOutput>

export const ruleVersionsOutput = z.object({
  versions: z.array(ruleSetSummary),
  hasOlder: z.boolean(),
})
export type RuleVersionsOutput = z.infer<typeof ruleVersionsOutput>

/** @throws `conflict` (somebody saved meanwhile), `invalid_input` (rule, field, problem, and all of them) */
export const saveRulesInput = z.object({
  /** The version this one was made from; 0 where there was none. */
  basedOn: noneOrVersion,
  note: typedText(500),
  content: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('rules'), rules: triageRules }),
    z.object({ kind: z.literal('restore'), version: versionNumber }),
  ]),
})
export const saveRulesOutput = z.object({ version: versionNumber })

/** @throws `conflict`, `invalid_input` */
export const saveTriageSettingsInput = z.object({
  basedOn: versionNumber,
  settings: triageSettings,
})
export const saveTriageSettingsOutput = z.object({ version: versionNumber })

export const dryRunInput = z.object({
  rules: triageRules,
  days: z.int().min(1).max(90),
  limit: z.int().min(1).max(2000).default(2000),
})

const placed = z.object({ teamId: id, priority: z.enum(PRIORITIES), rules: z.array(z.string()) })
const tally = z.object({
  byTeam: z.record(z.string(), z.int()),
  byPriority: z.record(z.string(), z.int()),
})
export const dryRunOutput = z.object({
  /** How many conversations were looked at, the newest first. */
  conversations: z.int(),
  changed: z.int(),
  before: tally,
  after: tally,
  examples: z.array(
    z.object({
      conversationId: id,
      createdAt: instant,
      /** The beginning of the customer's first message. */
      text: z.string(),
      before: placed,
      after: placed,
    }),
  ),
})
export type DryRunOutput = z.infer<typeof dryRunOutput>

const isBare = ({ username, password, search, hash }: URL): boolean =>
  username === '' && password === '' && search === '' && hash === ''

/** The roots of the two kinds of endpoint: `/v1/chat/completions` and `/v1/messages` are added. */
const baseUrl = z
  .url({ protocol: /^https?$/ })
  .max(500)
  .refine((text) => !URL.canParse(text) || isBare(new URL(text)), {
    message: 'has a user, a query or a fragment',
  })

export const triageModelSettings = z
  .object({
    isActive: z.boolean(),
    provider: z.enum(['openai', 'anthropic']),
    baseUrl,
    model: typedText(200).min(1),
    /** `none` for endpoints that know no JSON-schema response format; Anthropic's have tools instead. */
    responseFormat: z.enum(['json_schema', 'none']),
    /** Null: the endpoint's own; some models refuse any other. */
    temperature: z.number().min(0).max(1).nullable(),
    timeLimitMs: z.int().min(100).max(4000),
    /** US dollars per million tokens, for the cost record. */
    inputPrice: z.number().nonnegative().max(10_000),
    outputPrice: z.number().nonnegative().max(10_000),
    /** Null: every active team. */
    teamIds: z.array(id).min(1).max(200).nullable(),
    priorities: z.array(z.enum(PRIORITIES)).min(1),
    skills: z.array(typedText(100).min(1)).max(100),
    /** For a model in one's own network. Without it, private addresses and plain HTTP are refused. */
    allowPrivateAddress: z.boolean(),
  })
  .refine(({ baseUrl, allowPrivateAddress }) => allowPrivateAddress || isHttps(baseUrl), {
    path: ['baseUrl'],
    message: 'must be https unless private addresses are allowed',
  })
export type TriageModelSettings = z.infer<typeof triageModelSettings>

const isHttps = (url: string): boolean => url.toLowerCase().startsWith('https:')

export const saveModelInput = z.object({
  settings: triageModelSettings,
  /** Null: the stored one stays, which another provider or another host never gets. */
  apiKey: z
    .string()
    .max(500)
    .regex(/^[\x21-\x7e]+$/, 'must be visible ASCII characters')
    .nullable(),
})

export const getModelOutput = z.object({
  /** Null where there are none, or they cannot be read with this server's own key. */
  settings: triageModelSettings.nullable(),
  state: z.enum(['absent', 'stored', 'unreadable']),
  updatedAt: instant.nullable(),
})
export type GetModelOutput = z.infer<typeof getModelOutput>

export const testModelInput = z.object({ text: typedText(4096).min(1) })
export const testModelOutput = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    teamId: id,
    priority: z.enum(PRIORITIES),
    skills: z.record(z.string(), z.number()),
    reason: z.string(),
    call: modelCall,
  }),
  z.object({
    ok: z.literal(false),
    failure: z.enum([...MODEL_FAILURES, 'not_configured']),
    /** For the person who sets it up: the endpoint's status, or what the system said. */
    detail: z.string(),
    call: modelCall.nullable(),
  }),
])
export type TestModelOutput = z.infer<typeof testModelOutput>
