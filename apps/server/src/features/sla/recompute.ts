import { planTimers, type SlaTimer } from '@parley/domain'

import { type Transaction } from '../../platform/database.ts'
import { type Services } from '../../platform/services.ts'
import { sql, toJson } from '../../platform/sql.ts'
import { settleAlerts } from '../alerts/index.ts'
import { actOnDue } from './act.ts'
import { readSituations, subjectOf, type SlaConversation } from './situations.queries.ts'
import { storeTimers, type TimersToStore } from './timers.queries.ts'
import { nextDueAt, standing } from './update-clocks.ts'

/** Conversations in one transaction, so that nobody waits long for any of them. */
const PAGE = 200

/** Has a team's open conversations computed anew; one that is under way begins again. */
export async function requestRecompute(
  services: Services,
  tx: Transaction,
  teamId: string,
): Promise<void> {
  await tx.run(sql`
    INSERT INTO sla_recomputes (team_id) VALUES (${teamId})
    ON CONFLICT (team_id) DO UPDATE SET requested_at = NOW(), after_id = NULL`)
  tx.afterCommit(() => services.signals.send('sla_terms'))
}

/**
 * The next page of whatever team has been asked for. How far it has come is kept with what it did, so a
 * process that dies in between loses nothing; several processes take different teams.
 * @returns false where nothing is left to do
 */
export async function recomputeNext(services: Services): Promise<boolean> {
  return services.db.transaction(async (tx) => {
    const request = await tx.maybe<{ team_id: string; after_id: string | null }>(sql`
      SELECT team_id, after_id FROM sla_recomputes ORDER BY requested_at, team_id
      LIMIT 1 FOR UPDATE SKIP LOCKED`)
    if (request === null) return false
    const page = await tx.many<SlaConversation & { now: Date }>(sql`
      SELECT id, customer_id, team_id, assigned_to, priority, status, first_message_at, first_response_at,
             waiting_since, closed_at, NOW() AS now
      FROM conversations
      WHERE team_id = ${request.team_id} AND status <> 'closed'
        AND (${request.after_id}::uuid IS NULL OR id > ${request.after_id}::uuid)
      ORDER BY id LIMIT ${PAGE}
      FOR NO KEY UPDATE`)
    await recompute(services, tx, page)
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) {
      await tx.run(sql`DELETE FROM sla_recomputes WHERE team_id = ${request.team_id}`)
    } else {
      await tx.run(sql`
        UPDATE sla_recomputes SET after_id = ${last.id} WHERE team_id = ${request.team_id}`)
    }
    return true
  })
}

async function recompute(
  services: Services,
  tx: Transaction,
  page: readonly (SlaConversation & { now: Date })[],
): Promise<void> {
  const [first] = page
  if (first === undefined) return
  const situations = await readSituations(tx, page)
  const held = page.flatMap((conversation) => {
    const situation = situations.get(conversation.id)
    return situation ? { conversation, situation, timers: situation.timers } : []
  })
  // What came due under the old terms did so, whatever the new ones say.
  const acted = await actOnDue(services, tx, held, first.now.getTime())
  const changed = held.flatMap(({ conversation, situation }) => {
    const before = acted.timersOf(conversation.id)
    const after = planTimers(subjectOf(conversation), situation.pauses, situation.terms, before)
    return isSame(situation.timers, after) ? [] : { conversation, situation, timers: after }
  })
  const plans = changed.map(({ conversation, situation, timers }) => ({
    conversationId: conversation.id,
    policyId: situation.terms?.policyId ?? null,
    timers,
  }))
  await storeTimers(tx, plans, {
    hasViolations: acted.due.length > 0 || changed.some(({ situation }) => situation.hasViolations),
  })
  await storeNextDue(tx, plans)
  for (const { conversation, situation, timers } of changed) {
    if (situation.hasAlerts) await settleAlerts(services, tx, standing(conversation, timers))
  }
  tx.afterCommit(() => {
    services.signals.send('feed')
    services.signals.send('sla')
    // The queue's order may be another now.
    services.signals.send('routing')
  })
}

/** Told to workstations, too: the row's version rises though the nearest instant may be the same. */
async function storeNextDue(tx: Transaction, plans: readonly TimersToStore[]): Promise<void> {
  if (plans.length === 0) return
  const rows = plans.map(({ conversationId, timers }) => ({
    id: conversationId,
    next_due_at: nextDueAt(timers)?.toISOString() ?? null,
  }))
  await tx.run(sql`
    UPDATE conversations c SET next_due_at = g.next_due_at
    FROM jsonb_to_recordset(${toJson(rows)}::jsonb) AS g(id UUID, next_due_at TIMESTAMPTZ)
    WHERE c.id = g.id`)
}

function isSame(stored: readonly SlaTimer[], planned: readonly SlaTimer[]): boolean {
  if (stored.length !== planned.length) return false
  return planned.every((timer) => {
    const before = stored.find(({ name }) => name === timer.name)
    return before !== undefined && COMPARED.every((field) => before[field] === timer[field])
  })
}

const COMPARED = [
  'state',
  'startedAtMs',
  'targetMs',
  'warnsAtMs',
  'dueAtMs',
  'warnedAtMs',
  'firedAtMs',
  'nextAtMs',
] as const satisfies readonly (keyof SlaTimer)[]
