import { createHash } from 'node:crypto'

import {
  breachRecipients,
  warningRecipients,
  type AlertCandidate,
  type SlaClockName,
  type WarnLeads,
} from '@parley/domain'

import { type Transaction } from '../../platform/database.ts'
import { type Services } from '../../platform/services.ts'
import { sql, toJson } from '../../platform/sql.ts'
import { floodingCustomers } from '../flooding/index.ts'
import { insertAlerts, readAlertCandidates } from './alerts.queries.ts'

/** A clock that warns or was breached, of a conversation as it is now. */
export interface AlertNews {
  kind: 'warning' | 'breach'
  clock: SlaClockName
  conversationId: string
  teamId: string | null
  assignedTo: string | null
  customerId: string
  dueAt: Date
}

/**
 * Tells people of clocks that warn or were breached, with the conversations' rows locked by the caller. Of the
 * same clock and due instant nobody is told twice. News of a customer who floods us waits until that is over.
 * Set-based: a thousand at once are a few statements.
 */
export async function raiseAlerts(
  services: Services,
  tx: Transaction,
  news: readonly AlertNews[],
): Promise<void> {
  if (news.length === 0) return
  const flooding = await floodingCustomers(
    tx,
    news.map(({ customerId }) => customerId),
  )
  await holdBack(
    tx,
    news.flatMap((one) => {
      const until = flooding.get(one.customerId)
      return until === undefined ? [] : [{ ...one, until }]
    }),
  )
  const told = news.filter(({ customerId }) => !flooding.has(customerId))
  if (told.length === 0) return
  await supersedeWarnings(services, tx, told)
  const people = await readAlertCandidates(
    tx,
    told.flatMap(({ assignedTo }) => assignedTo ?? []),
  )
  const warnLeads = await readWarnLeads(tx, told)
  const alerts = told.flatMap((one) =>
    recipientsOf(one, people, warnLeads).map((userId) => ({
      userId,
      subjectId: occurrenceId(one),
      kind: one.kind,
      clock: one.clock,
      conversationId: one.conversationId,
      teamId: one.teamId,
      dueAt: one.dueAt,
    })),
  )
  await insertAlerts(services, tx, alerts)
}

async function holdBack(
  tx: Transaction,
  news: readonly (AlertNews & { until: Date })[],
): Promise<void> {
  if (news.length === 0) return
  const given = news.map(({ conversationId, clock, kind, dueAt, until }) => ({
    conversation_id: conversationId,
    clock,
    kind,
    due_at: dueAt,
    held_until: until,
  }))
  await tx.run(sql`
    INSERT INTO held_news (conversation_id, clock, kind, due_at, held_until)
    SELECT DISTINCT ON (conversation_id, clock, kind) conversation_id, clock, kind, due_at, held_until
    FROM jsonb_to_recordset(${toJson(given)}::jsonb) AS t(
      conversation_id UUID, clock TEXT, kind TEXT, due_at TIMESTAMPTZ, held_until TIMESTAMPTZ)
    ORDER BY conversation_id, clock, kind, due_at DESC
    ON CONFLICT (conversation_id, clock, kind) DO UPDATE
      SET due_at = excluded.due_at, held_until = excluded.held_until`)
}

function recipientsOf(
  news: AlertNews,
  people: readonly AlertCandidate[],
  warnLeads: ReadonlyMap<string, WarnLeads>,
): string[] {
  if (news.kind === 'breach') return breachRecipients(news, people)
  const leads = warnLeads.get(news.teamId ?? '') ?? 'unattended'
  return warningRecipients(news, leads, people)
}

/** The same for the same occurrence, whoever tells of it and however often. */
function occurrenceId({ conversationId, clock, kind, dueAt }: AlertNews): string {
  const text = [conversationId, clock, kind, dueAt.toISOString()].join(' ')
  const hex = createHash('sha256').update(text).digest('hex')
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20, 32),
  ].join('-')
}

/** What was about to happen has happened: the breach takes the warning's place. */
async function supersedeWarnings(
  { signals }: Services,
  tx: Transaction,
  news: readonly AlertNews[],
): Promise<void> {
  const breaches = news.filter(({ kind }) => kind === 'breach')
  if (breaches.length === 0) return
  const given = breaches.map(({ conversationId, clock }) => ({
    conversation_id: conversationId,
    clock,
  }))
  const ended = await tx.run(sql`
    UPDATE alerts a SET ended_at = NOW(), end_reason = 'superseded'
    FROM jsonb_to_recordset(${toJson(given)}::jsonb) AS t(conversation_id UUID, clock TEXT)
    WHERE a.conversation_id = t.conversation_id AND a.clock = t.clock
      AND a.kind = 'warning' AND a.ended_at IS NULL`)
  if (ended > 0) tx.afterCommit(() => signals.send('feed'))
}

async function readWarnLeads(
  tx: Transaction,
  news: readonly AlertNews[],
): Promise<Map<string, WarnLeads>> {
  const teamIds = [...new Set(news.flatMap(({ teamId }) => teamId ?? []))]
  const rows = await tx.many<{ team_id: string; sla_warns_leads: WarnLeads }>(sql`
    SELECT team_id, sla_warns_leads FROM team_settings WHERE team_id = ANY(${teamIds}::uuid[])`)
  return new Map(rows.map(({ team_id, sla_warns_leads }) => [team_id, sla_warns_leads]))
}
