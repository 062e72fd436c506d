import { classifyMessage, type TriageTeam } from '@parley/domain'

import { startPeriodic } from '../../platform/periodic.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { applyTransition, lockConversation } from '../conversations/index.ts'

/** Where a conversation goes that no rule places. */
const FALLBACK_TEAM_SLUG = 'customer_service'
const SWEEP_INTERVAL_MS = 2000
/** What is younger is being triaged by the process that received it. */
const SWEEP_AGE_SECONDS = 5

export interface Triage {
  /** Starts at once and does not wait; what is cut short is found again by the sweep. */
  begin(conversationId: string): void
  stop(): Promise<void>
}

export function startTriage(services: Services): Triage {
  const underWay = new Map<string, Promise<void>>()

  function begin(conversationId: string): void {
    if (underWay.has(conversationId)) return
    const work = triageConversation(services, conversationId)
      .catch((error: unknown) => {
        services.logger.error(
          { err: error, conversationId },
          'triage failed; the sweep tries again',
        )
      })
      .finally(() => underWay.delete(conversationId))
    underWay.set(conversationId, work)
  }

  let isFirstSweep = true
  const sweep = startPeriodic('triage sweep', SWEEP_INTERVAL_MS, services.logger, async () => {
    const age = isFirstSweep ? 0 : SWEEP_AGE_SECONDS
    isFirstSweep = false
    const forgotten = await services.db.many<{ id: string }>(sql`
      SELECT id FROM conversations
      WHERE status IN ('new', 'triage') AND created_at <= NOW() - make_interval(secs => ${age})
      ORDER BY created_at LIMIT 100`)
    for (const { id } of forgotten) begin(id)
  })

  return {
    begin,
    async stop() {
      await sweep.stop()
      await Promise.all(underWay.values())
    },
  }
}

/**
 * Decides team, priority and skills with the built-in classifier and queues the conversation. A person may
 * have claimed it meanwhile: their decision stands and nothing happens here.
 */
export async function triageConversation(
  services: Services,
  conversationId: string,
): Promise<void> {
  const { db, signals } = services
  await db.transaction(async (tx) => {
    const conversation = await lockConversation(tx, conversationId)
    if (conversation === null) return
    if (conversation.status !== 'new' && conversation.status !== 'triage') return
    const teams = await tx.many<TriageTeam>(sql`SELECT id, slug FROM teams WHERE is_active`)
    const words = await tx.many<{ content_text: string | null }>(sql`
      SELECT content_text FROM messages
      WHERE conversation_id = ${conversationId} AND direction = 'inbound'
      ORDER BY sent_at, seq LIMIT 10`)
    const fallback = teams.find(({ slug }) => slug === FALLBACK_TEAM_SLUG) ?? teams[0]
    if (fallback === undefined) throw new Error('there is no active team to triage to')

    const text = words.map(({ content_text }) => content_text ?? '').join('\n')
    const decision = classifyMessage(text, teams, fallback.id)
    const inTriage =
      conversation.status === 'new'
        ? await applyTransition(tx, conversation, 'triage_began', { actorId: null })
        : conversation
    await applyTransition(tx, inTriage, 'triaged', {
      actorId: null,
      set: {
        team_id: decision.teamId,
        priority: decision.priority,
        language: decision.language,
        required_skills: decision.requiredSkills,
        queued_at: conversation.now,
      },
      metadata: {
        routing_decision: { ...decision, classifier: 'built_in', messages: words.length },
      },
    })
    tx.afterCommit(() => {
      signals.send('feed')
      signals.send('routing')
    })
  })
}
