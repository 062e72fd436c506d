import { chooseAgent, type Candidate, type Waiting } from '@parley/domain'

import { startPeriodic } from '../../platform/periodic.ts'
import { type Transaction } from '../../platform/database.ts'
import { type Services } from '../../platform/services.ts'
import { applyTransition, lockConversation, returnToQueue } from '../conversations/index.ts'
import {
  abandonedConversations,
  lockCandidates,
  lockQueueHead,
  noteAssignments,
  teamsWithQueue,
  type QueuedConversation,
} from './routing.queries.ts'

/** Conversations looked at in one transaction. */
const BATCH = 50
/** The safety net behind the wake-ups; also how soon a skill or a wrap-up that ended is noticed. */
const SWEEP_INTERVAL_MS = 1000

/** Hands queued conversations to people. Any number of processes may run one. */
export interface Dispatcher {
  stop(): Promise<void>
}

export function startDispatcher(services: Services): Dispatcher {
  const task = startPeriodic('routing', SWEEP_INTERVAL_MS, services.logger, async () => {
    for (const teamId of await teamsWithQueue(services.db)) await dispatchTeam(services, teamId)
  })
  const returning = startPeriodic('return unanswered', 5000, services.logger, () =>
    returnAbandoned(services),
  )
  const stopListening = services.signals.on('routing', task.wake)
  return {
    async stop() {
      stopListening()
      await Promise.all([task.stop(), returning.stop()])
    },
  }
}

/** Hands out until nobody is left who can take something, or nothing that somebody can take. */
export async function dispatchTeam(services: Services, teamId: string): Promise<number> {
  let total = 0
  for (;;) {
    const { looked, assigned } = await services.db.transaction((tx) =>
      dispatchBatch(services, tx, teamId),
    )
    total += assigned
    if (assigned === 0 || looked < BATCH) return total
  }
}

/**
 * One transaction: the members' presence rows are locked, so nobody else counts their load at the same
 * time; the conversations are locked, so nobody else has them. Presence before conversations, always.
 */
async function dispatchBatch(
  services: Services,
  tx: Transaction,
  teamId: string,
): Promise<{ looked: number; assigned: number }> {
  const candidates = await lockCandidates(tx, teamId)
  if (!candidates.some(hasRoom)) return { looked: 0, assigned: 0 }
  const queue = await lockQueueHead(tx, teamId, BATCH)
  const given: string[] = []
  for (const conversation of queue) {
    const nowMs = conversation.now.getTime()
    const choice = chooseAgent(asWaiting(conversation), candidates, nowMs)
    if (choice.userId === null) continue
    await applyTransition(tx, conversation, 'agent_chosen', {
      actorId: null,
      set: { assigned_to: choice.userId, assigned_at: conversation.now, queued_at: null },
      assignment: { method: 'auto', explanation: choice.explanation },
    })
    const chosen = candidates.find(({ userId }) => userId === choice.userId) as Candidate
    chosen.load += 1
    chosen.lastAssignedAtMs = nowMs + given.length
    given.push(choice.userId)
    tx.afterCommit(() => observe(services, conversation))
    if (!candidates.some(hasRoom)) break
  }
  if (given.length > 0) {
    await noteAssignments(tx, given)
    tx.afterCommit(() => services.signals.send('feed'))
  }
  return { looked: queue.length, assigned: given.length }
}

function hasRoom(candidate: Candidate): boolean {
  return candidate.presence === 'online' && candidate.load + 1 <= candidate.capacity
}

function asWaiting(conversation: QueuedConversation): Waiting {
  return {
    conversationId: conversation.id,
    priority: conversation.priority,
    requiredSkills: conversation.required_skills,
    previousAgentId: conversation.previous_agent_id,
    nextDueAtMs: null,
    queuedAtMs: conversation.queued_at?.getTime() ?? 0,
  }
}

function observe({ metrics }: Services, conversation: QueuedConversation): void {
  metrics.assignments.inc({ method: 'auto' })
  const queuedAtMs = conversation.queued_at?.getTime() ?? Date.now()
  metrics.queueToAssignment.observe(Math.max(0, (Date.now() - queuedAtMs) / 1000))
}

async function returnAbandoned(services: Services): Promise<void> {
  for (const { id } of await abandonedConversations(services.db, 100)) {
    await services.db.transaction(async (tx) => {
      const conversation = await lockConversation(tx, id)
      // Somebody may have answered or taken it since.
      if (conversation?.status !== 'assigned' && conversation?.status !== 'pending_agent') return
      await returnToQueue(services, tx, conversation)
    })
  }
}
