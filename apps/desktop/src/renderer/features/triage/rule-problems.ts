import { RULE_PROBLEMS, type RuleProblemCode, type TriageRule, validateRules } from '@parley/domain'

/** What is wrong with one rule, by field: `name`, `conditions.any.0.words`. */
export type FieldProblems = ReadonlyMap<string, RuleProblemCode>
/** By the rule's place in the list, from 0. */
export type RuleProblems = ReadonlyMap<number, FieldProblems>

const NONE: FieldProblems = new Map()

/** What the server would say, said before it is asked. */
export function checkRules(
  rules: readonly TriageRule[],
  teamIds: ReadonlySet<string>,
): RuleProblems {
  return byRule(validateRules(rules, { teamIds }))
}

/** The problems of a refused save: it may know more than this workstation, such as a team that has just gone. */
export function refusedProblems(details: Record<string, unknown>): RuleProblems {
  const { problems } = details
  return byRule(Array.isArray(problems) ? problems.filter(isProblem) : [])
}

export function merge(some: RuleProblems, others: RuleProblems): RuleProblems {
  const all = new Map(some)
  for (const [index, fields] of others) {
    all.set(index, new Map([...(all.get(index) ?? NONE), ...fields]))
  }
  return all
}

export const problemsAt = (problems: RuleProblems | null, index: number): FieldProblems =>
  problems?.get(index) ?? NONE

/** Of the field itself or of anything in it: one word's problem is shown at its words. */
export function problemIn(problems: FieldProblems, field: string): RuleProblemCode | undefined {
  for (const [where, problem] of problems) {
    if (where === field || where.startsWith(`${field}.`)) return problem
  }
  return undefined
}

interface Found {
  index: number
  field: string
  problem: RuleProblemCode
}

function byRule(found: readonly Found[]): RuleProblems {
  const rules = new Map<number, Map<string, RuleProblemCode>>()
  for (const { index, field, problem } of found) {
    const fields = rules.get(index) ?? new Map<string, RuleProblemCode>()
    fields.set(field, problem)
    rules.set(index, fields)
  }
  return rules
}

function isProblem(value: unknown): value is Found {
  if (typeof value !== 'object' || value === null) return false
  const { index, field, problem } = value as Partial<Record<keyof Found, unknown>>
  return (
    typeof index === 'number' &&
    typeof field === 'string' &&
    RULE_PROBLEMS.some((code) => code === problem)
  )
}
