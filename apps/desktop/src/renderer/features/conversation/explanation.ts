import type { Explanation, Ineligibility } from '@parley/domain'

import { record } from './event-words.ts'

/**
 * The stored explanation of an assignment, as far as it is one: metadata is free JSON, written by other
 * versions too, and a line that cannot be explained simply has no "why".
 */
export type ReadExplanation = Pick<Explanation, 'chosenBecause'> &
  Partial<Pick<Explanation, 'eligible' | 'ineligible'>>

const REASONS: readonly Explanation['chosenBecause'][] = [
  'previous_agent',
  'least_loaded',
  'longest_idle',
  'only_one_eligible',
]
const OBSTACLES: readonly Ineligibility[] = [
  'not_online',
  'at_capacity',
  'in_wrap_up',
  'lacks_skill',
]

export function readExplanation(metadata: Record<string, unknown>): ReadExplanation | null {
  const stored = record(metadata['explanation'])
  const chosenBecause = REASONS.find((reason) => reason === stored?.['chosenBecause'])
  if (!stored || !chosenBecause) return null
  return {
    chosenBecause,
    ...(Array.isArray(stored['eligible'])
      ? { eligible: stored['eligible'].filter(isEligible) }
      : {}),
    ...(Array.isArray(stored['ineligible'])
      ? { ineligible: stored['ineligible'].filter(isIneligible) }
      : {}),
  }
}

function isEligible(value: unknown): value is Explanation['eligible'][number] {
  const entry = record(value)
  return (
    typeof entry?.['userId'] === 'string' &&
    typeof entry['load'] === 'number' &&
    typeof entry['capacity'] === 'number'
  )
}

function isIneligible(value: unknown): value is Explanation['ineligible'][number] {
  const entry = record(value)
  return (
    typeof entry?.['userId'] === 'string' &&
    OBSTACLES.some((obstacle) => obstacle === entry['because'])
  )
}
