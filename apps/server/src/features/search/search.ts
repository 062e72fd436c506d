import { type ConversationRow, type SearchAnswer, type SearchHit } from '@parley/contracts'
import {
  parseSearch,
  printSearch,
  snippetOf,
  wantedIn,
  type Actor,
  type WantedWords,
} from '@parley/domain'

import { type Services } from '../../platform/services.ts'
import { every, fragment, sql, unprepared, type Fragment } from '../../platform/sql.ts'
import { callCustomers } from '../customers/index.ts'
import { inReachOf, visibleTo, type FeedHub } from '../sync/index.ts'
import { bucketOf, ownersOf, queryIn, stemsOf } from './lexemes.ts'
import { understand } from './understand.ts'

const MOST_CUSTOMERS = 10
/** Customers that match a few letters are many, and few of them in reach: more are looked at where too few were found. */
const MATCHING_CUSTOMERS = [2_000, 16_000]
/** Buckets asked at a time at most: each of their words is looked up by itself. */
const MOST_BUCKETS = 64
/** What is not in the newest bucket is looked for in many: each step is a statement of its own. */
const STEP_GROWS_BY = 8
/** A person waits no longer: what was found until then is shown. */
const LONGEST_SEARCH_MS = 1_500

interface Found {
  conversationId: string
  messageId: string | null
  at: string | null
  text: string | null
}

/**
 * Customers by name or number, then messages by their words, the newest first; of the conversations in reach that the
 * operators leave. Without words these themselves.
 */
export async function search(
  services: Services,
  feed: FeedHub,
  actor: Actor,
  text: string,
  limit: number,
): Promise<SearchAnswer> {
  const { conditions, others } = await understand(services, parseSearch(text))
  const among = every([...conditions, inReachOf(actor)])
  const wanted = wantedIn(printSearch(others))
  if (wanted.length === 0) {
    const found = conditions.length === 0 ? [] : await findConversations(services, among, limit)
    return answer(services, feed, actor, found, wanted, true)
  }
  const [customers, messages] = await Promise.all([
    findCustomers(services, wanted, among, Math.min(limit, MOST_CUSTOMERS)),
    findMessages(services, actor, wanted, among, limit),
  ])
  const found = [...customers.found, ...messages.found.toSorted(byTime)].slice(0, limit)
  const isComplete = customers.isComplete && messages.isComplete
  return answer(services, feed, actor, found, wanted, isComplete)
}

/** They are found by when they came, which is not always the order in which they were sent. */
const byTime = (one: Found, other: Found): number => (other.at ?? '').localeCompare(one.at ?? '')

interface ConversationRecord {
  id: string
  last_message_at: Date | null
}

async function findConversations(
  { db }: Services,
  among: Fragment,
  limit: number,
): Promise<Found[]> {
  const records = await db.many<ConversationRecord>(
    unprepared(sql`
      SELECT c.id, c.last_message_at FROM conversations c WHERE ${among}
      ORDER BY c.last_message_at DESC NULLS LAST, c.id LIMIT ${limit}`),
  )
  return records.map(asConversation)
}

const asConversation = ({ id, last_message_at }: ConversationRecord): Found => ({
  conversationId: id,
  messageId: null,
  at: last_message_at?.toISOString() ?? null,
  text: null,
})

async function findCustomers(
  { db }: Services,
  wanted: readonly WantedWords[],
  among: Fragment,
  limit: number,
): Promise<{ found: Found[]; isComplete: boolean }> {
  let found: Found[] = []
  for (const most of MATCHING_CUSTOMERS) {
    const { records, matched } = await customersAmong(most)
    found = records.map(asConversation)
    if (found.length === limit || matched < most) return { found, isComplete: true }
  }
  return { found, isComplete: false }

  async function customersAmong(
    most: number,
  ): Promise<{ records: ConversationRecord[]; matched: number }> {
    const matches = every(wanted.map(({ within }) => fragment`s.words LIKE ${patternOf(within)}`))
    const rows = await db.many<{ matched: number } & ConversationRecord>(
      unprepared(sql`
        WITH matching AS MATERIALIZED (
          SELECT s.customer_id FROM customer_search s WHERE ${matches} LIMIT ${most})
        SELECT counted.matched, seen.id, seen.last_message_at
        FROM (SELECT COUNT(*)::int AS matched FROM matching) counted
        LEFT JOIN (
          SELECT c.id, c.last_message_at
          FROM matching
          CROSS JOIN LATERAL (
            SELECT * FROM conversations WHERE customer_id = matching.customer_id OFFSET 0) c
          WHERE ${among}
          ORDER BY c.last_message_at DESC NULLS LAST, c.id LIMIT ${limit}) seen ON TRUE`),
    )
    const records = rows.filter(({ id }) => id !== null)
    return { records, matched: rows[0]?.matched ?? 0 }
  }
}

/** What is shorter than the index's pieces is looked for at the beginning of words alone. */
function patternOf(within: string): string {
  const plain = within.replace(/[\\%_]/g, String.raw`\$&`)
  return [...within].length < 3 ? `% ${plain}%` : `%${plain}%`
}

/** From the newest bucket on, in steps that grow while little is found. */
async function findMessages(
  { db }: Services,
  actor: Actor,
  wanted: readonly WantedWords[],
  among: Fragment,
  limit: number,
): Promise<{ found: Found[]; isComplete: boolean }> {
  const [{ newest }, stems] = await Promise.all([
    db.one<{ newest: string | null }>(sql`SELECT last_value AS newest FROM messages_seq_seq`),
    stemsOf(
      db,
      wanted.flatMap(({ ways }) => ways.flatMap(({ words }) => words)),
    ),
  ])
  const { all, teamIds, userId } = visibleTo(actor, 'conversation.see')
  const owners = all ? null : ownersOf({ teamIds, userId })
  const endsAtMs = performance.now() + LONGEST_SEARCH_MS
  const found: Found[] = []
  let below = bucketOf(BigInt(newest ?? 0)) + 1
  for (
    let step = 1;
    below > 0 && found.length < limit;
    step = Math.min(step * STEP_GROWS_BY, MOST_BUCKETS)
  ) {
    if (performance.now() > endsAtMs) return { found, isComplete: false }
    const buckets = Array.from({ length: Math.min(step, below) }, (_, index) => below - 1 - index)
    below -= buckets.length
    const queries = buckets.map((bucket) => queryIn(bucket, wanted, stems, owners))
    found.push(...(await messagesIn(queries, limit - found.length)))
  }
  return { found, isComplete: true }

  /**
   * Each bucket is looked up by itself: how many messages have one of so many words is guessed far too high, of a word that
   * stands nowhere most of all, and all messages would be read through.
   */
  async function messagesIn(queries: string[], most: number): Promise<Found[]> {
    const records = await db.many<{
      id: string
      conversation_id: string
      sent_at: Date
      content_text: string | null
    }>(
      unprepared(sql`
        WITH matching AS MATERIALIZED (
          SELECT found.* FROM unnest(${queries}::text[]) AS in_bucket(query)
          CROSS JOIN LATERAL (
            SELECT message_id, conversation_id, seq FROM message_search
            WHERE words @@ in_bucket.query::tsquery OFFSET 0) found)
        SELECT m.id, m.conversation_id, m.sent_at, m.content_text
        FROM (SELECT * FROM matching ORDER BY seq DESC) f
        CROSS JOIN LATERAL (
          SELECT FROM conversations c WHERE c.id = f.conversation_id AND ${among} LIMIT 1) seen
        CROSS JOIN LATERAL (
          SELECT * FROM messages WHERE id = f.message_id AND discarded_at IS NULL LIMIT 1) m
        ORDER BY f.seq DESC LIMIT ${most}`),
    )
    return records.map((record) => ({
      conversationId: record.conversation_id,
      messageId: record.id,
      at: record.sent_at.toISOString(),
      text: record.content_text,
    }))
  }
}

async function answer(
  { db }: Services,
  feed: FeedHub,
  actor: Actor,
  found: readonly Found[],
  wanted: readonly WantedWords[],
  isComplete: boolean,
): Promise<SearchAnswer> {
  if (found.length === 0) return { hits: [], items: [], isComplete }
  const ids = found.map(({ conversationId }) => conversationId)
  const items = await feed.conversations(actor, ids, { threads: false })
  const conversations = new Map(
    items.flatMap((item) =>
      item.op === 'put' && item.kind === 'conversation' ? [[item.row.id, item.row] as const] : [],
    ),
  )
  const names = await callCustomers(
    db,
    [...conversations.values()].map(({ customerId }) => customerId),
  )
  return {
    // Of what has left this person's reach since it was found, nothing is said.
    hits: found.flatMap((one) => toHit(one, conversations.get(one.conversationId), names, wanted)),
    items: items.filter(({ op }) => op === 'put'),
    isComplete,
  }
}

function toHit(
  { messageId, at, text }: Found,
  conversation: ConversationRow | undefined,
  names: ReadonlyMap<string, string>,
  wanted: readonly WantedWords[],
): SearchHit[] {
  if (conversation === undefined) return []
  return [
    {
      conversationId: conversation.id,
      messageId,
      title: names.get(conversation.customerId) ?? '',
      channel: conversation.channel,
      status: conversation.status,
      snippet: text === null ? [] : snippetOf(text, wanted),
      at,
    },
  ]
}
