import {
  type ConversationRow,
  type CustomerRow,
  type InboxCounts,
  type InboxList,
  type InboxRow,
  type InboxSection,
  type InboxView,
  type MessageRow,
  type PreviewMark,
} from '@parley/contracts'

import { type Cache } from '../store/cache.ts'
import { shownClock } from './clocks.ts'

/** Lists of conversations as the inbox shows them. */

interface ListedRecord {
  effective: string
  customer: string | null
  message: string | null
  unread: number
  draft: string | null
  refused: number
  pending_reply: string | null
}

/** Everything a row shows, in one statement; `%WHERE%` is one of the fixed conditions below. */
const LISTED = `
  SELECT c.effective, u.row AS customer,
    (SELECT m.row FROM messages m WHERE m.conversation_id = c.id ORDER BY m.sent_at DESC, m.seq DESC LIMIT 1) AS message,
    (SELECT COUNT(*) FROM messages m WHERE m.conversation_id = c.id AND m.direction = 'inbound'
       AND m.seq > COALESCE((SELECT s.seq FROM seen s WHERE s.conversation_id = c.id), 0)) AS unread,
    (SELECT d.text FROM drafts d WHERE d.conversation_id = c.id) AS draft,
    (SELECT COUNT(*) FROM outbox o WHERE o.conversation_id = c.id AND o.state = 'refused') AS refused,
    (SELECT o.payload FROM outbox o WHERE o.conversation_id = c.id AND o.kind = 'reply' AND o.state <> 'refused'
       ORDER BY o.position DESC LIMIT 1) AS pending_reply
  FROM conversations c LEFT JOIN customers u ON u.id = c.customer_id`

const URGENCY = 'c.priority_rank, c.due_at, c.waiting_since, c.id'
const DUE_FIRST = 'c.due_at, c.priority_rank, c.waiting_since, c.id'

/** Which rows, and in what order: see `inbox.list`. */
export interface InboxChoice {
  only: 'all' | 'warning' | 'overdue'
  order: 'queue' | 'due'
  /** By the server's clock, epoch milliseconds. */
  nowMs: number
}

interface Selection {
  key: InboxSection['key']
  teamId?: string
  where: string
  parameters: string[]
  order: string
}

export function listInbox(
  cache: Cache,
  view: InboxView,
  limit: number,
  choice: InboxChoice,
): InboxList {
  const sections = selectionsOf(cache, view)
    .map((selection) => narrowed(selection, choice))
    .map((selection) => readSection(cache, selection, limit))
    .filter((section) => section.total > 0 || section.key === 'queue')
  return { view, sections, total: sections.reduce((sum, { total }) => sum + total, 0) }
}

const MINE = `c.assigned_to = ?`
const REFUSED = `EXISTS (SELECT 1 FROM outbox o WHERE o.conversation_id = c.id AND o.state = 'refused')`
const OWNED = `c.status IN ('assigned', 'pending_agent', 'pending_customer')`

function selectionsOf(cache: Cache, view: InboxView): Selection[] {
  const me = cache.myId
  switch (view.kind) {
    case 'mine':
      return [
        { key: 'to_decide', where: REFUSED, parameters: [], order: URGENCY },
        {
          key: 'awaiting_me',
          where: `${MINE} AND c.status IN ('assigned', 'pending_agent') AND NOT ${REFUSED}`,
          parameters: [me],
          order: URGENCY,
        },
        {
          key: 'awaiting_customer',
          where: `${MINE} AND c.status = 'pending_customer' AND NOT ${REFUSED}`,
          parameters: [me],
          order: 'c.last_message_at DESC, c.id',
        },
        ...cache.actor.teamIds.map((teamId) => queueOf(teamId)),
      ]
    case 'team':
      return [
        queueOf(view.teamId),
        {
          key: 'assigned',
          where: `c.team_id = ? AND ${OWNED}`,
          parameters: [view.teamId],
          order: URGENCY,
        },
      ]
    case 'open':
      return [
        {
          key: 'queue',
          where: `c.status IN ('new', 'triage', 'queued')`,
          parameters: [],
          order: URGENCY,
        },
        { key: 'assigned', where: OWNED, parameters: [], order: URGENCY },
      ]
    case 'closed':
      return [
        {
          key: 'closed',
          where: `c.status = 'closed'`,
          parameters: [],
          order: 'c.closed_at DESC, c.id',
        },
      ]
  }
}

/** By the columns of running clocks: no row is parsed for it. */
function narrowed(selection: Selection, { only, order, nowMs }: InboxChoice): Selection {
  const now = new Date(nowMs).toISOString()
  const chosen = order === 'due' ? { ...selection, order: DUE_FIRST } : selection
  if (only === 'all') return chosen
  const instant = only === 'overdue' ? 'c.due_at' : 'c.warns_at'
  return {
    ...chosen,
    where: `${chosen.where} AND ${instant} <= ?`,
    parameters: [...chosen.parameters, now],
  }
}

function queueOf(teamId: string): Selection {
  return {
    key: 'queue',
    teamId,
    where: `c.team_id = ? AND c.status = 'queued'`,
    parameters: [teamId],
    order: URGENCY,
  }
}

function readSection(cache: Cache, selection: Selection, limit: number): InboxSection {
  const { where, parameters, order } = selection
  const total =
    cache.store.get<{ total: number }>(
      `SELECT COUNT(*) AS total FROM conversations c WHERE ${where}`,
      ...parameters,
    )?.total ?? 0
  // Chosen by their columns first: what a row shows is read for those alone.
  const records = cache.store.all<ListedRecord>(
    `${LISTED} WHERE c.id IN (SELECT c.id FROM conversations c WHERE ${where} ORDER BY ${order} LIMIT ${limit})
     ORDER BY ${order}`,
    ...parameters,
  )
  return {
    key: selection.key,
    teamId: selection.teamId ?? null,
    total,
    rows: records.map((record) => toInboxRow(cache, record)),
  }
}

export function readInboxRow(cache: Cache, conversationId: string): InboxRow | null {
  const record = cache.store.get<ListedRecord>(`${LISTED} WHERE c.id = ?`, conversationId)
  return record === undefined ? null : toInboxRow(cache, record)
}

function toInboxRow(cache: Cache, record: ListedRecord): InboxRow {
  const conversation = JSON.parse(record.effective) as ConversationRow
  const customer = record.customer === null ? null : (JSON.parse(record.customer) as CustomerRow)
  return {
    id: conversation.id,
    version: conversation.version,
    title: customer?.name ?? customer?.externalId ?? '',
    channel: conversation.channel,
    language: conversation.language,
    status: conversation.status,
    priority: conversation.priority,
    teamId: conversation.teamId,
    assignedTo: conversation.assignedTo,
    preview: previewOf(cache, record),
    unread: record.unread,
    waitingSince: conversation.waitingSince,
    clock: shownClock(conversation),
    lastMessageAt: conversation.lastMessageAt,
    closedAt: conversation.closedAt,
  }
}

/** Exactly one mark, by precedence: refused, draft, pending, then the last message's own. */
function previewOf(cache: Cache, record: ListedRecord): InboxRow['preview'] {
  const message = record.message === null ? null : (JSON.parse(record.message) as MessageRow)
  const pending =
    record.pending_reply === null ? null : (JSON.parse(record.pending_reply) as { text: string })
  const isDraft = record.draft !== null && record.draft.trim() !== ''
  const mark: PreviewMark =
    record.refused > 0
      ? 'refused'
      : isDraft
        ? 'draft'
        : pending !== null
          ? 'pending'
          : message?.direction === 'outbound'
            ? message.status
            : null
  if (mark === 'draft') {
    return { mark, contentType: 'text', text: record.draft ?? '', by: { kind: 'me' } }
  }
  if (pending !== null) {
    return { mark, contentType: 'text', text: pending.text, by: { kind: 'me' } }
  }
  return {
    mark,
    contentType: message?.contentType ?? 'text',
    text: message?.text ?? '',
    by: message === null ? { kind: 'system' } : authorOf(cache, message),
  }
}

function authorOf(cache: Cache, message: MessageRow): InboxRow['preview']['by'] {
  if (message.senderType === 'customer') return { kind: 'customer' }
  if (message.senderType === 'system') return { kind: 'system' }
  if (message.senderId === cache.myId) return { kind: 'me' }
  const name = message.senderId === null ? null : cache.person(message.senderId)?.fullName
  return { kind: 'colleague', name: name ?? '' }
}

/** @param nowMs by the server's clock, epoch milliseconds */
export function countInbox(cache: Cache, nowMs: number): InboxCounts {
  const now = new Date(nowMs).toISOString()
  const count = (where: string, ...parameters: string[]): number =>
    cache.store.get<{ count: number }>(
      `SELECT COUNT(*) AS count FROM conversations c WHERE ${where}`,
      ...parameters,
    )?.count ?? 0
  const queues = cache.store.all<{
    team_id: string
    count: number
    overdue: number
    warning: number
  }>(
    `SELECT team_id, COUNT(*) AS count, SUM(promise_due_at <= ?) AS overdue, SUM(promise_warns_at <= ?) AS warning
     FROM conversations WHERE status = 'queued' AND team_id IS NOT NULL GROUP BY team_id`,
    now,
    now,
  )
  return {
    mine: count(`${MINE} AND ${OWNED}`, cache.myId),
    open: count(`c.status <> 'closed'`),
    toDecide: count(REFUSED),
    teams: Object.fromEntries(queues.map(({ team_id, count: waiting }) => [team_id, waiting])),
    due: Object.fromEntries(
      queues
        .filter(({ warning }) => warning > 0)
        .map(({ team_id, overdue }) => [team_id, overdue > 0 ? 'overdue' : 'warning']),
    ),
  }
}
