import { type ConversationRow, type SearchHit } from '@parley/contracts'

import { searchable, type Cache } from '../store/cache.ts'

/** Marks around a match, which no text of a customer contains. */
const OPEN = '\u0001'
const CLOSE = '\u0002'

/** Customers by name or number, then messages by their words, the newest first. Works without a network. */
export function search(cache: Cache, text: string, limit: number): SearchHit[] {
  const words = searchable(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
  if (words.length === 0) return []
  const customers = findCustomers(cache, words, Math.min(limit, 10))
  return [...customers, ...findMessages(cache, words, limit - customers.length)]
}

function findCustomers(cache: Cache, words: string[], limit: number): SearchHit[] {
  const condition = words.map(() => `u.search LIKE ? ESCAPE '\\'`).join(' AND ')
  const records = cache.store.all<{ effective: string }>(
    `SELECT c.effective FROM customers u JOIN conversations c ON c.customer_id = u.id
     WHERE ${condition} ORDER BY c.last_message_at DESC LIMIT ?`,
    ...words.map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`),
    limit,
  )
  return records.map(({ effective }) => {
    const conversation = JSON.parse(effective) as ConversationRow
    return {
      ...describe(cache, conversation),
      messageId: null,
      snippet: [],
      at: conversation.lastMessageAt,
    }
  })
}

function findMessages(cache: Cache, words: string[], limit: number): SearchHit[] {
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
     WHERE message_search MATCH ? ORDER BY m.sent_at DESC LIMIT ?`,
    query,
    Math.max(0, limit),
  )
  return records.map((record) => ({
    ...describe(cache, JSON.parse(record.effective) as ConversationRow),
    messageId: record.id,
    snippet: toPieces(record.snippet),
    at: record.sent_at,
  }))
}

function describe(
  cache: Cache,
  conversation: ConversationRow,
): Pick<SearchHit, 'conversationId' | 'title' | 'channel' | 'status'> {
  return {
    conversationId: conversation.id,
    title: cache.customerName(conversation.id),
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
