import { type Priority } from '../conversation/priority.ts'
import { classifyMessage, type TriageTeam } from './classify.ts'
import { guessLanguage, type Language } from './language.ts'
import { evaluateRules, type MatchedRule, type TriageInput, type TriageRule } from './rules.ts'
import { toWords } from './words.ts'

/**
 * Triage as a whole: the steps in their configured order, until a team is found. Whatever a step sets stays;
 * later steps that cost nothing fill in what was left open. Only the language model needs the world outside:
 * where its answer would be needed, the caller is told, asks, and comes again with what came of it.
 */

export const TRIAGE_STEPS = ['rules', 'model', 'built_in'] as const
export type TriageStep = (typeof TRIAGE_STEPS)[number]

/** Who placed the conversation. */
export const TRIAGE_DECIDERS = [...TRIAGE_STEPS, 'fallback'] as const
export type TriageDecider = (typeof TRIAGE_DECIDERS)[number]

/** Why asking the model gave nothing. */
export const MODEL_FAILURES = [
  /** None of the teams it may choose is active. */
  'nothing_allowed',
  /** The stored key cannot be read with this server's own key. */
  'unreadable_key',
  /** It failed several times in a row and is left alone for a while. */
  'circuit_open',
  /** As many calls as are allowed at once are under way. */
  'too_many_calls',
  /** The model's own time was over; the next step decides. */
  'time_limit',
  /** Triage's whole time was over; the fallback team gets it. */
  'overall_limit',
  'unreachable',
  'refused_address',
  'redirected',
  'rate_limited',
  'http_error',
  'answer_too_large',
  /** No JSON, or not in the place where this kind of endpoint puts it. */
  'unreadable_answer',
  /** JSON that is not of the agreed form, or picks what is not allowed. */
  'invalid_answer',
] as const
export type ModelFailure = (typeof MODEL_FAILURES)[number]

/** Why a step was not tried. */
export const SKIP_REASONS = [
  'not_configured',
  'already_decided',
  'no_words',
  'overall_limit',
] as const
export type SkipReason = (typeof SKIP_REASONS)[number]

/** What a call of the model took. */
export interface ModelCall {
  provider: string
  model: string
  durationMs: number
  inputTokens: number | null
  outputTokens: number | null
  /** In US dollars by the configured prices; null where the endpoint does not tell its tokens. */
  costUsd: number | null
  /** How many of the conversation's messages it was shown. */
  messages: number
}

export type ModelOutcome =
  | {
      ok: true
      teamId: string
      priority: Priority
      skills: Record<string, number>
      /** In the model's own words: shown, never acted upon. */
      reason: string
      call: ModelCall
    }
  | { ok: false; failure: ModelFailure; call: ModelCall | null }

export interface TriagePlan {
  steps: readonly TriageStep[]
  rules: { version: number; list: readonly TriageRule[] }
  hasModel: boolean
  /** The active ones. */
  teams: readonly TriageTeam[]
  fallbackTeamId: string
}

/** `decided`: it set the team. `added`: it set something else. `open`: it set nothing. */
type Tried = { outcome: 'decided' | 'added' | 'open' }
type NotTried = { outcome: 'skipped'; because: SkipReason }

export type StepRecord =
  | ({ step: 'rules'; version: number; matched: MatchedRule[] } & Tried)
  | ({ step: 'model'; reason: string; call: ModelCall } & Tried)
  | { step: 'model'; outcome: 'failed'; because: ModelFailure; call: ModelCall | null }
  | ({ step: 'built_in'; words: { team: string[]; priority: string[] } } & Tried)
  | ({ step: TriageStep } & NotTried)

export interface TriageVerdict {
  teamId: string
  priority: Priority
  requiredSkills: Record<string, number>
  language: Language
  languageWords: string[]
  decidedBy: TriageDecider
  /** Every configured step in order, with what it gave or why not. */
  steps: StepRecord[]
}

export type TriageProgress = { needsModel: true } | { needsModel: false; verdict: TriageVerdict }

/**
 * @param model what came of asking the model; null where it has not been asked yet
 * @returns a verdict, always, once the model was asked or is not needed
 */
export function decideTriage(
  input: TriageInput,
  plan: TriagePlan,
  model: ModelOutcome | null,
): TriageProgress {
  const draft: Draft = { teamId: null, decidedBy: null, priority: null, skills: null }
  const steps: StepRecord[] = []
  let isOverLimit = false
  for (const step of plan.steps) {
    const because = isOverLimit ? 'overall_limit' : whyToSkip(step, input, plan, draft)
    if (because !== null) {
      steps.push({ step, outcome: 'skipped', because })
    } else if (step === 'rules') {
      steps.push(tryRules(input, plan, draft))
    } else if (step === 'built_in') {
      steps.push(tryBuiltIn(input, plan, draft))
    } else {
      if (model === null) return { needsModel: true }
      steps.push(takeModel(model, plan, draft))
      isOverLimit = !model.ok && model.failure === 'overall_limit'
    }
  }
  const language = guessLanguage(toWords(input.text))
  return {
    needsModel: false,
    verdict: {
      teamId: draft.teamId ?? plan.fallbackTeamId,
      priority: draft.priority ?? 'normal',
      requiredSkills: draft.skills ?? {},
      language: language.value,
      languageWords: language.matched,
      decidedBy: draft.decidedBy ?? 'fallback',
      steps,
    },
  }
}

/** What is settled so far; null is open. */
interface Draft {
  teamId: string | null
  decidedBy: TriageStep | null
  priority: Priority | null
  skills: Record<string, number> | null
}

function whyToSkip(
  step: TriageStep,
  input: TriageInput,
  plan: TriagePlan,
  draft: Draft,
): SkipReason | null {
  if (draft.teamId !== null && draft.priority !== null && draft.skills !== null) {
    return 'already_decided'
  }
  if (step !== 'model') return null
  if (!plan.hasModel) return 'not_configured'
  // Nobody waits for the network only to fill in a priority.
  if (draft.teamId !== null) return 'already_decided'
  return input.text.trim() === '' ? 'no_words' : null
}

function tryRules(input: TriageInput, plan: TriagePlan, draft: Draft): StepRecord {
  const outcome = evaluateRules(plan.rules.list, input)
  return {
    step: 'rules',
    version: plan.rules.version,
    matched: outcome.matched,
    ...settle(draft, plan, 'rules', outcome),
  }
}

function tryBuiltIn(input: TriageInput, plan: TriagePlan, draft: Draft): StepRecord {
  const { fallback, teamId, priority, requiredSkills, matched } = classifyMessage(
    input.text,
    plan.teams,
    plan.fallbackTeamId,
  )
  return {
    step: 'built_in',
    words: { team: matched.team, priority: matched.priority },
    ...settle(draft, plan, 'built_in', {
      teamId: fallback ? null : teamId,
      priority: matched.priority.length > 0 ? priority : null,
      skills: requiredSkills,
    }),
  }
}

function takeModel(model: ModelOutcome, plan: TriagePlan, draft: Draft): StepRecord {
  if (!model.ok) {
    return { step: 'model', outcome: 'failed', because: model.failure, call: model.call }
  }
  const { reason, call } = model
  return { step: 'model', reason, call, ...settle(draft, plan, 'model', model) }
}

/** Takes over what is open still. A team that is not active any more is nobody's: the next step decides. */
function settle(
  draft: Draft,
  plan: TriagePlan,
  step: TriageStep,
  found: { teamId: string | null; priority: Priority | null; skills: Record<string, number> },
): Tried {
  const isTeamActive = plan.teams.some(({ id }) => id === found.teamId)
  const setsTeam = draft.teamId === null && isTeamActive
  const setsPriority = draft.priority === null && found.priority !== null
  const setsSkills = draft.skills === null && Object.keys(found.skills).length > 0
  if (setsTeam) {
    draft.teamId = found.teamId
    draft.decidedBy = step
  }
  if (setsPriority) draft.priority = found.priority
  if (setsSkills) draft.skills = found.skills
  return { outcome: setsTeam ? 'decided' : setsPriority || setsSkills ? 'added' : 'open' }
}
