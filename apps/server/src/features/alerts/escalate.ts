import {
  escalationStep,
  type AlertCandidate,
  type EscalationLevel,
  type EscalationStep,
} from '@parley/domain'

import { type Transaction } from '../../platform/database.ts'
import { type Services } from '../../platform/services.ts'
import { sql, toJson } from '../../platform/sql.ts'
import { openTeams } from '../business-hours/index.ts'
import { floodingCustomers } from '../flooding/index.ts'
import { insertAlerts, mirrorEscalations, readAlertCandidates } from './alerts.queries.ts'
import {
  insertEscalations,
  leaveAtTop,
  lockDueEscalations,
  postponeEscalations,
  raiseEscalations,
  type DueEscalation,
} from './escalations.queries.ts'

/** Steps that one short transaction takes. */
const PORTION = 100
const TOP: EscalationLevel = 3

/** A conversation whose customer has waited too long. */
export interface DueConversation {
  conversationId: string
  teamId: string | null
  customerId: string
  waitingSince: Date
  dueAt: Date
}

/**
 * Calls somebody for conversations whose customer waits too long, with their rows locked by the caller. There is
 * one open escalation for each; asked again, nothing happens. For a customer who floods us nobody is called
 * before the window ends.
 */
export async function escalate(
  services: Services,
  tx: Transaction,
  due: readonly DueConversation[],
): Promise<void> {
  const fresh = await withoutOpenEscalation(tx, due)
  if (fresh.length === 0) return
  const flooding = await floodingCustomers(
    tx,
    fresh.map(({ customerId }) => customerId),
  )
  const stepFor = await chooser(tx)
  const planned = fresh.map((one) => {
    const waitsUntil = flooding.get(one.customerId) ?? null
    return { ...one, waitsUntil, step: waitsUntil === null ? stepFor(1, one.teamId) : null }
  })
  const inserted = await insertEscalations(
    tx,
    planned.map(({ step, waitsUntil, ...one }) => ({
      ...one,
      level: step?.level ?? (waitsUntil === null ? TOP : 1),
      escalatedTo: step?.recipients[0] ?? null,
      waitsUntil,
    })),
  )
  const calls = planned.flatMap(({ step, waitsUntil, ...one }): Call[] => {
    const row = inserted.get(one.conversationId)
    if (row === undefined || waitsUntil !== null) return []
    const { level, recipients } = step ?? { level: TOP, recipients: [] }
    return [{ ...one, id: row.id, level, recipients, risesAt: row.nextStepAt }]
  })
  await announce(services, tx, calls)
}

/** Escalations whose time without acknowledgement is over rise a level. Any number of processes; each step once. */
export async function climbEscalations(services: Services): Promise<void> {
  while ((await services.db.transaction((tx) => climbPortion(services, tx))) > 0);
}

async function climbPortion(services: Services, tx: Transaction): Promise<number> {
  const due = await lockDueEscalations(tx, PORTION)
  if (due.length === 0) return 0
  const stepFor = await chooser(tx)
  const steps = (await postponeFlooding(tx, due)).map((one) => ({
    one,
    step: nextStep(one, stepFor),
  }))
  const left = steps.filter(({ step }) => step === null).map(({ one }) => one)
  await leaveAtTop(
    tx,
    left.map(({ id }) => id),
  )
  const rising = steps.flatMap(({ one, step }) => {
    const [escalatedTo] = step?.recipients ?? []
    return step === null || escalatedTo === undefined ? [] : [{ one, step, escalatedTo }]
  })
  const nextSteps = await raiseEscalations(
    tx,
    rising.map(({ one, step, escalatedTo }) => ({ id: one.id, level: step.level, escalatedTo })),
  )
  await announce(
    services,
    tx,
    rising.map(({ one, step }) => ({
      id: one.id,
      conversationId: one.conversation_id,
      teamId: one.team_id,
      waitingSince: one.waiting_since,
      dueAt: one.due_at,
      level: step.level,
      recipients: step.recipients,
      risesAt: nextSteps.get(one.id) ?? null,
    })),
  )
  tx.afterCommit(() => {
    services.signals.send('feed')
    for (const one of left)
      if (one.escalated_to === null) warnOfNobody(services, one.conversation_id)
  })
  return due.length
}

/** @returns the others */
async function postponeFlooding(
  tx: Transaction,
  due: readonly DueEscalation[],
): Promise<DueEscalation[]> {
  const flooding = await floodingCustomers(
    tx,
    due.map(({ customer_id }) => customer_id),
  )
  await postponeEscalations(
    tx,
    due.flatMap(({ id, customer_id }) => {
      const until = flooding.get(customer_id)
      return until === undefined ? [] : [{ id, until }]
    }),
  )
  return due.filter(({ customer_id }) => !flooding.has(customer_id))
}

type StepFor = (from: EscalationLevel, teamId: string | null) => EscalationStep | null

function nextStep(one: DueEscalation, stepFor: StepFor): EscalationStep | null {
  if (one.escalated_to === null) return stepFor(one.level, one.team_id)
  return one.level < TOP ? stepFor((one.level + 1) as EscalationLevel, one.team_id) : null
}

/** People and hours as they are now; whoever is called counts as having one more, so that many are shared out. */
async function chooser(tx: Transaction): Promise<StepFor> {
  const people = await readAlertCandidates(tx, [])
  const isOpen = await openTeams(tx)
  const candidates = new Map(people.map((person) => [person.userId, person]))
  return (from, teamId) => {
    const step = escalationStep(from, {
      teamId,
      isTeamOpen: teamId !== null && isOpen(teamId),
      people: [...candidates.values()],
    })
    const called = candidates.get(step?.recipients[0] ?? '')
    if (called !== undefined) candidates.set(called.userId, oneMore(called))
    return step
  }
}

function oneMore(person: AlertCandidate): AlertCandidate {
  return { ...person, openEscalations: person.openEscalations + 1 }
}

interface Call {
  /** The escalation's, and the subject of all that is told of it. */
  id: string
  conversationId: string
  teamId: string | null
  waitingSince: Date
  dueAt: Date
  level: EscalationLevel
  /** Empty: there is nobody at all. */
  recipients: readonly string[]
  risesAt: Date | null
}

async function announce(
  services: Services,
  tx: Transaction,
  calls: readonly Call[],
): Promise<void> {
  if (calls.length === 0) return
  await insertAlerts(
    services,
    tx,
    calls.flatMap(({ id, level, risesAt, conversationId, teamId, dueAt, recipients }) =>
      recipients.map((userId) => ({
        userId,
        subjectId: id,
        kind: 'escalation' as const,
        clock: 'escalation' as const,
        conversationId,
        teamId,
        dueAt,
        escalation: { id, level, risesAt },
      })),
    ),
  )
  await mirrorEscalations(
    tx,
    calls.map(({ id }) => id),
  )
  await insertEscalatedEvents(tx, calls)
  tx.afterCommit(() => {
    services.signals.send('feed')
    for (const { level, recipients, conversationId } of calls) {
      services.metrics.escalations.inc({ level: String(level) })
      if (recipients.length === 0) warnOfNobody(services, conversationId)
    }
  })
}

function warnOfNobody({ logger }: Services, conversationId: string): void {
  logger.warn({ conversationId }, 'a customer waits too long and nobody can be called')
}

/** Written here, because conversations stand on service levels and these on alerts. */
async function insertEscalatedEvents(tx: Transaction, calls: readonly Call[]): Promise<void> {
  const events = calls.map(({ conversationId, level, recipients, waitingSince }) => ({
    conversation_id: conversationId,
    metadata: { level, to: recipients, waiting_since: waitingSince },
  }))
  await tx.run(sql`
    INSERT INTO conversation_events (id, conversation_id, event_type, actor_type, metadata)
    SELECT new_id(), conversation_id, 'sla.escalated', 'system', metadata
    FROM jsonb_to_recordset(${toJson(events)}::jsonb) AS t(conversation_id UUID, metadata JSONB)`)
}

async function withoutOpenEscalation(
  tx: Transaction,
  due: readonly DueConversation[],
): Promise<DueConversation[]> {
  if (due.length === 0) return []
  const open = await tx.many<{ conversation_id: string }>(sql`
    SELECT conversation_id FROM escalations
    WHERE conversation_id = ANY(${due.map(({ conversationId }) => conversationId)}::uuid[])
      AND ended_at IS NULL`)
  const isOpen = new Set(open.map(({ conversation_id }) => conversation_id))
  return due.filter(({ conversationId }) => !isOpen.has(conversationId))
}
