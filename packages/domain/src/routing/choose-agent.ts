import { type Channel, type Priority } from '../conversation/priority.ts'
import { missingSkill, relaxSkills, type SkillLevels } from './required-skills.ts'
import { LANGUAGE_SKILLS, type RoutingSettings, type RoutingStrategy } from './routing-settings.ts'

/**
 * Routing's pure heart: given who is there and what waits, who gets it, and why. The caller holds the
 * locks that keep the picture true until the choice is written.
 */

export interface Candidate {
  userId: string
  presence: 'online' | 'busy' | 'away' | 'offline'
  /** End of shift: keeps what they have and gets nothing new. */
  isFinishing: boolean
  /** Weighted count of the conversations and open offers that need this person now, and of the slots held by wrap-ups. */
  load: number
  /** As much of the load as goes when wrap-ups end. */
  wrapUpLoad: number
  capacity: number
  skills: SkillLevels
  /** When something was last given to this person, epoch milliseconds; null: never. */
  lastAssignedAtMs: number | null
}

export interface Waiting {
  conversationId: string
  channel: Channel
  priority: Priority
  requiredSkills: SkillLevels
  /** Who answered this customer within the team's sticky time, if anybody. */
  previousAgentId: string | null
  /** Who refused it or let its offer pass lately. */
  declinedBy: readonly string[]
  nextDueAtMs: number | null
  queuedAtMs: number
}

/** As much of a team's settings as the choice depends on, and whose turn was last. */
export interface ChoiceRules extends Pick<
  RoutingSettings,
  'strategy' | 'relaxSkillsAfterSeconds' | 'channelWeights'
> {
  roundRobinAfter: string | null
}

export const INELIGIBILITIES = [
  'not_online',
  'finishing',
  'in_wrap_up',
  'at_capacity',
  'lacks_skill',
  'declined',
] as const
export type Ineligibility = (typeof INELIGIBILITIES)[number]

export const CHOSEN_BECAUSE = [
  'previous_agent',
  'only_one_eligible',
  'least_loaded',
  'longest_idle',
  'next_in_turn',
  'best_skilled',
] as const
export type ChosenBecause = (typeof CHOSEN_BECAUSE)[number]

/** Stored with the assignment and shown as "why you". Long lists are cut; the counts are whole. */
export interface Explanation {
  strategy: RoutingStrategy
  chosenBecause: ChosenBecause
  /** Milliseconds in the queue when it was decided. */
  waitedMs: number
  requiredSkills: SkillLevels
  /** How often the requirements had been relaxed by then, and what was left of them. */
  relaxed: { step: 1 | 2; to: SkillLevels } | null
  /** In the order in which they would have been chosen. `score`: the level that `best_skilled` compares. */
  eligible: { userId: string; load: number; capacity: number; score?: number }[]
  eligibleCount: number
  ineligible: { userId: string; because: Ineligibility; skill?: string }[]
  ineligibleCounts: Partial<Record<Ineligibility, number>>
}

/**
 * What of a stored explanation is read by whoever does not lead the team: the rule and their own place in it, and
 * nothing of what colleagues carry or why they could not.
 */
export function withoutColleagues(
  explanation: Readonly<Record<string, unknown>>,
  userId: string,
): Record<string, unknown> {
  const rule = Object.entries(explanation).filter(([name]) => OF_THE_RULE.has(name))
  const eligible = explanation['eligible']
  const own = Array.isArray(eligible)
    ? eligible.filter((one: { userId?: unknown }) => one.userId === userId)
    : []
  return { ...Object.fromEntries(rule), eligible: own }
}

/** The parts that say nothing of anybody; whatever is added later is kept from others until it is named here. */
const OF_THE_RULE: ReadonlySet<string> = new Set([
  'strategy',
  'chosenBecause',
  'waitedMs',
  'requiredSkills',
  'relaxed',
] satisfies (keyof Explanation)[])

export interface Choice {
  userId: string | null
  /** What the conversation adds to the load of whoever gets it. */
  weight: number
  explanation: Explanation
}

/** How many people an explanation names on either side. */
const NAMED_ELIGIBLE = 8
const NAMED_INELIGIBLE = 24

/** What a conversation adds to its owner's load. */
export function loadWeight(
  status: string,
  channel: Channel,
  settings: Pick<RoutingSettings, 'pendingCustomerFraction' | 'channelWeights'>,
): number {
  if (status === 'assigned' || status === 'pending_agent') return settings.channelWeights[channel]
  if (status === 'pending_customer') {
    return settings.channelWeights[channel] * settings.pendingCustomerFraction
  }
  return 0
}

const PRIORITY_RANK: Record<Priority, number> = { urgent: 0, high: 1, normal: 2, low: 3 }

/** Queue order: priority, then the earliest due instant, then the oldest, then the id so that it is total. */
export function compareWaiting(a: Waiting, b: Waiting): number {
  return (
    PRIORITY_RANK[a.priority] - PRIORITY_RANK[b.priority] ||
    (a.nextDueAtMs ?? Number.MAX_SAFE_INTEGER) - (b.nextDueAtMs ?? Number.MAX_SAFE_INTEGER) ||
    a.queuedAtMs - b.queuedAtMs ||
    (a.conversationId < b.conversationId ? -1 : 1)
  )
}

/** Chooses for one conversation. Deterministic: the same candidates in any order give the same answer. */
export function chooseAgent(
  waiting: Waiting,
  candidates: readonly Candidate[],
  rules: ChoiceRules,
  nowMs: number,
): Choice {
  const weight = rules.channelWeights[waiting.channel]
  const waitedMs = Math.max(0, nowMs - waiting.queuedAtMs)
  const relaxed = relaxSkills(waiting.requiredSkills, waitedMs, rules.relaxSkillsAfterSeconds)
  const eligible: Candidate[] = []
  const ineligible: Explanation['ineligible'] = []
  for (const candidate of candidates) {
    const obstacle = obstacleTo(candidate, waiting, weight, relaxed.skills)
    if (obstacle === null) eligible.push(candidate)
    else ineligible.push({ userId: candidate.userId, ...obstacle })
  }

  const scored = rules.strategy === 'best_skilled' ? relevantSkills(waiting) : []
  const ranked = firstOf(eligible, NAMED_ELIGIBLE, orderOf(rules, scored))
  const previous = eligible.find(({ userId }) => userId === waiting.previousAgentId) ?? null
  const chosen = previous ?? ranked[0] ?? null
  return {
    userId: chosen?.userId ?? null,
    weight,
    explanation: {
      strategy: rules.strategy,
      chosenBecause: reasonFor(previous, eligible.length, ranked, rules.strategy),
      waitedMs,
      requiredSkills: waiting.requiredSkills,
      relaxed: relaxed.step === 0 ? null : { step: relaxed.step, to: relaxed.skills },
      eligible: ranked.map((candidate) => ({
        userId: candidate.userId,
        load: candidate.load,
        capacity: candidate.capacity,
        ...(scored.length > 0 && { score: skillScore(candidate, scored) }),
      })),
      eligibleCount: eligible.length,
      ineligible: firstOf(ineligible, NAMED_INELIGIBLE, byUserId),
      ineligibleCounts: countBy(ineligible),
    },
  }
}

/** Why this person cannot get it; null: they can. The first reason in the order of `INELIGIBILITIES`. */
export function obstacleTo(
  candidate: Candidate,
  waiting: Pick<Waiting, 'declinedBy'>,
  weight: number,
  requiredSkills: SkillLevels,
): { because: Ineligibility; skill?: string } | null {
  if (candidate.presence !== 'online') return { because: 'not_online' }
  if (candidate.isFinishing) return { because: 'finishing' }
  // The whole of the new conversation must fit, not merely find a fraction free.
  const { load, wrapUpLoad, capacity } = candidate
  if (load + weight > capacity) {
    return { because: load - wrapUpLoad + weight > capacity ? 'at_capacity' : 'in_wrap_up' }
  }
  const skill = missingSkill(candidate.skills, requiredSkills, LANGUAGE_SKILLS)
  if (skill !== null) return { because: 'lacks_skill', skill }
  if (waiting.declinedBy.includes(candidate.userId)) return { because: 'declined' }
  return null
}

/** Whether anything at all could be given to this person now. */
export function isFree(candidate: Candidate, smallestWeight: number): boolean {
  return obstacleTo(candidate, { declinedBy: [] }, smallestWeight, {}) === null
}

type Order = (a: Candidate, b: Candidate) => number

function orderOf(rules: ChoiceRules, scored: readonly string[]): Order {
  switch (rules.strategy) {
    case 'least_loaded':
      return leastLoadedFirst
    case 'longest_idle':
      return longestIdleFirst
    case 'round_robin':
      return inTurnAfter(rules.roundRobinAfter)
    case 'best_skilled':
      return (a, b) => compareSkills(a, b, scored) || leastLoadedFirst(a, b)
  }
}

const leastLoadedFirst: Order = (a, b) => a.load - b.load || longestIdleFirst(a, b)

const longestIdleFirst: Order = (a, b) =>
  (a.lastAssignedAtMs ?? 0) - (b.lastAssignedAtMs ?? 0) || byUserId(a, b)

/** Round and round by the order of the ids, beginning after whose turn was last. */
function inTurnAfter(last: string | null): Order {
  const hasPassed = ({ userId }: Candidate): number => (last !== null && userId <= last ? 1 : 0)
  return (a, b) => hasPassed(a) - hasPassed(b) || byUserId(a, b)
}

/** The skills that count for this conversation, languages first: a better match there outweighs the rest. */
function relevantSkills(waiting: Waiting): string[] {
  return Object.keys(waiting.requiredSkills).toSorted(
    (a, b) => Number(LANGUAGE_SKILLS.has(b)) - Number(LANGUAGE_SKILLS.has(a)) || (a < b ? -1 : 1),
  )
}

function compareSkills(a: Candidate, b: Candidate, skills: readonly string[]): number {
  const languages = skills.filter((skill) => LANGUAGE_SKILLS.has(skill))
  return (
    skillScore(b, languages) - skillScore(a, languages) ||
    skillScore(b, skills) - skillScore(a, skills)
  )
}

function skillScore({ skills }: Candidate, relevant: readonly string[]): number {
  return relevant.reduce((sum, skill) => sum + (skills[skill] ?? 0), 0)
}

function reasonFor(
  previous: Candidate | null,
  eligibleCount: number,
  ranked: readonly Candidate[],
  strategy: RoutingStrategy,
): ChosenBecause {
  if (previous !== null) return 'previous_agent'
  if (eligibleCount === 1) return 'only_one_eligible'
  if (strategy === 'round_robin') return 'next_in_turn'
  if (strategy !== 'least_loaded') return strategy
  const [first, second] = ranked
  return first && second && first.load === second.load ? 'longest_idle' : 'least_loaded'
}

function byUserId(a: { userId: string }, b: { userId: string }): number {
  return a.userId < b.userId ? -1 : a.userId > b.userId ? 1 : 0
}

/** The first few of an order, without sorting all: a queue is handed out to many people at once. */
function firstOf<Item>(items: readonly Item[], count: number, order: (a: Item, b: Item) => number) {
  const first: Item[] = []
  for (const item of items) {
    const last = first[count - 1]
    if (last !== undefined && order(item, last) >= 0) continue
    const at = first.findIndex((other) => order(item, other) < 0)
    first.splice(at === -1 ? first.length : at, 0, item)
    if (first.length > count) first.pop()
  }
  return first
}

function countBy(ineligible: Explanation['ineligible']): Explanation['ineligibleCounts'] {
  const counts: Explanation['ineligibleCounts'] = {}
  for (const { because } of ineligible) counts[because] = (counts[because] ?? 0) + 1
  return counts
}
