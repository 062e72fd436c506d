import {
  LAST_MESSAGE_CHARACTERS,
  isNewerMessage,
  type ConversationRow,
  type Intent,
  type LastMessage,
  type MessageRow,
  type PreviewMark,
} from '@parley/contracts'
import { PRIORITIES, isQuietMessage } from '@parley/domain'

import { readOutbox, type OutboxRecord } from '../../outbox/outbox-table.ts'
import { type Cache } from '../../store/cache.ts'
import { type Parameter } from '../../store/store.ts'
import { instantsOf, shownClock } from '../sla/index.ts'

/** What the columns of `conversations` say, kept in step with all that they say it of. */

/** A preview as it is stored: colleagues by their ids, since names change. */
export interface StoredPreview {
  mark: PreviewMark
  refused: Intent['kind'] | null
  contentType: string
  text: string
  by: { kind: 'customer' | 'me' | 'system' } | { kind: 'colleague'; id: string | null }
}

/** What was touched is shown as it is now. */
export function keepRows(cache: Cache, conversationIds: readonly string[]): void {
  for (const id of conversationIds) keepRow(cache, id)
}

interface KeptRow {
  row: string
  shown: string | null
  whole: number
  intents: number
  draft: string | null
  title: string | null
  read_seq: number
  unread: number
  /** Of its thread's newest message that is shown; null where there is none. */
  newest_id: number | null
  newest_seq: number
  newest_version: number
}

const NEWEST_SHOWN = `
  SELECT m.local_id FROM messages m WHERE m.conversation_id = r.id AND m.is_discarded = 0
  ORDER BY m.seq DESC LIMIT 1`

/** All that its columns are made of, in one statement: it is asked for each conversation that something came of. */
const KEPT = `
  SELECT r.row, r.shown, r.whole,
    EXISTS (SELECT 1 FROM outbox o WHERE o.conversation_id = r.id) AS intents,
    (SELECT d.text FROM drafts d WHERE d.conversation_id = r.id) AS draft,
    (SELECT u.title FROM customers u WHERE u.id = r.customer_id) AS title,
    COALESCE(k.seq, 0) AS read_seq,
    (SELECT COUNT(*) FROM messages m WHERE m.conversation_id = r.id AND m.is_words = 1
      AND m.seq > COALESCE(k.seq, 0)) AS unread,
    n.local_id AS newest_id, n.seq AS newest_seq, n.version AS newest_version
  FROM conversation_rows r
  LEFT JOIN read_marks k ON k.conversation_id = r.id
  LEFT JOIN messages n ON n.local_id = (${NEWEST_SHOWN})
  WHERE r.id = ?`

function keepRow(cache: Cache, id: string): void {
  const { store } = cache
  const kept = store.get<KeptRow>(KEPT, id)
  if (kept === undefined) return
  const said = JSON.parse(kept.row) as ConversationRow
  const intents = kept.intents === 1 ? readOutbox(store, id) : []
  const effective = withIntents(cache, said, intents)
  const shown = effective === said ? null : JSON.stringify(effective)
  if (shown !== kept.shown)
    store.run('UPDATE conversation_rows SET shown = ? WHERE id = ?', shown, id)
  writeColumns(cache, id, columnsOf(cache, effective, intents, kept))
}

/** The conversation as its person sees it: what the server said, with their unsent intents carried out. */
function withIntents(
  cache: Cache,
  row: ConversationRow,
  intents: readonly OutboxRecord[],
): ConversationRow {
  return intents
    .filter(({ state }) => state !== 'refused')
    .reduce((shown, { payload, created_at: at }) => {
      const { shown: show } = cache.registry.intentOf(payload.kind)
      return show?.(shown, payload, { myId: cache.myId, at }) ?? shown
    }, row)
}

type Columns = Record<string, Parameter>

function columnsOf(
  cache: Cache,
  shown: ConversationRow,
  intents: readonly OutboxRecord[],
  kept: KeptRow,
): Columns {
  const { dueAt, warnsAt, promiseDueAt, promiseWarnsAt, escalatesAt } = instantsOf(shown)
  const last = lastMessageOf(cache, shown, kept)
  const clock = shownClock(shown)
  return {
    customer_id: shown.customerId,
    channel: shown.channel,
    language: shown.language,
    version: shown.version,
    status: shown.status,
    priority: shown.priority,
    priority_rank: PRIORITIES.length - PRIORITIES.indexOf(shown.priority),
    team_id: shown.teamId,
    assigned_to: shown.assignedTo,
    due_at: dueAt,
    warns_at: warnsAt,
    promise_due_at: promiseDueAt,
    promise_warns_at: promiseWarnsAt,
    escalates_at: escalatesAt,
    queued_at: shown.queuedAt ?? '9',
    waits_since: shown.waitingSince ?? shown.queuedAt ?? '9',
    waiting_since: shown.waitingSince,
    last_message_at: shown.lastMessageAt ?? '',
    closed_at: shown.closedAt,
    whole: kept.whole,
    is_refused: intents.some(({ state }) => state === 'refused') ? 1 : 0,
    unread: unreadIn(cache, kept, last),
    title: kept.title ?? '',
    preview: JSON.stringify(previewOf(cache, kept.draft, intents, last)),
    clock: clock === null ? null : JSON.stringify(clock),
  }
}

function writeColumns({ store }: Cache, id: string, columns: Columns): void {
  const before = store.get<Columns>('SELECT * FROM conversations WHERE id = ?', id)
  if (before === undefined) {
    store.upsert('conversations', { id, ...columns })
    return
  }
  const changed = Object.entries(columns).filter(([name, value]) => value !== before[name])
  store.update('conversations', id, Object.fromEntries(changed))
}

/** Of a thread that is here its newest; the server says it of others, and mostly it has said the same. */
function lastMessageOf(
  { store }: Cache,
  { lastMessage }: ConversationRow,
  { newest_id: localId, newest_seq: seq, newest_version: version }: KeptRow,
): LastMessage | null {
  if (localId === null) return lastMessage
  if (lastMessage !== null && !isNewerMessage({ seq, version }, lastMessage)) return lastMessage
  return store.row<MessageRow>('SELECT row FROM messages WHERE local_id = ?', localId)
}

/** What is unread for whoever it belongs to; of a thread that is not here at least what the server says of its end. */
function unreadIn(
  { completeLoad }: Cache,
  { unread, whole, read_seq: readSeq }: KeptRow,
  last: LastMessage | null,
): number {
  if (unread > 0 || whole > completeLoad) return unread
  if (last?.direction !== 'inbound' || isQuietMessage(last.contentType, {})) return 0
  return last.seq > readSeq ? 1 : 0
}

/**
 * Exactly one mark, by precedence: refused, draft, pending, then the last message's own. What it says is of the words
 * that follow it.
 */
function previewOf(
  cache: Cache,
  draft: string | null,
  intents: readonly OutboxRecord[],
  last: LastMessage | null,
): StoredPreview {
  const refused = intents.find(({ state }) => state === 'refused')
  // Of the one that the person has to decide about first.
  if (refused !== undefined) return refusedPreview(refused.payload)
  if (draft !== null && draft.trim() !== '') return ownWords('draft', draft)
  const pending = intents.findLast(({ payload }) => payload.kind === 'reply')
  if (pending?.payload.kind === 'reply') return ownWords('pending', pending.payload.text)
  return {
    mark: last?.direction === 'outbound' ? last.status : null,
    refused: null,
    contentType: last?.contentType ?? 'text',
    text: beginningOf(last?.text ?? ''),
    by: last === null ? { kind: 'system' } : authorOf(cache, last),
  }
}

function refusedPreview(intent: Intent): StoredPreview {
  if (intent.kind === 'reply') return ownWords('refused', intent.text)
  return { ...ownWords('refused', ''), refused: intent.kind }
}

function ownWords(mark: PreviewMark, text: string): StoredPreview {
  return {
    mark,
    refused: null,
    contentType: 'text',
    text: beginningOf(text),
    by: { kind: 'me' },
  }
}

function authorOf(cache: Cache, { senderType, senderId }: LastMessage): StoredPreview['by'] {
  if (senderType === 'customer') return { kind: 'customer' }
  if (senderType === 'system') return { kind: 'system' }
  if (senderId === cache.myId) return { kind: 'me' }
  return { kind: 'colleague', id: senderId }
}

function beginningOf(text: string): string {
  if (text.length <= LAST_MESSAGE_CHARACTERS) return text
  return [...text].slice(0, LAST_MESSAGE_CHARACTERS).join('')
}
