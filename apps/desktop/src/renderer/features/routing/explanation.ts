import {
  CHOSEN_BECAUSE,
  INELIGIBILITIES,
  ROUTING_STRATEGIES,
  type Explanation,
  type Ineligibility,
  type SkillLevels,
} from '@parley/domain'

import { list, record } from '../../bridge/free-json.ts'

/**
 * The stored explanation of an assignment, as far as it is one: metadata is free JSON, written by other
 * versions too, and a line that cannot be explained simply has no "why". What an older one did not say is
 * null, or counted from what it did.
 */
export interface ReadExplanation {
  chosenBecause: Explanation['chosenBecause']
  strategy: Explanation['strategy'] | null
  waitedMs: number | null
  requiredSkills: SkillLevels
  relaxed: { step: 1 | 2; to: SkillLevels } | null
  eligible: Explanation['eligible']
  eligibleCount: number
  ineligible: Explanation['ineligible']
  /** In the order in which the rules are asked. */
  ineligibleCounts: { because: Ineligibility; count: number }[]
}

export function readExplanation(metadata: Record<string, unknown>): ReadExplanation | null {
  const stored = record(metadata['explanation'])
  const chosenBecause = CHOSEN_BECAUSE.find((reason) => reason === stored?.['chosenBecause'])
  if (!stored || !chosenBecause) return null
  const eligible = list(stored['eligible']).filter(isEligible)
  const ineligible = list(stored['ineligible']).filter(isIneligible)
  return {
    chosenBecause,
    strategy: ROUTING_STRATEGIES.find((strategy) => strategy === stored['strategy']) ?? null,
    waitedMs: typeof stored['waitedMs'] === 'number' ? stored['waitedMs'] : null,
    requiredSkills: skillLevels(stored['requiredSkills']),
    relaxed: relaxed(stored['relaxed']),
    eligible,
    eligibleCount: Math.max(eligible.length, Number(stored['eligibleCount']) || 0),
    ineligible,
    ineligibleCounts: counts(record(stored['ineligibleCounts']), ineligible),
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
    INELIGIBILITIES.some((obstacle) => obstacle === entry['because'])
  )
}

function skillLevels(value: unknown): SkillLevels {
  return Object.fromEntries(
    Object.entries(record(value) ?? {}).filter(
      (entry): entry is [string, number] => typeof entry[1] === 'number',
    ),
  )
}

function relaxed(value: unknown): ReadExplanation['relaxed'] {
  const step = record(value)?.['step']
  return step === 1 || step === 2 ? { step, to: skillLevels(record(value)?.['to']) } : null
}

function counts(
  stored: Record<string, unknown> | null,
  named: Explanation['ineligible'],
): ReadExplanation['ineligibleCounts'] {
  return INELIGIBILITIES.map((because) => ({
    because,
    count: Math.max(
      Number(stored?.[because]) || 0,
      named.filter((person) => person.because === because).length,
    ),
  })).filter(({ count }) => count > 0)
}
