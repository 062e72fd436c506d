import {
  violation,
  type Violation,
  type ViolationsOutput,
  type violationsInput,
} from '@parley/contracts'
import { measureBusinessMs, type BusinessCalendar } from '@parley/domain'
import { z } from 'zod'

import { type Queryable } from '../../platform/database.ts'
import { Failure } from '../../platform/failure.ts'
import { recordAs } from '../../platform/record-as.ts'
import { sql } from '../../platform/sql.ts'
import { parseCalendar, teamCalendars } from '../business-hours/index.ts'
import { callCustomers } from '../customers/index.ts'
import { onTime } from './on-time.ts'
import { type ReportScope } from './scope.ts'

const PER_PAGE = 50

type Wanted = Pick<z.infer<typeof violationsInput>, 'type' | 'from' | 'to' | 'page'>

/**
 * Breaches of a period, the newest first, and how many clocks of it were in time.
 * @throws Failure `invalid_input` for a page that was never handed out
 */
export async function violations(
  db: Queryable,
  scope: ReportScope,
  wanted: Wanted,
): Promise<ViolationsOutput> {
  const after = wanted.page === null ? null : parsePage(wanted.page)
  const [records, total, calendars, firstResponse, resolution] = await Promise.all([
    readPage(db, scope, wanted, after),
    count(db, scope, wanted),
    teamCalendars(db),
    onTime(db, scope, wanted, 'first_response'),
    onTime(db, scope, wanted, 'resolution'),
  ])
  const shown = records.slice(0, PER_PAGE)
  const called = await callCustomers(
    db,
    shown.map((record) => record.customer_id),
  )
  const last = shown.at(-1)
  return {
    violations: shown.map((record) => toViolation(record, calendars, called)),
    total,
    onTime: { firstResponse, resolution },
    nextPage: records.length > PER_PAGE && last ? `${last.position}|${last.id}` : null,
  }
}

interface ViolationRecord {
  id: string
  /** `breached_at` in microseconds, so that a page begins exactly where the one before ended. */
  position: string
  customer_id: string
  violation_type: Violation['type']
  actual_seconds: number
  is_final: boolean
  first_message_at: Date | null
  /** The conversation's present one: its hours count. */
  clock_team_id: string | null
  pauses_on_customer: boolean
  pauses: { kind: string; from: string; to: string | null }[] | null
  now: Date
}

function readPage(
  db: Queryable,
  { userId, teamIds }: ReportScope,
  { type, from, to }: Wanted,
  after: { position: string; id: string } | null,
): Promise<ViolationRecord[]> {
  return db.many(sql`
    SELECT v.id, (EXTRACT(EPOCH FROM v.breached_at) * 1000000)::bigint::text AS position, v.conversation_id,
           c.customer_id, c.channel, v.team_id, v.assigned_to, v.violation_type,
           COALESCE(v.priority, c.priority) AS priority, v.target_seconds, v.actual_seconds, v.is_final,
           v.breached_at, v.escalated_to, v.escalated_at, c.first_message_at, c.team_id AS clock_team_id,
           COALESCE(s.sla_pauses_on_customer, TRUE) AS pauses_on_customer, NOW() AS now,
           CASE WHEN NOT v.is_final THEN (
             SELECT jsonb_agg(jsonb_build_object('kind', p.kind, 'from', p.started_at, 'to', p.ended_at))
             FROM conversation_pauses p WHERE p.conversation_id = c.id) END AS pauses
    FROM sla_violations v
    JOIN conversations c ON c.id = v.conversation_id
    LEFT JOIN team_settings s ON s.team_id = c.team_id
    WHERE v.breached_at >= ${from} AND v.breached_at < ${to}
      AND (${teamIds}::uuid[] IS NULL OR v.team_id = ANY(${teamIds}::uuid[]))
      AND (${userId}::uuid IS NULL OR v.assigned_to = ${userId}::uuid)
      AND (${type}::text IS NULL OR v.violation_type = ${type}::text)
      AND (${after?.position ?? null}::bigint IS NULL
           OR ((EXTRACT(EPOCH FROM v.breached_at) * 1000000)::bigint, v.id)
              < (${after?.position ?? null}::bigint, ${after?.id ?? null}::uuid))
    ORDER BY (EXTRACT(EPOCH FROM v.breached_at) * 1000000)::bigint DESC, v.id DESC LIMIT ${PER_PAGE + 1}`)
}

async function count(
  db: Queryable,
  { userId, teamIds }: ReportScope,
  { type, from, to }: Wanted,
): Promise<number> {
  const { total } = await db.one<{ total: number }>(sql`
    SELECT COUNT(*)::int AS total FROM sla_violations v
    WHERE v.breached_at >= ${from} AND v.breached_at < ${to}
      AND (${teamIds}::uuid[] IS NULL OR v.team_id = ANY(${teamIds}::uuid[]))
      AND (${userId}::uuid IS NULL OR v.assigned_to = ${userId}::uuid)
      AND (${type}::text IS NULL OR v.violation_type = ${type}::text)`)
  return total
}

const toRow = recordAs(violation)

function toViolation(
  record: ViolationRecord,
  calendars: ReadonlyMap<string, BusinessCalendar>,
  called: ReadonlyMap<string, string>,
): Violation {
  const calendar = calendars.get(record.clock_team_id ?? '') ?? parseCalendar(null)
  const row = toRow({
    ...record,
    type: record.violation_type,
    customer_name: called.get(record.customer_id) ?? null,
  })
  return record.is_final ? row : { ...row, actualSeconds: runningSeconds(record, calendar) }
}

/** Business time up to now of a clock that has not stopped. It was late when it was recorded. */
function runningSeconds(record: ViolationRecord, calendar: BusinessCalendar): number {
  if (record.first_message_at === null) return record.actual_seconds
  const pausesOnCustomer = record.violation_type === 'resolution' && record.pauses_on_customer
  const pauses = (record.pauses ?? [])
    .filter(({ kind }) => kind === 'closed' || pausesOnCustomer)
    .map(({ from, to }) => ({
      fromMs: Date.parse(from),
      toMs: to === null ? null : Date.parse(to),
    }))
  const ranMs = measureBusinessMs(
    calendar,
    record.first_message_at.getTime(),
    record.now.getTime(),
    pauses,
  )
  return Math.max(record.actual_seconds, Math.floor(ranMs / 1000))
}

const pagePosition = z.tuple([z.string().regex(/^\d{1,18}$/), z.guid()])

function parsePage(page: string): { position: string; id: string } {
  const parsed = pagePosition.safeParse(page.split('|'))
  if (!parsed.success) throw new Failure('invalid_input', { field: 'page', problem: 'unknown' })
  const [position, id] = parsed.data
  return { position, id }
}
