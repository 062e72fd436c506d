import { type Priority } from '../conversation/priority.ts'

/**
 * Routing's pure heart: given who is there and what waits, who gets it, and why. The caller holds the
 * locks that keep the picture true until the choice is written.
 */

export interface Candidate {
  userId: string
  presence: 'online' | 'busy' | 'away' | 'offline'
  /** Weighted count of conversations that need this person now. */
  load: number
  capacity: number
  /** Level 1 to 5 by skill name. */
  skills: Readonly<Record<string, number>>
  /** Since when nothing was given to this person, epoch milliseconds; null: never. */
  lastAssignedAtMs: number | null
  /** Wrap-up after a close holds the slot until then; null: not in wrap-up. */
  wrapUpUntilMs: number | null
}

export interface Waiting {
  conversationId: string
  priority: Priority
  /** Skill names with the level needed. */
  requiredSkills: Readonly<Record<string, number>>
  /** Who answered this customer within the last seven days, if anybody. */
  previousAgentId: string | null
  nextDueAtMs: number | null
  queuedAtMs: number
}

export type Ineligibility = 'not_online' | 'at_capacity' | 'in_wrap_up' | 'lacks_skill'

/** Stored with the assignment and shown as "why you". */
export interface Explanation {
  strategy: 'least_loaded'
  chosenBecause: 'previous_agent' | 'least_loaded' | 'longest_idle' | 'only_one_eligible'
  eligible: { userId: string; load: number; capacity: number }[]
  ineligible: { userId: string; because: Ineligibility; skill?: string }[]
}

export interface Choice {
  userId: string | null
  explanation: Explanation
}

/** What a conversation adds to its owner's load. */
export function loadWeight(status: string, pendingCustomerFraction: number): number {
  if (status === 'assigned' || status === 'pending_agent') return 1
  if (status === 'pending_customer') return pendingCustomerFraction
  return 0
}

export const DEFAULT_PENDING_CUSTOMER_FRACTION = 0.25

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
  nowMs: number,
): Choice {
  const eligible: Candidate[] = []
  const ineligible: Explanation['ineligible'] = []
  for (const candidate of [...candidates].toSorted(byUserId)) {
    const obstacle = obstacleTo(candidate, waiting, nowMs)
    if (obstacle === null) eligible.push(candidate)
    else ineligible.push({ userId: candidate.userId, ...obstacle })
  }

  const previous = eligible.find((candidate) => candidate.userId === waiting.previousAgentId)
  const ranked = [...eligible].toSorted(leastLoadedFirst)
  const chosen = previous ?? ranked[0] ?? null
  return {
    userId: chosen?.userId ?? null,
    explanation: {
      strategy: 'least_loaded',
      chosenBecause: reasonFor(chosen, previous, ranked),
      eligible: eligible.map(({ userId, load, capacity }) => ({ userId, load, capacity })),
      ineligible,
    },
  }
}

function obstacleTo(
  candidate: Candidate,
  waiting: Waiting,
  nowMs: number,
): { because: Ineligibility; skill?: string } | null {
  if (candidate.presence !== 'online') return { because: 'not_online' }
  if (candidate.wrapUpUntilMs !== null && candidate.wrapUpUntilMs > nowMs) {
    return { because: 'in_wrap_up' }
  }
  // The new conversation counts 1: it must fit, not merely find a fraction free.
  if (candidate.load + 1 > candidate.capacity) return { because: 'at_capacity' }
  for (const [skill, level] of Object.entries(waiting.requiredSkills)) {
    if ((candidate.skills[skill] ?? 0) < level) return { because: 'lacks_skill', skill }
  }
  return null
}

function reasonFor(
  chosen: Candidate | null,
  previous: Candidate | undefined,
  ranked: readonly Candidate[],
): Explanation['chosenBecause'] {
  if (chosen !== null && chosen === previous) return 'previous_agent'
  if (ranked.length === 1) return 'only_one_eligible'
  const [first, second] = ranked
  return first && second && first.load === second.load ? 'longest_idle' : 'least_loaded'
}

function leastLoadedFirst(a: Candidate, b: Candidate): number {
  return a.load - b.load || (a.lastAssignedAtMs ?? 0) - (b.lastAssignedAtMs ?? 0) || byUserId(a, b)
}

function byUserId(a: Candidate, b: Candidate): number {
  return a.userId < b.userId ? -1 : a.userId > b.userId ? 1 : 0
}
