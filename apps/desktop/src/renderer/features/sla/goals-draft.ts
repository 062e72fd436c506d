import type { SlaPolicyInput, SlaSettings } from '@parley/contracts'
import { PRIORITIES, type Priority } from '@parley/domain'

import { type Reading } from '../../ui/form/editing.ts'
import { readDuration, writeDuration } from './duration-text.ts'

/** A team's promises as they stand in the form: durations as typed, so that a half-typed one is not lost. */
export interface GoalsDraft extends Pick<SlaSettings, 'pausesOnCustomer' | 'warnLeads'> {
  policies: Readonly<Record<Priority, PolicyDraft>>
  warningPercent: string
}
export interface PolicyDraft extends Readonly<Record<GoalKey, string>> {
  /** Whether anything is promised at all. */
  isOn: boolean
}

export const GOALS = ['firstResponse', 'resolution', 'escalation'] as const
export type GoalKey = (typeof GOALS)[number]

/** The most urgent first. */
export const PRIORITIES_SHOWN: readonly Priority[] = PRIORITIES.toReversed()

export type GoalProblem = 'not_a_duration' | 'range' | 'percent'
/** By `urgent.firstResponse`, and `warningPercent`. */
export type GoalsProblems = Readonly<Partial<Record<string, GoalProblem>>>

const LEAST_SECONDS = 10
const MOST_SECONDS = 365 * 86_400

/** Proposed to whoever begins to promise something. */
const PROPOSED: Record<GoalKey, string> = {
  firstResponse: '30 min',
  resolution: '8 h',
  escalation: '',
}

export function toGoalsDraft(settings: SlaSettings): GoalsDraft {
  return {
    ...settings,
    policies: byPriority((priority) => policyDraft(settings.policies[priority])),
    warningPercent: String(settings.warningPercent),
  }
}

const byPriority = <Policy>(of: (priority: Priority) => Policy) =>
  Object.fromEntries(PRIORITIES.map((priority) => [priority, of(priority)])) as Record<
    Priority,
    Policy
  >

function policyDraft(policy: SlaPolicyInput | null): PolicyDraft {
  if (policy === null) return { isOn: false, ...PROPOSED }
  return {
    isOn: true,
    firstResponse: writeDuration(policy.firstResponseSeconds),
    resolution: writeDuration(policy.resolutionSeconds),
    escalation: policy.escalationSeconds === null ? '' : writeDuration(policy.escalationSeconds),
  }
}

/** As they are stored, or null and what is wrong. */
export function fromGoalsDraft(draft: GoalsDraft): Reading<SlaSettings, GoalsProblems> {
  const problems: Record<string, GoalProblem> = {}
  const goal = (priority: Priority, key: GoalKey): number | null => {
    const typed = draft.policies[priority][key]
    if (key === 'escalation' && typed.trim() === '') return null
    const seconds = readDuration(typed)
    if (seconds === null) problems[`${priority}.${key}`] = 'not_a_duration'
    else if (seconds < LEAST_SECONDS || seconds > MOST_SECONDS)
      problems[`${priority}.${key}`] = 'range'
    return seconds
  }
  const policy = (priority: Priority): SlaPolicyInput | null =>
    draft.policies[priority].isOn
      ? {
          firstResponseSeconds: goal(priority, 'firstResponse') ?? 0,
          resolutionSeconds: goal(priority, 'resolution') ?? 0,
          escalationSeconds: goal(priority, 'escalation'),
        }
      : null
  const warningPercent = Number(draft.warningPercent.trim().replace(/\s*%$/, '') || Number.NaN)
  if (!Number.isInteger(warningPercent) || warningPercent < 1 || warningPercent > 99)
    problems['warningPercent'] = 'percent'
  const settings: SlaSettings = { ...draft, policies: byPriority(policy), warningPercent }
  return { value: Object.keys(problems).length === 0 ? settings : null, problems }
}
