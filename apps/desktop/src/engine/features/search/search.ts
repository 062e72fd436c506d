import { type ConversationRow, type SearchHit } from '@parley/contracts'
import { parseSearch, printSearch, snippetOf, wantedIn, type WantedWords } from '@parley/domain'

import { type Condition } from '../../feature.ts'
import { type Cache } from '../../store/cache.ts'
import { customerNameIn } from '../customers/index.ts'
import { all, understand } from './conditions.ts'

/**
 * Customers by name or number, then messages by their words, the newest first; of the conversations that the
 * operators leave. Without words these themselves. Works without a network.
 *
 * @param nowMs by the server's clock, epoch milliseconds
 */
export function search(cache: Cache, text: string, limit: number, nowMs: number): SearchHit[] {
  const { conditions, others } = understand(cache, parseSearch(text), nowMs)
  const among = all(conditions)
  const wanted = wantedIn(printSearch(others))
  if (wanted.length === 0) {
    return conditions.length === 0 ? [] : findConversations(cache, among, limit)
  }
  const customers = findCustomers(cache, wanted, among, Math.min(limit, 10))
  return [...customers, ...findMessages(cache, wanted, among, limit - customers.length)]
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
  wanted: readonly WantedWords[],
  among: Condition,
  limit: number,
): SearchHit[] {
  const condition = wanted.map(() => `instr(u.search, ?) > 0`).join(' AND ')
  const conversations = cache.store.rows<ConversationRow>(
    `SELECT c.effective FROM customers u JOIN conversations c ON c.customer_id = u.id
     WHERE ${condition} AND ${among.sql} ORDER BY c.last_message_at DESC LIMIT ?`,
    ...wanted.map(({ within }) => within),
    ...among.parameters,
    limit,
  )
  return conversations.map((conversation) => toConversationHit(cache, conversation))
}

function findMessages(
  cache: Cache,
  wanted: readonly WantedWords[],
  among: Condition,
  limit: number,
): SearchHit[] {
  const records = cache.store.all<{
    id: string
    sent_at: string
    effective: string
    text: string
  }>(
    `SELECT m.id, m.sent_at, m.text, c.effective
     FROM message_search
     JOIN messages m ON m.local_id = message_search.rowid
     JOIN conversations c ON c.id = m.conversation_id
     WHERE message_search MATCH ? AND ${among.sql} ORDER BY m.sent_at DESC LIMIT ?`,
    queryFor(wanted),
    ...among.parameters,
    Math.max(0, limit),
  )
  return records.map((record) => ({
    ...describe(cache, JSON.parse(record.effective) as ConversationRow),
    messageId: record.id,
    snippet: snippetOf(record.text, wanted),
    at: record.sent_at,
  }))
}

/** Each word quoted, so that nothing typed is read as an operator. */
function queryFor(wanted: readonly WantedWords[]): string {
  return wanted
    .map(({ ways }) => `(${ways.map((way) => `(${queryForWay(way)})`).join(' OR ')})`)
    .join(' AND ')
}

function queryForWay({ words, together, isBegun }: WantedWords['ways'][number]): string {
  const end = isBegun ? '*' : ''
  if (together) return `"${words.join(' ')}"${end}`
  return words.map((word) => `"${word}"`).join(' AND ') + end
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
