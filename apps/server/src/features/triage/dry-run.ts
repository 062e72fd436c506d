import { setImmediate } from 'node:timers/promises'

import { routingDecision, type DryRunOutput } from '@parley/contracts'
import {
  decideTriage,
  type Channel,
  type ModelOutcome,
  type TriageInput,
  type TriageRule,
  type TriageVerdict,
} from '@parley/domain'
import { z } from 'zod'

import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { type Setup, type SetupReader } from './setup.ts'
import { planOf } from './situation.ts'
import { readTeamHours, teamsAskedFor } from './team-hours.ts'
import { assertMeaningful } from './triage.commands.ts'

/** Rules against the past: what would have become of the first messages of the last days. */

const MAXIMUM_EXAMPLES = 100
const EXAMPLE_CHARACTERS = 200
/** So many are decided in one go; then whoever else waits has their turn. */
const AT_ONCE = 50

interface PastConversation {
  id: string
  channel: Channel
  created_at: Date
  name: string | null
  metadata: unknown
  is_returning: boolean
  text: string
  decision: unknown
}

/**
 * Compares the rules that decide now with the given ones, over the same first messages, with the same steps
 * before and after. The model is not asked: where it took part, its answer of then stands in. Writes nothing.
 * @throws Failure `invalid_input` as a save would
 */
export async function dryRun(
  { db }: Services,
  reader: SetupReader,
  run: { rules: readonly TriageRule[]; days: number; limit: number },
): Promise<DryRunOutput> {
  await assertMeaningful(db, reader, run.rules)
  const setup = await reader.read(db)
  const changedSetup: Setup = { ...setup, rules: { version: setup.rules.version, list: run.rules } }
  const asked = teamsAskedFor([...setup.rules.list, ...run.rules])
  const hours = await readTeamHours(db, asked)
  const conversations = await pastConversations(db, run.days, run.limit)

  const before = newTally()
  const after = newTally()
  const examples: DryRunOutput['examples'] = []
  let changed = 0
  for (const [index, past] of conversations.entries()) {
    if (index % AT_ONCE === AT_ONCE - 1) await setImmediate()
    const input = inputOf(past, hours.openAt(past.created_at.getTime()))
    const model = recordedAnswer(past.decision)
    const then = decideAgain(setup, input, model)
    const now = decideAgain(changedSetup, input, model)
    count(before, then)
    count(after, now)
    if (then.teamId === now.teamId && then.priority === now.priority) continue
    changed++
    if (examples.length < MAXIMUM_EXAMPLES) {
      examples.push({
        conversationId: past.id,
        createdAt: past.created_at.toISOString(),
        text: past.text.slice(0, EXAMPLE_CHARACTERS).toWellFormed(),
        before: placedBy(then),
        after: placedBy(now),
      })
    }
  }
  return { conversations: conversations.length, changed, before, after, examples }
}

function pastConversations(
  db: Services['db'],
  days: number,
  limit: number,
): Promise<PastConversation[]> {
  return db.many(sql`
    SELECT c.id, c.channel, c.created_at, u.name, u.metadata, m.text, e.decision,
           EXISTS (
             SELECT FROM conversations former
             WHERE former.customer_id = c.customer_id AND former.created_at < c.created_at
               AND former.first_message_at IS NOT NULL) AS is_returning
    FROM conversations c
    JOIN customers u ON u.id = c.customer_id
    JOIN LATERAL (
      SELECT COALESCE(content_text, '') AS text FROM messages
      WHERE conversation_id = c.id AND direction = 'inbound'
      ORDER BY sent_at, seq LIMIT 1) m ON TRUE
    LEFT JOIN LATERAL (
      SELECT metadata->'routing_decision' AS decision FROM conversation_events
      WHERE conversation_id = c.id AND event_type = 'triage.completed'
      ORDER BY seq LIMIT 1) e ON TRUE
    WHERE c.created_at >= NOW() - make_interval(days => ${days}) AND c.first_message_at IS NOT NULL
    ORDER BY c.created_at DESC, c.id LIMIT ${limit}`)
}

const metadataFields = z.record(z.string(), z.unknown()).catch({})

function inputOf(past: PastConversation, teamsOpen: Record<string, boolean>): TriageInput {
  return {
    text: past.text,
    channel: past.channel,
    customer: {
      name: past.name,
      metadata: metadataFields.parse(past.metadata),
      isReturning: past.is_returning,
    },
    teamsOpen,
  }
}

/** Null where the model had no part in it, or the decision was recorded in another form. */
function recordedAnswer(decision: unknown): ModelOutcome | null {
  const recorded = routingDecision.safeParse(decision).data
  if (recorded?.decidedBy !== 'model') return null
  const step = recorded.steps.find(({ step }) => step === 'model')
  if (step === undefined || !('call' in step) || step.call === null) return null
  const { teamId, priority, requiredSkills: skills } = recorded
  return { ok: true, teamId, priority, skills, reason: '', call: step.call }
}

function decideAgain(setup: Setup, input: TriageInput, model: ModelOutcome | null): TriageVerdict {
  const progress = decideTriage(input, planOf(setup, model !== null), model)
  if (progress.needsModel) throw new Error('a dry run asks for the model')
  return progress.verdict
}

const newTally = (): DryRunOutput['before'] => ({ byTeam: {}, byPriority: {} })

function count(tally: DryRunOutput['before'], { teamId, priority }: TriageVerdict): void {
  tally.byTeam[teamId] = (tally.byTeam[teamId] ?? 0) + 1
  tally.byPriority[priority] = (tally.byPriority[priority] ?? 0) + 1
}

function placedBy({ teamId, priority, steps }: TriageVerdict) {
  const rules = steps.flatMap((step) =>
    step.step === 'rules' && step.outcome !== 'skipped' ? step.matched.map(({ name }) => name) : [],
  )
  return { teamId, priority, rules }
}
