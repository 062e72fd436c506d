/** Skill names with the level needed, 1 to 5. */
export type SkillLevels = Readonly<Record<string, number>>

/** The level that requirements fall to after the team's waiting time, before they fall away. */
const RELAXED_LEVEL = 3

export interface RelaxedSkills {
  /** How often they have been relaxed: 0 as required, 1 to level 3 at most, 2 no requirement is left. */
  step: 0 | 1 | 2
  skills: SkillLevels
}

/** What is still required after so long in the queue: rather somebody less skilled than nobody. */
export function relaxSkills(
  required: SkillLevels,
  waitedMs: number,
  relaxAfterSeconds: number | null,
): RelaxedSkills {
  if (relaxAfterSeconds === null || Object.keys(required).length === 0)
    return { step: 0, skills: required }
  const periods = waitedMs / (relaxAfterSeconds * 1000)
  if (periods >= 2) return { step: 2, skills: {} }
  if (periods < 1) return { step: 0, skills: required }
  const lowered = Object.entries(required).map(
    ([skill, level]) => [skill, Math.min(level, RELAXED_LEVEL)] as const,
  )
  return { step: 1, skills: Object.fromEntries(lowered) }
}

/** When the requirements fall next, epoch milliseconds; null: never again. */
export function nextRelaxationAt(
  required: SkillLevels,
  queuedAtMs: number,
  nowMs: number,
  relaxAfterSeconds: number | null,
): number | null {
  if (relaxAfterSeconds === null || Object.keys(required).length === 0) return null
  const { step } = relaxSkills(required, nowMs - queuedAtMs, relaxAfterSeconds)
  return step === 2 ? null : queuedAtMs + (step + 1) * relaxAfterSeconds * 1000
}

/** The first skill that the person lacks at its level, languages before others; null: none. */
export function missingSkill(
  has: SkillLevels,
  required: SkillLevels,
  isLanguage: ReadonlySet<string>,
): string | null {
  const missing = Object.keys(required).filter(
    (skill) => (has[skill] ?? 0) < (required[skill] ?? 0),
  )
  return missing.find((skill) => isLanguage.has(skill)) ?? missing[0] ?? null
}
