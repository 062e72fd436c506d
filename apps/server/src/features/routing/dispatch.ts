import {
  chooseAgent,
  isFree,
  obstacleTo,
  relaxSkills,
  type Candidate,
  type Choice,
} from '@parley/domain'

import { type Transaction } from '../../platform/database.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { assignMany } from '../conversations/index.ts'
import { teamSettings, type StoredTeamSettings } from '../team-settings/index.ts'
import { lockPeople, noteAssignments, readCandidates } from './candidates.queries.ts'
import { insertOffers } from './offers.ts'
import { lockQueue, type QueuedConversation, type QueuePlace } from './queue.queries.ts'

/** Conversations looked at, and handed out, in one transaction at most. */
const PAGE = 200

interface Decision {
  conversation: QueuedConversation
  choice: Choice & { userId: string }
}

export interface Dispatched {
  handedOut: number
  /** How long the longest of them had waited, milliseconds. */
  longestWaitMs: number
}

/** Hands out until nobody is left who can take something, or nothing that somebody can take. */
export async function dispatchTeam(services: Services, teamId: string): Promise<Dispatched> {
  const total: Dispatched = { handedOut: 0, longestWaitMs: 0 }
  let after: QueuePlace | null = null
  for (;;) {
    const turn: Turn | null = await services.db.transaction((tx) =>
      dispatchPage(services, tx, teamId, after),
    )
    if (turn === null) return total
    total.handedOut += turn.handedOut
    total.longestWaitMs = Math.max(total.longestWaitMs, turn.longestWaitMs)
    // Somebody changed what the choice was made on: the same page again, with what is true now.
    if (turn.overtaken) continue
    if (turn.last === null) return total
    after = turn.last
  }
}

interface Turn extends Dispatched {
  overtaken: boolean
  /** Where the next page begins; null: this was the last. */
  last: QueuePlace | null
}

/**
 * One transaction: conversations are locked, so nobody else has them; people are chosen, then locked, and
 * what they carry is read again, so nobody else counts on the same room. Conversations before people, always.
 * @returns null where nothing waits or nobody has room
 */
async function dispatchPage(
  services: Services,
  tx: Transaction,
  teamId: string,
  after: QueuePlace | null,
): Promise<Turn | null> {
  const [settings] = await teamSettings(tx, [teamId])
  if (settings === undefined || settings.mode === 'pull') return null
  const candidates = await readCandidates(tx, teamId)
  if (!candidates.some((one) => isFree(one, smallestWeight(settings)))) return null
  const page = await lockQueue(tx, {
    teamId,
    after,
    limit: PAGE,
    stickySeconds: settings.stickySeconds,
  })
  const [first] = page
  if (first === undefined) return null
  const decisions = decide(page, candidates, settings, first.now.getTime())
  const settled = await settle(tx, decisions, candidates, settings)
  await handOut(services, tx, settled, settings)
  return {
    handedOut: settled.length,
    longestWaitMs: Math.max(0, ...settled.map(({ choice }) => choice.explanation.waitedMs)),
    overtaken: settled.length < decisions.length,
    last: page.length < PAGE ? null : ((page.at(-1) as QueuedConversation).place ?? null),
  }
}

/** Chooses in the order of the queue, each choice counting for the next. */
function decide(
  page: readonly QueuedConversation[],
  given: readonly Candidate[],
  settings: StoredTeamSettings,
  nowMs: number,
): Decision[] {
  const candidates = given.map((candidate) => ({ ...candidate }))
  const byId = new Map(candidates.map((candidate) => [candidate.userId, candidate]))
  const decisions: Decision[] = []
  let { roundRobinAfter } = settings
  for (const conversation of page) {
    const rules = { ...settings, roundRobinAfter }
    const { userId, ...choice } = chooseAgent(conversation, candidates, rules, nowMs)
    if (userId === null) continue
    decisions.push({ conversation, choice: { ...choice, userId } })
    roundRobinAfter = userId
    const chosen = byId.get(userId) as Candidate
    chosen.load += choice.weight
    chosen.lastAssignedAtMs = nowMs + decisions.length / 1000
    if (!candidates.some((one) => isFree(one, smallestWeight(settings)))) break
  }
  return decisions
}

/** Keeps the decisions that are still right once the chosen people are locked. */
async function settle(
  tx: Transaction,
  decisions: readonly Decision[],
  candidates: readonly Candidate[],
  settings: StoredTeamSettings,
): Promise<Decision[]> {
  if (decisions.length === 0) return []
  const chosenIds = [...new Set(decisions.map(({ choice }) => choice.userId))]
  const locked = await lockPeople(tx, chosenIds)
  const skillsOf = new Map(candidates.map(({ userId, skills }) => [userId, skills]))
  return decisions.filter(({ conversation, choice }) => {
    const { userId, weight, explanation } = choice
    const part = locked.get(userId)
    if (part === undefined) return false
    const { skills } = relaxSkills(
      conversation.requiredSkills,
      explanation.waitedMs,
      settings.relaxSkillsAfterSeconds,
    )
    const person = { ...part, userId, skills: skillsOf.get(userId) ?? {} }
    if (obstacleTo(person, conversation, weight, skills) !== null) return false
    part.load += weight
    return true
  })
}

async function handOut(
  services: Services,
  tx: Transaction,
  settled: readonly Decision[],
  settings: StoredTeamSettings,
): Promise<void> {
  if (settled.length === 0) return
  const given = settled.map(({ conversation, choice }) => ({
    conversationId: conversation.conversationId,
    userId: choice.userId,
    explanation: choice.explanation,
  }))
  if (settings.mode === 'offer') {
    await insertOffers(tx, given, settings)
  } else {
    await assignMany(tx, given)
  }
  const userIds = given.map(({ userId }) => userId)
  await noteAssignments(tx, userIds)
  if (settings.strategy === 'round_robin') {
    await tx.run(sql`
      UPDATE team_settings SET round_robin_after = ${userIds.at(-1)} WHERE team_id = ${settings.teamId}`)
  }
  tx.afterCommit(() => {
    services.signals.send('feed')
    for (const { conversation } of settled) observe(services, conversation, settings.mode)
  })
}

function observe({ metrics }: Services, { queuedAtMs }: QueuedConversation, method: string): void {
  metrics.assignments.inc({ method })
  metrics.queueToAssignment.observe(Math.max(0, (Date.now() - queuedAtMs) / 1000))
}

function smallestWeight({ channelWeights }: StoredTeamSettings): number {
  return Math.min(...Object.values(channelWeights))
}
