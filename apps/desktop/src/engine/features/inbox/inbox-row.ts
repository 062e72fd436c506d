import {
  type ConversationRow,
  type CustomerRow,
  type InboxRow,
  type Intent,
  type MessageRow,
  type PreviewMark,
  type RowMarks,
} from '@parley/contracts'
import { callCustomer } from '@parley/domain'

import { type Cache } from '../../store/cache.ts'
import { personNameOf } from '../accounts/index.ts'

interface ListedRecord {
  effective: string
  customer: string | null
  message: string | null
  draft: string | null
  refused: string | null
  pending_reply: string | null
}

/** Everything a row shows but its marks, in one statement; what follows says which. */
const LISTED = `
  SELECT c.effective, u.row AS customer,
    (SELECT m.row FROM messages m WHERE m.conversation_id = c.id AND m.row ->> '$.discardedAt' IS NULL
     ORDER BY m.sent_at DESC, m.seq DESC LIMIT 1) AS message,
    (SELECT substr(d.text, 1, 500) FROM drafts d WHERE d.conversation_id = c.id) AS draft,
    (SELECT o.payload FROM outbox o WHERE o.conversation_id = c.id AND o.state = 'refused'
       ORDER BY o.position LIMIT 1) AS refused,
    (SELECT o.payload FROM outbox o WHERE o.conversation_id = c.id AND o.kind = 'reply' AND o.state <> 'refused'
       ORDER BY o.position DESC LIMIT 1) AS pending_reply
  FROM conversations c LEFT JOIN customers u ON u.id = c.customer_id`

/** @param which follows the statement: conditions over `conversations c`, and their order */
export function readInboxRows(
  cache: Cache,
  which: string,
  ...parameters: (string | number)[]
): InboxRow[] {
  const records = cache.store.all<ListedRecord>(`${LISTED} ${which}`, ...parameters)
  const conversations = records.map(({ effective }) => JSON.parse(effective) as ConversationRow)
  const marks = marksOf(cache, conversations)
  return records.map((record, index) => ({
    ...toRow(cache, record, conversations[index] as ConversationRow),
    ...(marks[index] as RowMarks),
  }))
}

export function readInboxRow(cache: Cache, conversationId: string): InboxRow | null {
  return readInboxRows(cache, 'WHERE c.id = ?', conversationId)[0] ?? null
}

/** What features add to each, asked of every feature once for all of them. */
function marksOf(cache: Cache, conversations: readonly ConversationRow[]): RowMarks[] {
  const columns = [...cache.registry.rowMarks].map(
    ([mark, read]) => [mark, read(cache, conversations)] as const,
  )
  return conversations.map(
    (_, index) =>
      Object.fromEntries(
        columns.map(([mark, values]) => [mark, values[index]]),
      ) as unknown as RowMarks,
  )
}

function toRow(
  cache: Cache,
  record: ListedRecord,
  conversation: ConversationRow,
): Omit<InboxRow, keyof RowMarks> {
  const customer = record.customer === null ? null : (JSON.parse(record.customer) as CustomerRow)
  return {
    id: conversation.id,
    version: conversation.version,
    title: customer === null ? '' : callCustomer(customer),
    channel: conversation.channel,
    language: conversation.language,
    status: conversation.status,
    priority: conversation.priority,
    teamId: conversation.teamId,
    assignedTo: conversation.assignedTo,
    preview: previewOf(cache, record),
    waitingSince: conversation.waitingSince,
    lastMessageAt: conversation.lastMessageAt,
    closedAt: conversation.closedAt,
  }
}

/**
 * Exactly one mark, by precedence: refused, draft, pending, then the last message's own. What it says is of the words
 * that follow it.
 */
function previewOf(cache: Cache, record: ListedRecord): InboxRow['preview'] {
  if (record.refused !== null) return refusedPreview(JSON.parse(record.refused) as Intent)
  if (record.draft !== null && record.draft.trim() !== '') return ownWords('draft', record.draft)
  if (record.pending_reply !== null) {
    return ownWords('pending', (JSON.parse(record.pending_reply) as Intent<'reply'>).text)
  }
  const message = record.message === null ? null : (JSON.parse(record.message) as MessageRow)
  return {
    mark: message?.direction === 'outbound' ? message.status : null,
    refused: null,
    contentType: message?.contentType ?? 'text',
    text: message?.text ?? '',
    by: message === null ? { kind: 'system' } : authorOf(cache, message),
  }
}

/** Of the one that the person has to decide about first. */
function refusedPreview(intent: Intent): InboxRow['preview'] {
  if (intent.kind === 'reply') return ownWords('refused', intent.text)
  return { ...ownWords('refused', ''), refused: intent.kind }
}

function ownWords(mark: PreviewMark, text: string): InboxRow['preview'] {
  return { mark, refused: null, contentType: 'text', text, by: { kind: 'me' } }
}

function authorOf(cache: Cache, message: MessageRow): InboxRow['preview']['by'] {
  if (message.senderType === 'customer') return { kind: 'customer' }
  if (message.senderType === 'system') return { kind: 'system' }
  if (message.senderId === cache.myId) return { kind: 'me' }
  return { kind: 'colleague', name: personNameOf(cache, message.senderId) ?? '' }
}
