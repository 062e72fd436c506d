import { type ConversationRow, type SearchHit } from '@parley/contracts'
import { parseSearch, printSearch } from '@parley/domain'

import { type Condition } from '../../feature.ts'
import { type Cache } from '../../store/cache.ts'
import { customerNameIn, searchable } from '../customers/index.ts'
import { all, understand } from './conditions.ts'

/** Marks around a match, which no text of a customer contains. */
const OPEN = '\u0001'
const CLOSE = '\u0002'

/**
 * Customers by name or number, then messages by their words, the newest first; of the conversations that the
 * operators leave. Without words these themselves. Works without a network.
 *
 * @param nowMs by the server's clock, epoch milliseconds
 */
export function search(cache: Cache, text: string, limit: number, nowMs: number): SearchHit[] {
  const { conditions, others } = understand(cache, parseSearch(text), nowMs)
  const among = all(conditions)
  const words = searchable(printSearch(others))
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
  if (words.length === 0) {
    return conditions.length === 0 ? [] : findConversations(cache, among, limit)
  }
  const customers = findCustomers(cache, words, among, Math.min(limit, 10))
  return [...customers, ...findMessages(cache, words, among, limit - customers.length)]
}

function findConversations(cache: Cache, among: Condition, limit: number): SearchHit[] {
  return cache.store
    .rows<ConversationRow>(
      `SELECT c.effective FROM conversations c WHERE ${among.sql}
       ORDER BY c.last_message_at DESC, c.id LIMIT ?`,
      ...among.parameters,
      limit,
    )
    .map((conversation) => toConversationHit(cache, conversation))
}

function findCustomers(
  cache: Cache,
  words: string[],
  among: Condition,
  limit: number,
): SearchHit[] {
  const condition = words.map(() => `u.search LIKE ? ESCAPE '\\'`).join(' AND ')
  const conversations = cache.store.rows<ConversationRow>(
    `SELECT c.effective FROM customers u JOIN conversations c ON c.customer_id = u.id
     WHERE ${condition} AND ${among.sql} ORDER BY c.last_message_at DESC LIMIT ?`,
    ...words.map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`),
    ...among.parameters,
    limit,
  )
  return conversations.map((conversation) => toConversationHit(cache, conversation))
}

function findMessages(cache: Cache, words: string[], among: Condition, limit: number): SearchHit[] {
  // Each word quoted, so that nothing typed is read as an operator; the last one may be unfinished.
  const query = words.map((word) => `"${word}"`).join(' ') + '*'
  const records = cache.store.all<{
    id: string
    conversation_id: string
    sent_at: string
    effective: string
    snippet: string
  }>(
    `SELECT m.id, m.conversation_id, m.sent_at, c.effective,
       snippet(message_search, 0, '${OPEN}', '${CLOSE}', '…', 16) AS snippet
     FROM message_search
     JOIN messages m ON m.local_id = message_search.rowid
     JOIN conversations c ON c.id = m.conversation_id
     WHERE message_search MATCH ? AND ${among.sql} ORDER BY m.sent_at DESC LIMIT ?`,
    query,
    ...among.parameters,
    Math.max(0, limit),
  )
  return records.map((record) => ({
    ...describe(cache, JSON.parse(record.effective) as ConversationRow),
    messageId: record.id,
    snippet: toPieces(record.snippet),
    at: record.sent_at,
  }))
}

function toConversationHit(cache: Cache, conversation: ConversationRow): SearchHit {
  return {
    ...describe(cache, conversation),
    messageId: null,
    snippet: [],
    at: conversation.lastMessageAt,
  }
}

function describe(
  cache: Cache,
  conversation: ConversationRow,
): Pick<SearchHit, 'conversationId' | 'title' | 'channel' | 'status'> {
  return {
    conversationId: conversation.id,
    title: customerNameIn(cache, conversation.id),
    channel: conversation.channel,
    status: conversation.status,
  }
}

function toPieces(snippet: string): SearchHit['snippet'] {
  return snippet
    .split(new RegExp(`(${OPEN}[^${CLOSE}]*${CLOSE})`))
    .filter((piece) => piece !== '')
    .map((piece) =>
      piece.startsWith(OPEN)
        ? { text: piece.slice(1, -1), match: true }
        : { text: piece, match: false },
    )
}
