import {
  conversationRow,
  eventRow,
  type ConversationRow,
  type EventRow,
  type SlaClockRow,
  id,
  instant,
  LAST_MESSAGE_CHARACTERS,
} from '@parley/contracts'
import { may, withoutColleagues, type Actor, type Belonging } from '@parley/domain'

import { type Queryable } from '../../platform/database.ts'
import { Failure } from '../../platform/failure.ts'
import { recordAs } from '../../platform/record-as.ts'
import { fragment, sql } from '../../platform/sql.ts'
import {
  type CarryingKind,
  type Owned,
  type Rows,
  type Seen,
  type ServedKind,
  isOf,
  seenWithConversation,
  visibleTo,
} from '../sync/index.ts'

export interface ConversationRecord extends Owned {
  /** Null: none. */
  clocks: ClockRecord[] | null
}

/**
 * What a conversation's row is made of: `SELECT ${CONVERSATION_COLUMNS} FROM conversations c`. The newest message is one
 * look-up in the index of its conversation's messages.
 */
export const CONVERSATION_COLUMNS = fragment`
  c.*,
  (SELECT jsonb_agg(t ORDER BY t.due_at NULLS LAST, t.clock)
   FROM sla_timers t WHERE t.conversation_id = c.id) AS clocks,
  (SELECT jsonb_build_object(
     'id', m.id, 'version', m.version, 'seq', m.seq, 'direction', m.direction, 'senderType', m.sender_type,
     'senderId', m.sender_id, 'contentType', m.content_type, 'status', m.status,
     'text', left(m.content_text, ${LAST_MESSAGE_CHARACTERS}::int))
   FROM messages m WHERE m.conversation_id = c.id AND m.discarded_at IS NULL
   ORDER BY m.seq DESC LIMIT 1) AS last_message`

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

const toRow = recordAs(conversationRow)

export function toConversation(record: ConversationRecord): ConversationRow {
  return toRow({ ...record, clocks: (record.clocks ?? []).map(toClock) })
}

async function load(db: Queryable, ids: string[]): Promise<Seen<ConversationRow>[]> {
  const records = await db.many<ConversationRecord>(sql`
    SELECT ${CONVERSATION_COLUMNS} FROM conversations c WHERE c.id = ANY(${ids}::uuid[])`)
  return records.map((record) => ({
    row: toConversation(record),
    audience: seenWithConversation(record),
  }))
}

/** The conversation as it stands, if this person may see it as it stands; null: they may not (any more). */
export async function conversationSeenBy(
  db: Queryable,
  actor: Actor,
  id: string,
): Promise<ConversationRow | null> {
  const [found] = await load(db, [id])
  return found !== undefined && isOf(actor, found.audience) ? found.row : null
}

const PER_PAGE = 100
const CLOSED_DAYS = 30

/** What is open, by id; then what was closed lately, the newest first. `next`: `open|id`, `closed|at|id`. */
async function initial(
  db: Queryable,
  actor: Actor,
  after: string | null,
): Promise<Rows<ConversationRow>> {
  const [stage, first, second, ...more] = after?.split('|') ?? ['open']
  if (more.length === 0 && stage === 'open' && isId(first) && second === undefined) {
    const rows = await openPage(db, actor, first ?? null)
    const last = rows.length === PER_PAGE ? rows.at(-1) : undefined
    return { rows, next: last ? `open|${last.id}` : 'closed' }
  }
  if (more.length === 0 && stage === 'closed' && isId(second) && isInstant(first)) {
    const from =
      first !== undefined && second !== undefined ? { closedAt: first, id: second } : null
    const rows = await closedPage(db, actor, from)
    const last = rows.length === PER_PAGE ? rows.at(-1) : undefined
    return { rows, next: last ? `closed|${last.closedAt}|${last.id}` : null }
  }
  throw new Failure('invalid_input', { field: 'page', problem: 'unknown' })
}

const isId = (given: string | undefined): boolean => id.optional().safeParse(given).success
const isInstant = (given: string | undefined): boolean =>
  instant.optional().safeParse(given).success

async function openPage(
  db: Queryable,
  actor: Actor,
  afterId: string | null,
): Promise<ConversationRow[]> {
  const visible = visibleTo(actor, 'conversation.see')
  const records = await db.many<ConversationRecord>(sql`
    SELECT ${CONVERSATION_COLUMNS} FROM conversations c
    WHERE status <> 'closed' AND (${afterId}::uuid IS NULL OR id > ${afterId})
      AND (${visible.all} OR assigned_to = ${visible.userId} OR team_id = ANY(${visible.teamIds}::uuid[]))
    ORDER BY id LIMIT ${PER_PAGE}`)
  return records.map(toConversation)
}

async function closedPage(
  db: Queryable,
  actor: Actor,
  after: { closedAt: string; id: string } | null,
): Promise<ConversationRow[]> {
  const visible = visibleTo(actor, 'conversation.see')
  const records = await db.many<ConversationRecord>(sql`
    SELECT ${CONVERSATION_COLUMNS} FROM conversations c
    WHERE status = 'closed' AND closed_at > NOW() - make_interval(days => ${CLOSED_DAYS})
      AND (${after?.closedAt ?? null}::timestamptz IS NULL
           OR date_trunc('milliseconds', closed_at) < ${after?.closedAt ?? null}::timestamptz
           OR (date_trunc('milliseconds', closed_at) = ${after?.closedAt ?? null}::timestamptz AND id > ${after?.id ?? null}::uuid))
      AND (${visible.all} OR assigned_to = ${visible.userId} OR team_id = ANY(${visible.teamIds}::uuid[]))
    ORDER BY date_trunc('milliseconds', closed_at) DESC, id LIMIT ${PER_PAGE}`)
  return records.map(toConversation)
}

export const conversationKind: CarryingKind = {
  kind: 'conversation',
  carries: true,
  removedFor: 'conversation.see',
  load,
  initial,
}

interface EventRecord {
  event_type: EventRow['type']
  metadata: EventRow['metadata'] | null
}

const toEventRow = recordAs(eventRow)

function toEvent(record: EventRecord): EventRow {
  const { event_type: type, metadata } = record
  return toEventRow({ ...record, version: 1, type, metadata: metadata ?? {} })
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

/** Why routing chose whom it chose tells what colleagues carry: that is for who leads them. */
export function eventReadBy(row: EventRow, actor: Actor, of: Belonging): EventRow {
  const { explanation } = row.metadata
  if (typeof explanation !== 'object' || explanation === null) return row
  if (may(actor, 'queue.watch', of)) return row
  const own = withoutColleagues(explanation as Record<string, unknown>, actor.userId)
  return { ...row, metadata: { ...row.metadata, explanation: own } }
}

export const eventKind: ServedKind<'event'> = {
  kind: 'event',
  readBy: eventReadBy,
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
  onConversations: {
    part: 'thread',
    async newest(db, conversations, most) {
      const records = await db.many<EventRecord>(sql`
        SELECT e.*
        FROM unnest(${conversations.map(({ id }) => id)}::uuid[]) AS wanted(id)
        CROSS JOIN LATERAL (
          SELECT * FROM conversation_events WHERE conversation_id = wanted.id
          ORDER BY seq DESC LIMIT ${most}) e`)
      return records.map(toEvent)
    },
  },
}
