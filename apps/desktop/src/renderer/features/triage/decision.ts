import {
  MODEL_FAILURES,
  type ModelCall,
  type ModelFailure,
  SKIP_REASONS,
  type SkipReason,
  TRIAGE_DECIDERS,
  TRIAGE_STEPS,
  type TriageDecider,
} from '@parley/domain'

import { list, record } from '../../bridge/free-json.ts'

/**
 * The stored decision of triage, as far as it is one: metadata is free JSON, written by other versions too.
 * The first versions knew only words (`matched`) and no steps.
 */
export interface ReadDecision {
  teamId: string | null
  decidedBy: TriageDecider | null
  steps: ReadStep[]
}

export type ReadStep =
  | { kind: 'rules'; rules: { name: string; words: string[]; customerFields: string[] }[] }
  | { kind: 'model'; reason: string; call: ModelCall | null }
  | { kind: 'model_failed'; because: ModelFailure; call: ModelCall | null }
  | { kind: 'built_in'; words: string[] }
  | { kind: 'skipped'; step: (typeof TRIAGE_STEPS)[number]; because: SkipReason }

/** Null where nothing in it could be explained. */
export function readDecision(metadata: Record<string, unknown>): ReadDecision | null {
  const stored = record(metadata['routing_decision'])
  if (stored === null) return null
  const steps = Array.isArray(stored['steps'])
    ? stored['steps'].map(readStep).filter((step) => step !== null)
    : wordsOnly(stored['matched'])
  const decidedBy = TRIAGE_DECIDERS.find((decider) => decider === stored['decidedBy'])
  const fallback = stored['fallback'] === true ? ('fallback' as const) : null
  if (steps.length === 0 && decidedBy === undefined && fallback === null) return null
  const { teamId } = stored
  return {
    teamId: typeof teamId === 'string' ? teamId : null,
    decidedBy: decidedBy ?? fallback ?? (steps.length > 0 ? 'built_in' : null),
    steps,
  }
}

function readStep(value: unknown): ReadStep | null {
  const stored = record(value)
  const step = TRIAGE_STEPS.find((known) => known === stored?.['step'])
  if (stored === null || step === undefined) return null
  if (stored['outcome'] === 'skipped') {
    const because = SKIP_REASONS.find((reason) => reason === stored['because'])
    return because === undefined ? null : { kind: 'skipped', step, because }
  }
  switch (step) {
    case 'rules':
      return { kind: 'rules', rules: list(stored['matched']).flatMap(readRule) }
    case 'model': {
      const call = readCall(stored['call'])
      const because = MODEL_FAILURES.find((failure) => failure === stored['because'])
      if (because !== undefined) return { kind: 'model_failed', because, call }
      const { reason } = stored
      return { kind: 'model', reason: typeof reason === 'string' ? reason : '', call }
    }
    case 'built_in':
      return { kind: 'built_in', words: allWords(stored['words']) }
  }
}

function readRule(value: unknown) {
  const stored = record(value)
  const name = stored?.['name']
  if (typeof name !== 'string') return []
  const [words, customerFields] = [texts(stored?.['words']), texts(stored?.['customerFields'])]
  return [{ name, words, customerFields }]
}

function readCall(value: unknown): ModelCall | null {
  const stored = record(value)
  if (stored === null || typeof stored['durationMs'] !== 'number') return null
  return {
    provider: typeof stored['provider'] === 'string' ? stored['provider'] : '',
    model: typeof stored['model'] === 'string' ? stored['model'] : '',
    durationMs: stored['durationMs'],
    inputTokens: numberOrNull(stored['inputTokens']),
    outputTokens: numberOrNull(stored['outputTokens']),
    costUsd: numberOrNull(stored['costUsd']),
    messages: numberOrNull(stored['messages']) ?? 0,
  }
}

function wordsOnly(matched: unknown): ReadStep[] {
  const words = allWords(matched)
  return words.length > 0 ? [{ kind: 'built_in', words }] : []
}

/** Of the team and of the priority; what told the language explains neither. */
function allWords(value: unknown): string[] {
  const stored = record(value)
  return [...new Set([...texts(stored?.['team']), ...texts(stored?.['priority'])])]
}

const texts = (value: unknown): string[] =>
  list(value).filter((entry): entry is string => typeof entry === 'string')
const numberOrNull = (value: unknown): number | null => (typeof value === 'number' ? value : null)
