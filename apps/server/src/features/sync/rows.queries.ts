import {
  type AlertPreferencesRow,
  type AlertRow,
  type CannedResponseRow,
  type ConversationRow,
  type CustomerRow,
  type EventRow,
  type MessageRow,
  type OfferRow,
  type PersonRow,
  type SlaClockRow,
  type TeamRow,
} from '@parley/contracts'
import { type Belonging } from '@parley/domain'

import { type Queryable } from '../../platform/database.ts'
import { toPersonRow, type PersonRecord } from '../../platform/rows/person-row.ts'
import { sql, type Statement } from '../../platform/sql.ts'

/** Rows as workstations hold them, read from the database as they are now, with whose they are. */

export interface Owned<Row> {
  row: Row
  belonging: Belonging
}

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

function toConversation(record: ConversationRecord): Owned<ConversationRow> {
  return {
    belonging: { teamId: record.team_id, assignedTo: record.assigned_to },
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

interface OwnedRecord {
  team_id: string | null
  assigned_to: string | null
}

interface MessageRecord extends OwnedRecord {
  id: string
  version: string
  conversation_id: string
  seq: string
  direction: MessageRow['direction']
  sender_type: MessageRow['senderType']
  sender_id: string | null
  content_type: string
  content_text: string | null
  content_metadata: Record<string, unknown> | null
  status: MessageRow['status']
  sent_at: Date
  delivered_at: Date | null
  read_at: Date | null
  failed_reason: string | null
  ambiguous_at: Date | null
  discarded_at: Date | null
  reply_to_id: string | null
}

function toMessage(record: MessageRecord): Owned<MessageRow> {
  return {
    belonging: { teamId: record.team_id, assignedTo: record.assigned_to },
    row: {
      id: record.id,
      version: Number(record.version),
      conversationId: record.conversation_id,
      seq: Number(record.seq),
      direction: record.direction,
      senderType: record.sender_type,
      senderId: record.sender_id,
      contentType: record.content_type,
      text: record.content_text,
      content: record.content_metadata ?? {},
      status: record.status,
      sentAt: record.sent_at.toISOString(),
      deliveredAt: iso(record.delivered_at),
      readAt: iso(record.read_at),
      failedReason: record.failed_reason,
      ambiguousAt: iso(record.ambiguous_at),
      discardedAt: iso(record.discarded_at),
      replyToId: record.reply_to_id,
    },
  }
}

interface EventRecord extends OwnedRecord {
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

function toEvent(record: EventRecord): Owned<EventRow> {
  return {
    belonging: { teamId: record.team_id, assignedTo: record.assigned_to },
    row: {
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
    },
  }
}

export async function conversationsById(
  db: Queryable,
  ids: string[],
): Promise<Owned<ConversationRow>[]> {
  const records = await db.many<ConversationRecord>(sql`
    SELECT c.*, (SELECT jsonb_agg(t ORDER BY t.due_at NULLS LAST, t.clock)
                 FROM sla_timers t WHERE t.conversation_id = c.id) AS clocks
    FROM conversations c WHERE c.id = ANY(${ids}::uuid[])`)
  return records.map(toConversation)
}

/** @throws where there is none */
export async function conversationById(db: Queryable, id: string): Promise<ConversationRow> {
  const [found] = await conversationsById(db, [id])
  if (found === undefined) throw new Error(`no conversation ${id}`)
  return found.row
}

export async function messagesById(db: Queryable, ids: string[]): Promise<Owned<MessageRow>[]> {
  const records = await db.many<MessageRecord>(sql`
    SELECT m.*, c.team_id, c.assigned_to
    FROM messages m JOIN conversations c ON c.id = m.conversation_id
    WHERE m.id = ANY(${ids}::uuid[])`)
  return records.map(toMessage)
}

export async function eventsById(db: Queryable, ids: string[]): Promise<Owned<EventRow>[]> {
  const records = await db.many<EventRecord>(sql`
    SELECT e.*, c.team_id, c.assigned_to
    FROM conversation_events e JOIN conversations c ON c.id = e.conversation_id
    WHERE e.id = ANY(${ids}::uuid[])`)
  return records.map(toEvent)
}

interface CustomerRecord {
  id: string
  version: string
  name: string | null
  channel: CustomerRow['channel']
  external_id: string
  metadata: Record<string, unknown> | null
  created_at: Date
  identities: CustomerRow['identities']
  belongings: Belonging[]
}

/** Customers with whose conversations they have: whoever sees one of them sees the customer. */
export async function customersById(
  db: Queryable,
  ids: string[],
): Promise<{ row: CustomerRow; belongings: Belonging[] }[]> {
  const records = await db.many<CustomerRecord>(sql`
    SELECT c.id, c.version, c.name, c.channel, c.external_id, c.metadata, c.created_at,
      COALESCE((
        SELECT jsonb_agg(jsonb_build_object('channel', i.channel, 'externalId', i.external_id,
                                            'isPrimary', i.is_primary) ORDER BY i.created_at, i.id)
        FROM customer_identities i WHERE i.customer_id = c.id), '[]') AS identities,
      COALESCE((
        SELECT jsonb_agg(DISTINCT jsonb_build_object('teamId', v.team_id, 'assignedTo', v.assigned_to))
        FROM conversations v WHERE v.customer_id = c.id), '[]') AS belongings
    FROM customers c WHERE c.id = ANY(${ids}::uuid[])`)
  return records.map((record) => ({
    belongings: record.belongings,
    row: {
      id: record.id,
      version: Number(record.version),
      name: record.name,
      channel: record.channel,
      externalId: record.external_id,
      identities: record.identities,
      metadata: record.metadata ?? {},
      createdAt: record.created_at.toISOString(),
    },
  }))
}

/** @param ids null: everybody */
export async function people(db: Queryable, ids: string[] | null): Promise<PersonRow[]> {
  const records = await db.many<PersonRecord>(sql`
    SELECT * FROM person_rows WHERE ${ids}::uuid[] IS NULL OR id = ANY(${ids}::uuid[])`)
  return records.map(toPersonRow)
}

/** @param ids null: all */
export async function teams(db: Queryable, ids: string[] | null): Promise<TeamRow[]> {
  const records = await db.many<{
    id: string
    version: string
    name: string
    slug: string
    is_active: boolean
  }>(sql`
    SELECT id, version, name, slug, is_active FROM teams
    WHERE ${ids}::uuid[] IS NULL OR id = ANY(${ids}::uuid[])`)
  return records.map(({ id, version, name, slug, is_active }) => ({
    id,
    version: Number(version),
    name,
    slug,
    isActive: is_active,
  }))
}

/** @param ids null: all */
export async function cannedResponses(
  db: Queryable,
  ids: string[] | null,
): Promise<CannedResponseRow[]> {
  const records = await db.many<
    Omit<CannedResponseRow, 'version' | 'teamId' | 'ownerId'> & {
      version: string
      team_id: string | null
      owner_id: string | null
    }
  >(sql`
    SELECT id, version, team_id, owner_id, shortcut, title, content, language, category
    FROM canned_responses WHERE ${ids}::uuid[] IS NULL OR id = ANY(${ids}::uuid[])`)
  return records.map(({ team_id: teamId, owner_id: ownerId, version, ...row }) => ({
    ...row,
    version: Number(version),
    teamId,
    ownerId,
  }))
}

/** @param which by id, or what is open of one person's */
export async function offers(
  db: Queryable,
  which: { ids: string[] } | { openOf: string },
): Promise<OfferRow[]> {
  const ids = 'ids' in which ? which.ids : null
  const openOf = 'openOf' in which ? which.openOf : null
  const records = await db.many<{
    id: string
    version: string
    conversation_id: string
    user_id: string
    team_id: string
    offered_at: Date
    expires_at: Date
    outcome: OfferRow['outcome']
    explanation: OfferRow['explanation']
  }>(sql`
    SELECT id, version, conversation_id, user_id, team_id, offered_at, expires_at, outcome, explanation
    FROM offers
    WHERE id = ANY(${ids}::uuid[]) OR (user_id = ${openOf} AND outcome = 'open')`)
  return records.map((record) => ({
    id: record.id,
    version: Number(record.version),
    conversationId: record.conversation_id,
    userId: record.user_id,
    teamId: record.team_id,
    offeredAt: record.offered_at.toISOString(),
    expiresAt: record.expires_at.toISOString(),
    outcome: record.outcome,
    explanation: record.explanation,
  }))
}

/** Ended alerts stay on screens for so long. */
const RECENT_ALERTS_HOURS = 24
const MOST_ALERTS = 300

/** @param which by id, or one person's open and recent ones: the open first, the newest first */
export async function alerts(
  db: Queryable,
  which: { ids: string[] } | { currentOf: string },
): Promise<AlertRow[]> {
  const records =
    'ids' in which
      ? await db.many<AlertRecord>(sql`SELECT * FROM alerts WHERE id = ANY(${which.ids}::uuid[])`)
      : await db.many<AlertRecord>(sql`
          SELECT * FROM alerts
          WHERE user_id = ${which.currentOf}
            AND (ended_at IS NULL OR raised_at > NOW() - make_interval(hours => ${RECENT_ALERTS_HOURS}))
          ORDER BY (ended_at IS NULL) DESC, raised_at DESC, id LIMIT ${MOST_ALERTS}`)
  return records.map(toAlert)
}

interface AlertRecord {
  id: string
  version: string
  user_id: string
  subject_id: string
  kind: AlertRow['kind']
  clock: AlertRow['clock']
  conversation_id: string
  team_id: string | null
  level: number | null
  due_at: Date
  rises_at: Date | null
  raised_at: Date
  ended_at: Date | null
  end_reason: AlertRow['endReason']
  acknowledged_by: string | null
}

function toAlert(record: AlertRecord): AlertRow {
  return {
    id: record.id,
    version: Number(record.version),
    userId: record.user_id,
    subjectId: record.subject_id,
    kind: record.kind,
    clock: record.clock,
    conversationId: record.conversation_id,
    teamId: record.team_id,
    level: record.level,
    dueAt: record.due_at.toISOString(),
    risesAt: iso(record.rises_at),
    raisedAt: record.raised_at.toISOString(),
    endedAt: iso(record.ended_at),
    endReason: record.end_reason,
    acknowledgedBy: record.acknowledged_by,
  }
}

/** @param userIds who has no row is told by the defaults */
export async function alertPreferences(
  db: Queryable,
  userIds: string[],
): Promise<AlertPreferencesRow[]> {
  const records = await db.many<{
    user_id: string
    version: string
    preferences: AlertPreferencesRow['preferences']
  }>(sql`
    SELECT user_id, version, preferences FROM alert_preferences WHERE user_id = ANY(${userIds}::uuid[])`)
  return records.map(({ user_id, version, preferences }) => ({
    id: user_id,
    version: Number(version),
    preferences,
  }))
}

/** A conversation's newest messages and events before a place in it, the oldest first. */
export async function historyOf(
  db: Queryable,
  conversationId: string,
  beforeSeq: number | null,
  limit: number,
): Promise<{ messages: MessageRow[]; events: EventRow[]; hasOlder: boolean }> {
  const records = await db.many<MessageRecord>(messagesBefore(conversationId, beforeSeq, limit + 1))
  const hasOlder = records.length > limit
  const messages = records
    .slice(0, limit)
    .toReversed()
    .map((record) => toMessage(record).row)
  // Events between the page's ends; the first page takes those after its newest message, too.
  const since = hasOlder ? (messages[0]?.sentAt ?? null) : null
  const events = await db.many<EventRecord>(sql`
    SELECT e.*, NULL AS team_id, NULL AS assigned_to FROM conversation_events e
    WHERE conversation_id = ${conversationId}
      AND (${since}::timestamptz IS NULL OR created_at >= ${since}::timestamptz)
    ORDER BY seq DESC LIMIT ${limit}`)
  return { messages, events: events.toReversed().map((record) => toEvent(record).row), hasOlder }
}

function messagesBefore(
  conversationId: string,
  beforeSeq: number | null,
  limit: number,
): Statement {
  return sql`
    SELECT m.*, NULL AS team_id, NULL AS assigned_to FROM messages m
    WHERE conversation_id = ${conversationId} AND (${beforeSeq}::bigint IS NULL OR seq < ${beforeSeq})
    ORDER BY seq DESC LIMIT ${limit}`
}

/** The newest messages and events of many conversations at once. */
export async function recentParts(
  db: Queryable,
  conversationIds: string[],
  perConversation: number,
): Promise<{ messages: MessageRow[]; events: EventRow[] }> {
  const messages = await db.many<MessageRecord>(sql`
    SELECT m.*, NULL AS team_id, NULL AS assigned_to
    FROM unnest(${conversationIds}::uuid[]) AS wanted(id)
    CROSS JOIN LATERAL (
      SELECT * FROM messages WHERE conversation_id = wanted.id
      ORDER BY seq DESC LIMIT ${perConversation}) m`)
  const events = await db.many<EventRecord>(sql`
    SELECT e.*, NULL AS team_id, NULL AS assigned_to
    FROM unnest(${conversationIds}::uuid[]) AS wanted(id)
    CROSS JOIN LATERAL (
      SELECT * FROM conversation_events WHERE conversation_id = wanted.id
      ORDER BY seq DESC LIMIT ${perConversation}) e`)
  return {
    messages: messages.map((record) => toMessage(record).row),
    events: events.map((record) => toEvent(record).row),
  }
}

/** Open conversations that this person may see, in pages by id. */
export async function openConversationsPage(
  db: Queryable,
  visible: { all: boolean; userId: string; teamIds: readonly string[] },
  afterId: string | null,
  limit: number,
): Promise<ConversationRow[]> {
  const records = await db.many<ConversationRecord>(sql`
    SELECT c.*, (SELECT jsonb_agg(t ORDER BY t.due_at NULLS LAST, t.clock)
                 FROM sla_timers t WHERE t.conversation_id = c.id) AS clocks
    FROM conversations c
    WHERE status <> 'closed' AND (${afterId}::uuid IS NULL OR id > ${afterId})
      AND (${visible.all} OR assigned_to = ${visible.userId} OR team_id = ANY(${visible.teamIds}::uuid[]))
    ORDER BY id LIMIT ${limit}`)
  return records.map((record) => toConversation(record).row)
}

/** Conversations closed within the last days, the newest first, in pages. */
export async function closedConversationsPage(
  db: Queryable,
  visible: { all: boolean; userId: string; teamIds: readonly string[] },
  after: { closedAt: string; id: string } | null,
  days: number,
  limit: number,
): Promise<ConversationRow[]> {
  const records = await db.many<ConversationRecord>(sql`
    SELECT c.*, (SELECT jsonb_agg(t ORDER BY t.due_at NULLS LAST, t.clock)
                 FROM sla_timers t WHERE t.conversation_id = c.id) AS clocks
    FROM conversations c
    WHERE status = 'closed' AND closed_at > NOW() - make_interval(days => ${days})
      AND (${after?.closedAt ?? null}::timestamptz IS NULL
           OR date_trunc('milliseconds', closed_at) < ${after?.closedAt ?? null}::timestamptz
           OR (date_trunc('milliseconds', closed_at) = ${after?.closedAt ?? null}::timestamptz AND id > ${after?.id ?? null}::uuid))
      AND (${visible.all} OR assigned_to = ${visible.userId} OR team_id = ANY(${visible.teamIds}::uuid[]))
    ORDER BY date_trunc('milliseconds', closed_at) DESC, id LIMIT ${limit}`)
  return records.map((record) => toConversation(record).row)
}
