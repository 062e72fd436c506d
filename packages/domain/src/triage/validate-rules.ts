import { type FieldTest, type TriageCondition, type TriageRule } from './rules.ts'
import { toWords } from './words.ts'

export const RULE_PROBLEMS = [
  'no_name',
  'duplicate_name',
  'no_conditions',
  'no_words',
  /** Only punctuation or signs: no text contains it as a word. */
  'not_a_word',
  'no_key',
  'no_value',
  'unknown_team',
  'no_result',
  'bad_skill_name',
  'bad_skill_level',
] as const
export type RuleProblemCode = (typeof RULE_PROBLEMS)[number]

export interface RuleProblem {
  /** The place in the list, from 0: names may be missing or double. */
  index: number
  rule: string
  /** Such as `conditions.any.0.words`. */
  field: string
  problem: RuleProblemCode
}

/** Everything that would make a rule mean nothing, or something else than its author thinks. */
export function validateRules(
  rules: readonly TriageRule[],
  known: { teamIds: ReadonlySet<string> },
): RuleProblem[] {
  const names = new Set<string>()
  return rules.flatMap((rule, index) => {
    const problems = [
      ...nameProblems(rule.name, names),
      ...conditionProblems(rule, known.teamIds),
      ...resultProblems(rule, known.teamIds),
    ]
    names.add(comparable(rule.name))
    return problems.map((found) => ({ index, rule: rule.name, ...found }))
  })
}

type Found = Pick<RuleProblem, 'field' | 'problem'>

const comparable = (name: string): string => name.trim().toLowerCase()

function nameProblems(name: string, names: ReadonlySet<string>): Found[] {
  if (comparable(name) === '') return [{ field: 'name', problem: 'no_name' }]
  return names.has(comparable(name)) ? [{ field: 'name', problem: 'duplicate_name' }] : []
}

function conditionProblems({ conditions }: TriageRule, teamIds: ReadonlySet<string>): Found[] {
  if (conditions.all.length + conditions.any.length === 0) {
    return [{ field: 'conditions', problem: 'no_conditions' }]
  }
  return (['all', 'any'] as const).flatMap((group) =>
    conditions[group].flatMap((condition, index) =>
      problemsOf(condition, teamIds).map(({ field, problem }) => ({
        field: `conditions.${group}.${index}.${field}`,
        problem,
      })),
    ),
  )
}

function problemsOf(condition: TriageCondition, teamIds: ReadonlySet<string>): Found[] {
  switch (condition.kind) {
    case 'text_contains':
      if (condition.words.length === 0) return [{ field: 'words', problem: 'no_words' }]
      return condition.words.flatMap((word, index) =>
        toWords(word).trim() === ''
          ? [{ field: `words.${index}`, problem: 'not_a_word' as const }]
          : [],
      )
    case 'customer_name':
      return testProblems(condition.test)
    case 'customer_metadata':
      return [
        ...(condition.key.trim() === '' ? [{ field: 'key', problem: 'no_key' as const }] : []),
        ...testProblems(condition.test),
      ]
    case 'business_hours':
      return teamIds.has(condition.teamId) ? [] : [{ field: 'teamId', problem: 'unknown_team' }]
    case 'language_is':
    case 'channel_is':
    case 'customer_is':
      return []
  }
}

function testProblems(test: FieldTest): Found[] {
  return test.is !== 'exists' && test.value.trim() === ''
    ? [{ field: 'test.value', problem: 'no_value' }]
    : []
}

function resultProblems({ result }: TriageRule, teamIds: ReadonlySet<string>): Found[] {
  const problems: Found[] = []
  const skills = Object.entries(result.skills)
  if (result.teamId === null && result.priority === null && skills.length === 0) {
    problems.push({ field: 'result', problem: 'no_result' })
  }
  if (result.teamId !== null && !teamIds.has(result.teamId)) {
    problems.push({ field: 'result.teamId', problem: 'unknown_team' })
  }
  for (const [skill, level] of skills) {
    if (skill.trim() === '') problems.push({ field: 'result.skills', problem: 'bad_skill_name' })
    if (!Number.isInteger(level) || level < 1 || level > 5) {
      problems.push({ field: `result.skills.${skill}`, problem: 'bad_skill_level' })
    }
  }
  return problems
}
