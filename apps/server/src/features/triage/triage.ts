import { type RoutingDecision } from '@parley/contracts'
import { decideTriage, type ModelOutcome, type TriageVerdict } from '@parley/domain'

import { type Transaction } from '../../platform/database.ts'
import { startPeriodic } from '../../platform/periodic.ts'
import { type Secrets } from '../../platform/secrets.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import {
  applyTransition,
  lockConversation,
  type ConversationRecord,
} from '../conversations/index.ts'
import { keepCurrentModel, type CurrentModel } from './model/current-model.ts'
import { administerModel, type ModelAdministration } from './model/administer-model.ts'
import { choicesOf } from './model/prompt.ts'
import { createSetupReader, type SetupReader } from './setup.ts'
import { planOf, readSituation, type Situation } from './situation.ts'

const SWEEP_INTERVAL_MS = 2000
/** What is younger is being triaged by the process that received it. Longer than triage may take. */
const SWEEP_AGE_SECONDS = 5

export interface Triage {
  /** Starts at once and does not wait; what is cut short is found again by the sweep. */
  begin(conversationId: string): void
  setup: SetupReader
  model: ModelAdministration
  stop(): Promise<void>
}

interface Tools {
  services: Services
  setup: SetupReader
  currentModel: CurrentModel
}

export function startTriage(services: Services, secrets: Secrets): Triage {
  const setup = createSetupReader()
  const currentModel = keepCurrentModel(services, secrets)
  const tools = { services, setup, currentModel }
  const underWay = new Map<string, Promise<void>>()

  function begin(conversationId: string): void {
    if (underWay.has(conversationId)) return
    const work = triageConversation(tools, conversationId)
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
  const sweep = startPeriodic('triage sweep', SWEEP_INTERVAL_MS, services, async () => {
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
    setup,
    model: administerModel(services, secrets, currentModel, setup),
    async stop() {
      await sweep.stop()
      await Promise.all(underWay.values())
      currentModel.close()
    },
  }
}

/**
 * Places the conversation: team, priority, skills. Where no network is needed, in one transaction. Where the
 * model must be asked, nothing is open or locked meanwhile, and a person may claim the conversation: then
 * their decision stands and the model's is not used.
 */
async function triageConversation(tools: Tools, conversationId: string): Promise<void> {
  const { db } = tools.services
  const startedAt = performance.now()
  const waiting = await db.transaction((tx) => placeOrBegin(tools, tx, conversationId, startedAt))
  if (waiting === null) return
  const model = await askModel(tools, conversationId, waiting, startedAt)
  await db.transaction((tx) => placeWithAnswer(tools, tx, conversationId, model, startedAt))
}

/** @returns what the model is to be asked about; null: placed, or nothing is to be done any more */
async function placeOrBegin(
  tools: Tools,
  tx: Transaction,
  conversationId: string,
  startedAt: number,
): Promise<Situation | null> {
  const conversation = await lockUntriaged(tx, conversationId)
  if (conversation === null) return null
  const situation = await readSituation(tx, tools.setup, conversation)
  const plan = planOf(situation.setup, situation.setup.modelRevision !== null)
  const progress = decideTriage(situation.input, plan, null)
  if (!progress.needsModel) {
    await place(tools, tx, conversation, situation, progress.verdict, startedAt)
    return null
  }
  if (conversation.status === 'new') {
    await applyTransition(tools.services, tx, conversation, 'triage_began', { actorId: null })
    tx.afterCommit(() => tools.services.signals.send('feed'))
  }
  return situation
}

/** Reads everything again: what the customer has written meanwhile counts, too. */
async function placeWithAnswer(
  tools: Tools,
  tx: Transaction,
  conversationId: string,
  model: ModelOutcome,
  startedAt: number,
): Promise<void> {
  const conversation = await lockUntriaged(tx, conversationId)
  if (conversation === null) return
  const situation = await readSituation(tx, tools.setup, conversation)
  const progress = decideTriage(situation.input, planOf(situation.setup, true), model)
  if (progress.needsModel) throw new Error('triage asks for an answer that it was given')
  await place(tools, tx, conversation, situation, progress.verdict, startedAt)
}

async function lockUntriaged(
  tx: Transaction,
  conversationId: string,
): Promise<ConversationRecord | null> {
  const conversation = await lockConversation(tx, conversationId)
  const isUntriaged = conversation?.status === 'new' || conversation?.status === 'triage'
  return isUntriaged ? conversation : null
}

async function askModel(
  { services, currentModel }: Tools,
  conversationId: string,
  { setup, input, messages }: Situation,
  startedAt: number,
): Promise<ModelOutcome> {
  try {
    const connection = await currentModel.connection(setup.modelRevision ?? '')
    if (connection === null) return { ok: false, failure: 'unreadable_key', call: null }
    const choices = choicesOf(connection.stored.settings, setup.teams)
    if (choices.teams.length === 0) return { ok: false, failure: 'nothing_allowed', call: null }
    const question = { messages: messages.map(({ text }) => text), channel: input.channel }
    const remainingMs = setup.settings.overallLimitMs - (performance.now() - startedAt)
    const { outcome } = await connection.ask(question, choices, { remainingMs, conversationId })
    return outcome
  } catch (error) {
    // A fault of ours must not keep the conversation waiting: the next step decides.
    services.logger.error({ err: error, conversationId }, 'the language model was not asked')
    return { ok: false, failure: 'unreachable', call: null }
  }
}

async function place(
  { services }: Tools,
  tx: Transaction,
  conversation: ConversationRecord,
  situation: Situation,
  verdict: TriageVerdict,
  startedAt: number,
): Promise<void> {
  const inTriage =
    conversation.status === 'new'
      ? await applyTransition(services, tx, conversation, 'triage_began', { actorId: null })
      : conversation
  await applyTransition(services, tx, inTriage, 'triaged', {
    actorId: null,
    set: {
      team_id: verdict.teamId,
      priority: verdict.priority,
      language: verdict.language,
      required_skills: verdict.requiredSkills,
      queued_at: conversation.now,
    },
    metadata: { routing_decision: decisionRecord(situation, verdict, startedAt) },
  })
  tx.afterCommit(() => {
    services.signals.send('feed')
    services.signals.send('routing')
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
