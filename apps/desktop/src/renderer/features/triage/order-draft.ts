import type { TriageSettings } from '@parley/contracts'
import { TRIAGE_STEPS, type TriageStep } from '@parley/domain'

import { type Reading } from '../../ui/form/editing.ts'

/** The order of the steps as it stands in the form, with those that are off at its end. */
export interface OrderDraft {
  steps: readonly { step: TriageStep; isOn: boolean }[]
  fallbackTeamId: string | null
  /** As typed, in seconds. */
  limit: string
}

export type OrderProblem = 'no_steps' | 'bad_limit'
export type OrderProblems = Partial<Record<'steps' | 'limit', OrderProblem>>

/** The wire's bounds, in milliseconds; a test holds them equal. */
export const LIMIT_MS = { minimum: 100, maximum: 4000 } as const

export function toOrderDraft({
  steps,
  fallbackTeamId,
  overallLimitMs,
}: TriageSettings): OrderDraft {
  const off = TRIAGE_STEPS.filter((step) => !steps.includes(step))
  return {
    steps: [
      ...steps.map((step) => ({ step, isOn: true })),
      ...off.map((step) => ({ step, isOn: false })),
    ],
    fallbackTeamId,
    limit: writeSeconds(overallLimitMs),
  }
}

export function fromOrderDraft(draft: OrderDraft): Reading<TriageSettings, OrderProblems> {
  const steps = draft.steps.filter(({ isOn }) => isOn).map(({ step }) => step)
  const overallLimitMs = readSeconds(draft.limit)
  const problems: OrderProblems = {
    ...(steps.length === 0 ? { steps: 'no_steps' as const } : {}),
    ...(overallLimitMs === null ? { limit: 'bad_limit' as const } : {}),
  }
  if (overallLimitMs === null || steps.length === 0) return { value: null, problems }
  const { fallbackTeamId } = draft
  return { value: { steps, fallbackTeamId, overallLimitMs }, problems }
}

export function moveStep(draft: OrderDraft, step: TriageStep, by: -1 | 1): OrderDraft {
  const from = draft.steps.findIndex((entry) => entry.step === step)
  const entry = draft.steps[from]
  const to = from + by
  if (entry === undefined || to < 0 || to >= draft.steps.length) return draft
  return { ...draft, steps: draft.steps.toSpliced(from, 1).toSpliced(to, 0, entry) }
}

export function switchStep(draft: OrderDraft, step: TriageStep, isOn: boolean): OrderDraft {
  return {
    ...draft,
    steps: draft.steps.map((entry) => (entry.step === step ? { step, isOn } : entry)),
  }
}

/** Whether a save would change anything: where steps that are off stand says nothing. */
export function isSameOrder(a: OrderDraft, b: OrderDraft): boolean {
  const meaning = ({ steps, fallbackTeamId, limit }: OrderDraft) =>
    JSON.stringify([
      steps.filter(({ isOn }) => isOn).map(({ step }) => step),
      fallbackTeamId,
      limit.trim(),
    ])
  return meaning(a) === meaning(b)
}

/** 2000 is "2", 1500 is "1.5". */
export const writeSeconds = (ms: number): string => String(ms / 1000)

/** @returns milliseconds within the wire's bounds, else null */
export function readSeconds(typed: string): number | null {
  const text = typed.trim().replace(',', '.')
  if (!/^\d+(\.\d+)?$/.test(text)) return null
  const ms = Math.round(Number(text) * 1000)
  return ms >= LIMIT_MS.minimum && ms <= LIMIT_MS.maximum ? ms : null
}
