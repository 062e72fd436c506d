import {
  CLOSED_DAYS,
  conversationRow,
  eventRow,
  type ConversationRow,
  type EventRow,
  type SlaClockRow,
  LAST_MESSAGE_CHARACTERS,
} from '@parley/contracts'
import { may, withoutColleagues, type Actor, type Belonging } from '@parley/domain'

import { type Queryable } from '../../platform/database.ts'
import { recordAs } from '../../platform/record-as.ts'
import { fragment, lookUp, sql, unprepared, type Fragment } from '../../platform/sql.ts'
import {
  type CarryingKind,
  type Owned,
  type Seen,
  type ServedKind,
  isOf,
  seenWithConversation,
} from '../sync/index.ts'

export interface ConversationRecord extends Owned {
  /** In microseconds since 1970. */
  closed_us: string
  /** Null: none. */
  clocks: ClockRecord[] | null
}

/**
 * What a conversation's row is made of: `SELECT ${CONVERSATION_COLUMNS} FROM conversations c`. The newest message is one
 * look-up in the index of its conversation's messages.
 */
export const CONVERSATION_COLUMNS = fragment`
  c.*,
  (EXTRACT(EPOCH FROM c.closed_at) * 1000000)::bigint::text AS closed_us,
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
  const records = await db.many<ConversationRecord>(
    lookUp(sql`
      SELECT ${CONVERSATION_COLUMNS}
      FROM unnest(${ids}::uuid[]) AS wanted(id)
      CROSS JOIN LATERAL (SELECT * FROM conversations WHERE id = wanted.id LIMIT 1) c`),
  )
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

/** After every id, and before. */
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff'
const FIRST_ID = '00000000-0000-0000-0000-000000000000'

/** Each of these is chosen by an index alone, and only then looked up. */
async function looked(db: Queryable, chosen: Fragment): Promise<ConversationRecord[]> {
  return db.many<ConversationRecord>(
    unprepared(sql`
    WITH chosen AS MATERIALIZED (${chosen})
    SELECT ${CONVERSATION_COLUMNS}
    FROM chosen CROSS JOIN LATERAL (SELECT * FROM conversations WHERE id = chosen.id LIMIT 1) c
    ORDER BY chosen.place`),
  )
}

const begins: CarryingKind['begins'] = {
  async own(db, userId, after, most) {
    const records = await looked(
      db,
      fragment`
        SELECT id, row_number() OVER (ORDER BY id) AS place FROM conversations
        WHERE assigned_to = ${userId} AND status IN ('assigned', 'pending_customer', 'pending_agent')
          AND id > ${after ?? FIRST_ID}::uuid
        ORDER BY id LIMIT ${most}`,
    )
    return records.map(toConversation)
  },

  async open(db, teamIds, before, most) {
    const from = before ?? LAST_ID
    const records = await looked(
      db,
      teamIds === null
        ? fragment`
          SELECT id, row_number() OVER (ORDER BY id DESC) AS place FROM (
            SELECT id FROM conversations WHERE status <> 'closed' AND id < ${from}::uuid
            ORDER BY id DESC LIMIT ${most}) newest`
        : fragment`
          SELECT newest.id, row_number() OVER (ORDER BY newest.id DESC) AS place
          FROM unnest(${teamIds}::uuid[]) AS team(id)
          CROSS JOIN LATERAL (
            SELECT id FROM conversations
            WHERE team_id = team.id AND status <> 'closed' AND id < ${from}::uuid
            ORDER BY id DESC LIMIT ${most}) newest
          ORDER BY newest.id DESC LIMIT ${most}`,
    )
    return records.map(toConversation)
  },

  async closed(db, of, before, most) {
    const from =
      before === null
        ? fragment`'infinity'::timestamptz`
        : fragment`('epoch'::timestamptz + ${before.closedAt}::bigint * INTERVAL '1 microsecond')`
    const place = fragment`
      status = 'closed' AND closed_at > NOW() - make_interval(days => ${CLOSED_DAYS})
      AND closed_at <= ${from} AND (closed_at < ${from} OR id > ${before?.id ?? FIRST_ID}::uuid)
      ORDER BY closed_at DESC, id LIMIT ${most}`
    const chosen =
      'ownerId' in of
        ? fragment`
          SELECT id, closed_at FROM conversations
          WHERE assigned_to = ${of.ownerId} AND (team_id = ANY(${of.besides}::uuid[])) IS NOT TRUE AND ${place}`
        : of.teamIds === null
          ? fragment`SELECT id, closed_at FROM conversations WHERE ${place}`
          : fragment`
            SELECT newest.id, newest.closed_at
            FROM unnest(${of.teamIds}::uuid[]) AS team(id)
            CROSS JOIN LATERAL (
              SELECT id, closed_at FROM conversations WHERE team_id = team.id AND ${place}) newest
            ORDER BY newest.closed_at DESC, newest.id LIMIT ${most}`
    const records = await looked(
      db,
      fragment`SELECT id, row_number() OVER (ORDER BY closed_at DESC, id) AS place FROM (${chosen}) last`,
    )
    return records.map((record) => ({ row: toConversation(record), closedAt: record.closed_us }))
  },
}

export const conversationKind: CarryingKind = {
  kind: 'conversation',
  carries: true,
  removedFor: 'conversation.see',
  load,
  begins,
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

/** Why routing chose whom it chose tells what colleagues carry: that is for who leads them, and not for who owns it. */
export function eventReadBy(row: EventRow, actor: Actor, { teamId }: Belonging): EventRow {
  const explanation = explanationIn(row)
  if (explanation === null || may(actor, 'queue.watch', { teamId, assignedTo: null })) return row
  const own = withoutColleagues(explanation, actor.userId)
  return { ...row, metadata: { ...row.metadata, explanation: own } }
}

function explanationIn({ metadata: { explanation } }: EventRow): Record<string, unknown> | null {
  return typeof explanation === 'object' ? (explanation as Record<string, unknown> | null) : null
}

export const eventKind: ServedKind<'event'> = {
  kind: 'event',
  readBy: eventReadBy,
  isReadAlike: (row) => explanationIn(row) === null,
  async load(db, ids) {
    const records = await db.many<EventRecord & Owned>(
      lookUp(sql`
      SELECT e.*, c.team_id, c.assigned_to
      FROM unnest(${ids}::uuid[]) AS wanted(id)
      CROSS JOIN LATERAL (SELECT * FROM conversation_events WHERE id = wanted.id LIMIT 1) e
      CROSS JOIN LATERAL (SELECT team_id, assigned_to FROM conversations WHERE id = e.conversation_id LIMIT 1) c`),
    )
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
