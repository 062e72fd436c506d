import {
  type ConversationPause,
  type ConversationState,
  type Priority,
  type SlaClockName,
  type SlaSubject,
  type SlaTerms,
  type SlaTimer,
} from '@parley/domain'

import { type Queryable } from '../../platform/database.ts'
import { sql, toJson } from '../../platform/sql.ts'
import { parseCalendar } from '../business-hours/index.ts'

/** A conversation as its clocks see it; what commands hold of it is enough. */
export interface SlaConversation {
  id: string
  customer_id: string
  team_id: string | null
  assigned_to: string | null
  priority: Priority
  status: ConversationState
  first_message_at: Date | null
  first_response_at: Date | null
  waiting_since: Date | null
  closed_at: Date | null
}

export function subjectOf(conversation: SlaConversation): SlaSubject {
  return {
    status: conversation.status,
    firstMessageAtMs: conversation.first_message_at?.getTime() ?? null,
    firstResponseAtMs: conversation.first_response_at?.getTime() ?? null,
    waitingSinceMs: conversation.waiting_since?.getTime() ?? null,
    closedAtMs: conversation.closed_at?.getTime() ?? null,
  }
}

/** A timer as it is stored, with the policy that it was computed from. */
export interface StoredTimer extends SlaTimer {
  policyId: string
}

/** All that a conversation's clocks depend on beside itself, and what is stored of them. */
export interface SlaSituation {
  /** Null: its team promises nothing for its priority. */
  terms: (SlaTerms & { policyId: string }) | null
  pauses: ConversationPause[]
  timers: StoredTimer[]
  /** A breach of its is on record. */
  hasViolations: boolean
  /** Somebody has been told of it, or called because of it, and that is not over. */
  hasAlerts: boolean
}

interface Row {
  id: string
  policy_id: string | null
  frt_target_seconds: number
  resolution_target_seconds: number
  escalation_after_seconds: number | null
  sla_warning_percent: number
  sla_pauses_on_customer: boolean
  calendar: string | null
  pauses: { kind: ConversationPause['kind']; from: number; to: number | null }[] | null
  timers: TimerRow[] | null
  has_violations: boolean
  has_alerts: boolean
}

interface TimerRow {
  clock: SlaClockName
  policy_id: string
  state: SlaTimer['state']
  started: number
  target_seconds: number
  warns: number | null
  due: number | null
  warned: number | null
  fired: number | null
  took_seconds: number | null
  is_missed: boolean
  stopped: number | null
  next: number | null
}

/**
 * @param wanted with the team and priority whose terms are wanted, which need not be the stored ones
 * @returns by conversation; one that does not exist (yet) has no pauses and no timers
 */
export async function readSituations(
  db: Queryable,
  wanted: readonly Pick<SlaConversation, 'id' | 'team_id' | 'priority'>[],
): Promise<Map<string, SlaSituation>> {
  const rows = await db.many<Row>(sql`
    SELECT w.id, p.id AS policy_id, p.frt_target_seconds, p.resolution_target_seconds,
           p.escalation_after_seconds, s.sla_warning_percent, s.sla_pauses_on_customer, k.calendar,
           (SELECT jsonb_agg(jsonb_build_object(
                     'kind', b.kind, 'from', EXTRACT(EPOCH FROM b.started_at) * 1000,
                     'to', EXTRACT(EPOCH FROM b.ended_at) * 1000) ORDER BY b.started_at, b.id)
            FROM conversation_pauses b WHERE b.conversation_id = w.id) AS pauses,
           (SELECT jsonb_agg(jsonb_build_object(
                     'clock', t.clock, 'policy_id', t.sla_policy_id, 'state', t.state, 'started', EXTRACT(EPOCH FROM t.started_at) * 1000,
                     'target_seconds', t.target_seconds, 'warns', EXTRACT(EPOCH FROM t.warns_at) * 1000,
                     'due', EXTRACT(EPOCH FROM t.due_at) * 1000, 'warned', EXTRACT(EPOCH FROM t.warned_at) * 1000,
                     'fired', EXTRACT(EPOCH FROM t.fired_at) * 1000, 'took_seconds', t.took_seconds,
                     'is_missed', t.is_missed, 'stopped', EXTRACT(EPOCH FROM t.stopped_at) * 1000,
                     'next', EXTRACT(EPOCH FROM t.next_at) * 1000))
            FROM sla_timers t WHERE t.conversation_id = w.id) AS timers,
           EXISTS (SELECT 1 FROM sla_violations v WHERE v.conversation_id = w.id) AS has_violations,
           EXISTS (SELECT 1 FROM alerts a WHERE a.conversation_id = w.id AND a.ended_at IS NULL)
             OR EXISTS (SELECT 1 FROM escalations e WHERE e.conversation_id = w.id AND e.ended_at IS NULL)
             AS has_alerts
    FROM jsonb_to_recordset(${toJson(
      wanted.map(({ id, team_id, priority }) => ({ id, team_id, priority })),
    )}::jsonb) AS w(id UUID, team_id UUID, priority TEXT)
    LEFT JOIN sla_policies p ON p.team_id = w.team_id AND p.priority = w.priority AND p.is_active
    LEFT JOIN team_settings s ON s.team_id = p.team_id
    LEFT JOIN LATERAL (SELECT calendar FROM team_calendars WHERE team_id = p.team_id) k ON TRUE`)
  return new Map(rows.map((row) => [row.id, toSituation(row)]))
}

function toSituation(row: Row): SlaSituation {
  return {
    terms: row.policy_id === null ? null : { policyId: row.policy_id, ...termsOf(row) },
    pauses: (row.pauses ?? []).map(({ kind, from, to }) => ({
      kind,
      fromMs: whole(from),
      toMs: to === null ? null : whole(to),
    })),
    timers: (row.timers ?? []).map(toTimer),
    hasViolations: row.has_violations,
    hasAlerts: row.has_alerts,
  }
}

function termsOf(row: Row): SlaTerms {
  return {
    targets: {
      firstResponseSeconds: row.frt_target_seconds,
      resolutionSeconds: row.resolution_target_seconds,
      escalationSeconds: row.escalation_after_seconds,
      warningPercent: row.sla_warning_percent,
    },
    pausesOnCustomer: row.sla_pauses_on_customer,
    calendar: parseCalendar(row.calendar),
  }
}

function toTimer(stored: TimerRow): StoredTimer {
  const at = (ms: number | null): number | null => (ms === null ? null : whole(ms))
  return {
    name: stored.clock,
    policyId: stored.policy_id,
    state: stored.state,
    startedAtMs: whole(stored.started),
    targetMs: stored.target_seconds * 1000,
    warnsAtMs: at(stored.warns),
    dueAtMs: at(stored.due),
    warnedAtMs: at(stored.warned),
    firedAtMs: at(stored.fired),
    tookMs: stored.took_seconds === null ? null : stored.took_seconds * 1000,
    isMissed: stored.is_missed,
    stoppedAtMs: at(stored.stopped),
    nextAtMs: at(stored.next),
  }
}

/** Clocks know whole milliseconds, as `Date` does; the database's microseconds are cut off, as `pg` does. */
function whole(ms: number): number {
  return Math.floor(ms)
}
