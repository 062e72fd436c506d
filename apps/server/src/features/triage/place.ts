import { type RoutingDecision } from '@parley/contracts'
import { decideTriage, type ModelOutcome, type TriageVerdict } from '@parley/domain'

import { type Transaction } from '../../platform/database.ts'
import { type Services } from '../../platform/services.ts'
import {
  applyTransitions,
  lockConversation,
  lockFreeConversations,
  type ConversationRecord,
  type Happening,
} from '../conversations/index.ts'
import { type SetupReader } from './setup.ts'
import { planOf, readSituations, type Situation } from './situation.ts'

export interface PlacingTools {
  services: Services
  setup: SetupReader
}

/** What has come of a conversation; `busy`: it was not there, or somebody else is changing it. */
export type Placing = Situation | 'placed' | 'busy'

/** In one transaction, those of them that are free. @returns in order */
export function placeNow(
  tools: PlacingTools,
  conversationIds: readonly string[],
): Promise<Placing[]> {
  return tools.services.db.steady.transaction(async (tx) =>
    placeOrBegin(tools, tx, conversationIds, await lockFreeConversations(tx, conversationIds)),
  )
}

/** The same for one, as soon as it is free. */
export async function placeWhenFree(tools: PlacingTools, conversationId: string): Promise<Placing> {
  const [placing] = await tools.services.db.steady.transaction(async (tx) => {
    const conversation = await lockConversation(tx, conversationId)
    return placeOrBegin(tools, tx, [conversationId], conversation === null ? [] : [conversation])
  })
  return placing ?? 'busy'
}

/**
 * Places those that need no model, each with its team, priority and skills; the others have begun.
 * @param locked those of them that the transaction holds; the others are left alone
 * @returns in order
 */
async function placeOrBegin(
  tools: PlacingTools,
  tx: Transaction,
  conversationIds: readonly string[],
  locked: readonly ConversationRecord[],
): Promise<Placing[]> {
  const startedAt = performance.now()
  const untriaged = locked.filter(isUntriaged)
  const situations = untriaged.length === 0 ? [] : await readSituations(tx, tools.setup, untriaged)
  const waiting = new Map<string, Situation>()
  const passages = untriaged.map((current, index) => {
    const situation = situations[index] as Situation
    const plan = planOf(situation.setup, situation.setup.modelRevision !== null)
    const progress = decideTriage(situation.input, plan, null)
    if (progress.needsModel) waiting.set(current.id, situation)
    return {
      current,
      happenings: progress.needsModel
        ? begun(current)
        : placed(current, situation, progress.verdict, startedAt),
    }
  })
  await applyTransitions(tools.services, tx, passages)
  if (untriaged.length > 0) tellOf(tools.services, tx)
  const lockedIds = new Set(locked.map(({ id }) => id))
  return conversationIds.map((id) => waiting.get(id) ?? (lockedIds.has(id) ? 'placed' : 'busy'))
}

/** Reads everything again: what the customer has written meanwhile counts, too. */
export async function placeWithAnswer(
  tools: PlacingTools,
  tx: Transaction,
  conversationId: string,
  model: ModelOutcome,
  startedAt: number,
): Promise<void> {
  const conversation = await lockConversation(tx, conversationId)
  if (conversation === null || !isUntriaged(conversation)) return
  const [situation] = await readSituations(tx, tools.setup, [conversation])
  if (situation === undefined) throw new Error(`the situation of ${conversationId} was not read`)
  const progress = decideTriage(situation.input, planOf(situation.setup, true), model)
  if (progress.needsModel) throw new Error('triage asks for an answer that it was given')
  const happenings = placed(conversation, situation, progress.verdict, startedAt)
  await applyTransitions(tools.services, tx, [{ current: conversation, happenings }])
  tellOf(tools.services, tx)
}

const isUntriaged = ({ status }: ConversationRecord): boolean =>
  status === 'new' || status === 'triage'

function begun({ status }: ConversationRecord): Happening[] {
  return status === 'new' ? [{ event: 'triage_began', details: { actorId: null } }] : []
}

function placed(
  conversation: ConversationRecord,
  situation: Situation,
  verdict: TriageVerdict,
  startedAt: number,
): Happening[] {
  return [
    ...begun(conversation),
    {
      event: 'triaged',
      details: {
        actorId: null,
        set: {
          team_id: verdict.teamId,
          priority: verdict.priority,
          language: verdict.language,
          required_skills: verdict.requiredSkills,
          queued_at: conversation.now,
        },
        metadata: { routing_decision: decisionRecord(situation, verdict, startedAt) },
      },
    },
  ]
}

function tellOf({ signals }: Services, tx: Transaction): void {
  tx.afterCommit(() => {
    signals.send('feed')
    signals.send('routing')
  })
}

function decisionRecord(
  { setup, input, messages }: Situation,
  { languageWords, ...verdict }: TriageVerdict,
  startedAt: number,
): RoutingDecision {
  return {
    ...verdict,
    saw: {
      messageIds: messages.map(({ id }) => id),
      characters: input.text.length,
      languageWords,
      channel: input.channel,
      isReturningCustomer: input.customer.isReturning,
      teamsOpen: input.teamsOpen,
    },
    settingsVersion: setup.settings.version,
    durationMs: Math.round(performance.now() - startedAt),
  }
}
