import { type ConversationRow, type EventRow, type SlaClockRow } from '@parley/contracts'
import { type Actor } from '@parley/domain'

import { type Queryable } from '../../platform/database.ts'
import { Failure } from '../../platform/failure.ts'
import { sql } from '../../platform/sql.ts'
import {
  type CarryingKind,
  type Owned,
  type Rows,
  type Seen,
  type ServedKind,
  seenWithConversation,
  visibleTo,
} from '../sync/index.ts'

interface ConversationRecord {
  id: string
  version: string
  customer_id: string
  channel: ConversationRow['channel']
  channel_account_id: string
  team_id: string | null
  assigned_to: string | null
  status: ConversationRow['status']
  priority: ConversationRow['priority']
  language: string | null
  created_at: Date
  first_message_at: Date | null
  first_response_at: Date | null
  assigned_at: Date | null
  queued_at: Date | null
  closed_at: Date | null
  closed_by: string | null
  close_reason: string | null
  waiting_since: Date | null
  last_inbound_at: Date | null
  last_message_at: Date | null
  next_due_at: Date | null
  snoozed_until: Date | null
  /** Null: none. */
  clocks: ClockRecord[] | null
}

/** A row of `sla_timers` as JSON. */
interface ClockRecord {
  clock: SlaClockRow['name']
  state: SlaClockRow['state']
  started_at: string
  target_seconds: number
  warns_at: string | null
  due_at: string | null
  took_seconds: number | null
  is_missed: boolean
}

const iso = (instant: Date | null): string | null => instant?.toISOString() ?? null

function toClock(record: ClockRecord): SlaClockRow {
  return {
    name: record.clock,
    state: record.state,
    startedAt: new Date(record.started_at).toISOString(),
    targetSeconds: record.target_seconds,
    warnsAt: record.warns_at && new Date(record.warns_at).toISOString(),
    dueAt: record.due_at && new Date(record.due_at).toISOString(),
    tookSeconds: record.took_seconds,
    isMissed: record.is_missed,
  }
}

function toConversation(record: ConversationRecord): Seen<ConversationRow> {
  return {
    audience: seenWithConversation(record),
    row: {
      id: record.id,
      version: Number(record.version),
      customerId: record.customer_id,
      channel: record.channel,
      channelAccountId: record.channel_account_id,
      teamId: record.team_id,
      assignedTo: record.assigned_to,
      status: record.status,
      priority: record.priority,
      language: record.language,
      createdAt: record.created_at.toISOString(),
      firstMessageAt: iso(record.first_message_at),
      firstResponseAt: iso(record.first_response_at),
      assignedAt: iso(record.assigned_at),
      queuedAt: iso(record.queued_at),
      closedAt: iso(record.closed_at),
      closedBy: record.closed_by,
      closeReason: record.close_reason,
      waitingSince: iso(record.waiting_since),
      lastInboundAt: iso(record.last_inbound_at),
      lastMessageAt: iso(record.last_message_at),
      nextDueAt: iso(record.next_due_at),
      clocks: (record.clocks ?? []).map(toClock),
      snoozedUntil: iso(record.snoozed_until),
    },
  }
}

async function load(db: Queryable, ids: string[]): Promise<Seen<ConversationRow>[]> {
  const records = await db.many<ConversationRecord>(sql`
    SELECT c.*, (SELECT jsonb_agg(t ORDER BY t.due_at NULLS LAST, t.clock)
                 FROM sla_timers t WHERE t.conversation_id = c.id) AS clocks
    FROM conversations c WHERE c.id = ANY(${ids}::uuid[])`)
  return records.map(toConversation)
}

/** @throws where there is none */
export async function conversationById(db: Queryable, id: string): Promise<ConversationRow> {
  const [found] = await load(db, [id])
  if (found === undefined) throw new Error(`no conversation ${id}`)
  return found.row
}

const PER_PAGE = 100
const CLOSED_DAYS = 30

/** What is open, by id; then what was closed lately, the newest first. `next`: `open|id`, `closed|at|id`. */
async function initial(
  db: Queryable,
  actor: Actor,
  after: string | null,
): Promise<Rows<ConversationRow>> {
  const [stage, first, second] = after?.split('|') ?? ['open']
  if (stage === 'open') {
    const rows = await openPage(db, actor, first || null)
    const last = rows.length === PER_PAGE ? rows.at(-1) : undefined
    return { rows, next: last ? `open|${last.id}` : 'closed' }
  }
  if (stage === 'closed') {
    const rows = await closedPage(
      db,
      actor,
      first && second ? { closedAt: first, id: second } : null,
    )
    const last = rows.length === PER_PAGE ? rows.at(-1) : undefined
    return { rows, next: last ? `closed|${last.closedAt}|${last.id}` : null }
  }
  throw new Failure('invalid_input', { field: 'page', problem: 'unknown' })
}

async function openPage(
  db: Queryable,
  actor: Actor,
  afterId: string | null,
): Promise<ConversationRow[]> {
  const visible = visibleTo(actor, 'conversation.see')
  const records = await db.many<ConversationRecord>(sql`
    SELECT c.*, (SELECT jsonb_agg(t ORDER BY t.due_at NULLS LAST, t.clock)
                 FROM sla_timers t WHERE t.conversation_id = c.id) AS clocks
    FROM conversations c
    WHERE status <> 'closed' AND (${afterId}::uuid IS NULL OR id > ${afterId})
      AND (${visible.all} OR assigned_to = ${visible.userId} OR team_id = ANY(${visible.teamIds}::uuid[]))
    ORDER BY id LIMIT ${PER_PAGE}`)
  return records.map((record) => toConversation(record).row)
}

async function closedPage(
  db: Queryable,
  actor: Actor,
  after: { closedAt: string; id: string } | null,
): Promise<ConversationRow[]> {
  const visible = visibleTo(actor, 'conversation.see')
  const records = await db.many<ConversationRecord>(sql`
    SELECT c.*, (SELECT jsonb_agg(t ORDER BY t.due_at NULLS LAST, t.clock)
                 FROM sla_timers t WHERE t.conversation_id = c.id) AS clocks
    FROM conversations c
    WHERE status = 'closed' AND closed_at > NOW() - make_interval(days => ${CLOSED_DAYS})
      AND (${after?.closedAt ?? null}::timestamptz IS NULL
           OR date_trunc('milliseconds', closed_at) < ${after?.closedAt ?? null}::timestamptz
           OR (date_trunc('milliseconds', closed_at) = ${after?.closedAt ?? null}::timestamptz AND id > ${after?.id ?? null}::uuid))
      AND (${visible.all} OR assigned_to = ${visible.userId} OR team_id = ANY(${visible.teamIds}::uuid[]))
    ORDER BY date_trunc('milliseconds', closed_at) DESC, id LIMIT ${PER_PAGE}`)
  return records.map((record) => toConversation(record).row)
}

export const conversationKind: CarryingKind = {
  kind: 'conversation',
  carries: true,
  removedFor: 'conversation.see',
  load,
  initial,
}

interface EventRecord {
  id: string
  conversation_id: string
  seq: string
  event_type: EventRow['type']
  actor_type: EventRow['actorType']
  actor_id: string | null
  old_value: Record<string, unknown> | null
  new_value: Record<string, unknown> | null
  metadata: Record<string, unknown> | null
  created_at: Date
}

function toEvent(record: EventRecord): EventRow {
  return {
    id: record.id,
    version: 1,
    conversationId: record.conversation_id,
    seq: Number(record.seq),
    type: record.event_type,
    actorType: record.actor_type,
    actorId: record.actor_id,
    oldValue: record.old_value,
    newValue: record.new_value,
    metadata: record.metadata ?? {},
    createdAt: record.created_at.toISOString(),
  }
}

/** Since an instant, or all; the newest come first. */
export async function eventsSince(
  db: Queryable,
  conversationId: string,
  since: string | null,
  limit: number,
): Promise<EventRow[]> {
  const records = await db.many<EventRecord>(sql`
    SELECT * FROM conversation_events
    WHERE conversation_id = ${conversationId}
      AND (${since}::timestamptz IS NULL OR created_at >= ${since}::timestamptz)
    ORDER BY seq DESC LIMIT ${limit}`)
  return records.map(toEvent)
}

export const eventKind: ServedKind<'event'> = {
  kind: 'event',
  async load(db, ids) {
    const records = await db.many<EventRecord & Owned>(sql`
      SELECT e.*, c.team_id, c.assigned_to
      FROM conversation_events e JOIN conversations c ON c.id = e.conversation_id
      WHERE e.id = ANY(${ids}::uuid[])`)
    return records.map((record) => ({
      row: toEvent(record),
      audience: seenWithConversation(record),
    }))
  },
  async ofConversations(db, conversations, most) {
    const records = await db.many<EventRecord>(sql`
      SELECT e.*
      FROM unnest(${conversations.map(({ id }) => id)}::uuid[]) AS wanted(id)
      CROSS JOIN LATERAL (
        SELECT * FROM conversation_events WHERE conversation_id = wanted.id
        ORDER BY seq DESC LIMIT ${most}) e`)
    return records.map(toEvent)
  },
}
