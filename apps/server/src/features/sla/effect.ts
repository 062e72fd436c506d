import { type SlaEffect } from '@parley/contracts'
import { planTimers, type SlaTerms, type SlaTimer } from '@parley/domain'

import { type Queryable } from '../../platform/database.ts'
import { sql } from '../../platform/sql.ts'
import { callCustomers } from '../customers/index.ts'
import {
  readSituations,
  subjectOf,
  type SlaConversation,
  type SlaSituation,
} from './situations.queries.ts'

const PAGE = 1000
const EXAMPLES = 20
const HOUR_MS = 3_600_000

/** The terms of one conversation as they would be; null: nothing would be promised. */
export type ProposedTerms = (
  conversation: SlaConversation,
  situation: SlaSituation,
) => SlaTerms | null

interface Shift {
  conversation: SlaConversation
  clock: SlaTimer['name']
  before: number | null
  after: number | null
}

/** What other terms would do to a team's open conversations now: the same computation, with nothing stored. */
export async function effectOf(
  db: Queryable,
  teamId: string,
  proposed: ProposedTerms,
): Promise<SlaEffect> {
  const effect = {
    conversations: 0,
    overdue: { before: 0, after: 0 },
    dueWithinTheHour: { before: 0, after: 0 },
    earlier: 0,
    later: 0,
  }
  const shifts: (Shift & { isNewlyOverdue: boolean })[] = []
  for await (const { conversation, situation } of openConversations(db, teamId)) {
    const nowMs = conversation.now.getTime()
    effect.conversations++
    const terms = proposed(conversation, situation)
    const planned = planTimers(subjectOf(conversation), situation.pauses, terms, situation.timers)
    for (const shift of shiftsOf(conversation, situation.timers, planned)) {
      const { before, after } = shift
      count(effect.overdue, shift, (dueAt) => dueAt <= nowMs)
      count(effect.dueWithinTheHour, shift, (dueAt) => dueAt > nowMs && dueAt <= nowMs + HOUR_MS)
      if (before === after) continue
      if ((after ?? Infinity) < (before ?? Infinity)) effect.earlier++
      else effect.later++
      shifts.push({
        ...shift,
        isNewlyOverdue: after !== null && after <= nowMs && !(before !== null && before <= nowMs),
      })
    }
  }
  return { ...effect, examples: await examplesOf(db, shifts) }
}

async function* openConversations(db: Queryable, teamId: string) {
  let afterId: string | null = null
  for (;;) {
    const page: (SlaConversation & { now: Date })[] = await db.many(sql`
        SELECT c.id, c.customer_id, c.team_id, c.assigned_to, c.priority, c.status, c.first_message_at,
               c.first_response_at, c.waiting_since, c.closed_at, NOW() AS now
        FROM conversations c
        WHERE c.team_id = ${teamId} AND c.status <> 'closed'
          AND (${afterId}::uuid IS NULL OR c.id > ${afterId}::uuid)
        ORDER BY c.id LIMIT ${PAGE}`)
    const situations = await readSituations(db, page)
    for (const conversation of page) {
      const situation = situations.get(conversation.id)
      if (situation !== undefined) yield { conversation, situation }
    }
    if (page.length < PAGE) return
    afterId = page.at(-1)?.id ?? null
  }
}

/** Each clock that runs before or after. */
function shiftsOf(
  conversation: Shift['conversation'],
  before: readonly SlaTimer[],
  after: readonly SlaTimer[],
): Shift[] {
  const dueOf = (timers: readonly SlaTimer[], name: SlaTimer['name']): number | null =>
    timers.find((timer) => timer.name === name && timer.state !== 'stopped')?.dueAtMs ?? null
  const names = new Set([...before, ...after].map(({ name }) => name))
  return [...names].flatMap((clock) => {
    const shift = { conversation, clock, before: dueOf(before, clock), after: dueOf(after, clock) }
    return shift.before === null && shift.after === null ? [] : shift
  })
}

function count(
  figure: { before: number; after: number },
  { before, after }: Shift,
  counts: (dueAt: number) => boolean,
): void {
  if (before !== null && counts(before)) figure.before++
  if (after !== null && counts(after)) figure.after++
}

async function examplesOf(db: Queryable, shifts: readonly (Shift & { isNewlyOverdue: boolean })[]) {
  const iso = (ms: number | null): string | null =>
    ms === null ? null : new Date(ms).toISOString()
  const size = ({ before, after }: Shift): number =>
    before === null || after === null ? Infinity : Math.abs(after - before)
  const examples = shifts
    .toSorted(
      (a, b) => Number(b.isNewlyOverdue) - Number(a.isNewlyOverdue) || size(b) - size(a) || 0,
    )
    .slice(0, EXAMPLES)
  const called = await callCustomers(
    db,
    examples.map(({ conversation }) => conversation.customer_id),
  )
  return examples.map(({ conversation, clock, before, after }) => ({
    conversationId: conversation.id,
    customerName: called.get(conversation.customer_id) ?? null,
    clock,
    dueBefore: iso(before),
    dueAfter: iso(after),
  }))
}
