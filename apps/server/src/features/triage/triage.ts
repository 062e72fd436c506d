import { type ModelOutcome } from '@parley/domain'

import { isTransient } from '../../platform/database.ts'
import { GroupCommit } from '../../platform/group-commit.ts'
import { startPeriodic } from '../../platform/periodic.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { keepCurrentModel, type CurrentModel } from './model/current-model.ts'
import { administerModel, type ModelAdministration } from './model/administer-model.ts'
import { choicesOf } from './model/prompt.ts'
import { createSetupReader, type SetupReader } from './setup.ts'
import {
  placeNow,
  placeWhenFree,
  placeWithAnswer,
  type Placing,
  type PlacingTools,
} from './place.ts'
import { type Situation } from './situation.ts'

const SWEEP_INTERVAL_MS = 2000
/** What is placed by one transaction: some tens of milliseconds' worth. */
const LARGEST_BATCH = 50
/** What is younger is being triaged by the process that received it. Longer than triage may take. */
const SWEEP_AGE_SECONDS = 5

export interface Triage {
  /** Starts at once and does not wait; what is cut short is found again by the sweep. */
  begin(conversationId: string): void
  setup: SetupReader
  model: ModelAdministration
  stop(): Promise<void>
}

interface Tools extends PlacingTools {
  currentModel: CurrentModel
}

export function startTriage(services: Services): Triage {
  const setup = createSetupReader()
  const currentModel = keepCurrentModel(services)
  const tools = { services, setup, currentModel }
  const together = new GroupCommit<string, Placing>((ids) => placeNow(tools, ids), LARGEST_BATCH)
  const underWay = new Map<string, Promise<void>>()

  function begin(conversationId: string): void {
    if (underWay.has(conversationId)) return
    const work = triageConversation(tools, together, conversationId)
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
    model: administerModel(services, currentModel, setup),
    async stop() {
      await sweep.stop()
      await Promise.all(underWay.values())
      currentModel.close()
    },
  }
}

/**
 * Places the conversation: team, priority, skills. Where no network is needed, in one transaction, with others that have
 * come meanwhile. Where the model must be asked, nothing is open or locked meanwhile, and a person may claim the
 * conversation: then their decision stands and the model's is not used.
 */
async function triageConversation(
  tools: Tools,
  together: GroupCommit<string, Placing>,
  conversationId: string,
): Promise<void> {
  const { db } = tools.services
  const startedAt = performance.now()
  const situation = await placedTogether(tools, together, conversationId)
  if (situation === null) return
  const model = await askModel(tools, conversationId, situation, startedAt)
  await db.transaction((tx) => placeWithAnswer(tools, tx, conversationId, model, startedAt))
}

/**
 * One that cannot be placed takes no other along, and waits for nobody but itself.
 * @returns what the model is to be asked about; null: placed, or nothing is to be done any more
 */
async function placedTogether(
  tools: Tools,
  together: GroupCommit<string, Placing>,
  conversationId: string,
): Promise<Situation | null> {
  const placing = await together.add(conversationId).catch((error: unknown) => {
    if (isTransient(error)) throw error
    return 'busy' as const
  })
  const settled = placing === 'busy' ? await placeWhenFree(tools, conversationId) : placing
  return typeof settled === 'object' ? settled : null
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
