import { type SearchHit } from '@parley/contracts'
import { parseSearch, printSearch, snippetOf, wantedIn, type WantedWords } from '@parley/domain'

import { type Condition } from '../../feature.ts'
import { type Cache } from '../../store/cache.ts'
import { FEW, all, chosen, understand, type Choice } from './conditions.ts'

/** Of more customers than this the most recent conversations are gone through until there are enough. */
const MOST_CUSTOMERS = 200
/** Rows that are looked at before others have their turn. */
const SLICE = 2000
/** Of a single character, which no index knows, so many of the most recent conversations are looked at. */
const RECENT = 5000
/** The index of customers knows no shorter ones. */
const SHORTEST_INDEXED = 3
const NAMED_MOST = 10

/**
 * Customers by name or number, then messages by their words, the newest first; of the conversations that the
 * operators leave. Without words these themselves. Works without a network. What has to look at many is done slice by
 * slice, each of which is a little that others wait for.
 *
 * @param nowMs by the server's clock, epoch milliseconds
 */
export function* searchInSlices(
  cache: Cache,
  text: string,
  limit: number,
  nowMs: number,
): Generator<void, SearchHit[]> {
  const { conditions, others } = understand(cache, parseSearch(text), nowMs)
  const wanted = wantedIn(printSearch(others))
  if (wanted.length === 0) {
    if (conditions.length === 0) return []
    return yield* recentConversations(cache, all(cache, conditions), { limit })
  }
  const most = Math.min(limit, NAMED_MOST)
  const customers = yield* findCustomers(cache, wanted, conditions, most)
  const messages = yield* findMessages(cache, wanted, conditions, limit - customers.length)
  return [...customers, ...messages]
}

/** All of it at once. */
export function search(cache: Cache, text: string, limit: number, nowMs: number): SearchHit[] {
  const slices = searchInSlices(cache, text, limit, nowMs)
  for (;;) {
    const next = slices.next()
    if (next.done === true) return next.value
  }
}

interface ListedHit {
  id: string
  title: string
  channel: SearchHit['channel']
  status: SearchHit['status']
  last_message_at: string
}

const HIT_COLUMNS = 'c.id, c.title, c.channel, c.status, c.last_message_at'

/** The most recent that meet the condition. Few are put in order; of many the order is gone through. */
function* recentConversations(
  cache: Cache,
  among: Choice,
  { limit, looksAt = Infinity }: { limit: number; looksAt?: number },
): Generator<void, SearchHit[]> {
  if (among.isFew) {
    return cache.store
      .all<ListedHit>(
        `SELECT ${HIT_COLUMNS} FROM ${among.from} WHERE ${among.sql}
         ORDER BY c.last_message_at DESC, c.id LIMIT ?`,
        ...among.parameters,
        limit,
      )
      .map(toHit)
  }
  const found: SearchHit[] = []
  let place = { at: '9', id: '' }
  for (let seen = 0; seen < looksAt && found.length < limit; seen += SLICE) {
    if (seen > 0) yield
    const slice = cache.store.all<{ id: string; at: string }>(
      `SELECT c.id, c.last_message_at AS at FROM conversations c
       WHERE c.last_message_at <= ? AND (c.last_message_at < ? OR c.id > ?)
       ORDER BY c.last_message_at DESC, c.id LIMIT ${SLICE}`,
      place.at,
      place.at,
      place.id,
    )
    const last = slice.at(-1)
    if (last === undefined) break
    const hits = cache.store.all<ListedHit>(
      `SELECT ${HIT_COLUMNS} FROM conversations c
       WHERE c.last_message_at <= ? AND (c.last_message_at < ? OR c.id > ?)
         AND (c.last_message_at > ? OR (c.last_message_at = ? AND c.id <= ?)) AND ${among.sql}
       ORDER BY c.last_message_at DESC, c.id LIMIT ?`,
      place.at,
      place.at,
      place.id,
      last.at,
      last.at,
      last.id,
      ...among.parameters,
      limit - found.length,
    )
    found.push(...hits.map(toHit))
    place = last
    if (slice.length < SLICE) break
  }
  return found
}

function findCustomers(
  cache: Cache,
  wanted: readonly WantedWords[],
  conditions: readonly Condition[],
  limit: number,
): Generator<void, SearchHit[]> {
  const words = wanted.map(({ within }) => asSought(within))
  const named = {
    sql: `EXISTS (SELECT 1 FROM customers u WHERE u.id = c.customer_id
      AND ${words.map(() => 'instr(u.search, ?) > 0').join(' AND ')})`,
    parameters: words,
  }
  const indexed = words.filter((word) => [...word].length >= SHORTEST_INDEXED)
  const known = indexed.length === 0 ? null : conversationsOf(cache, indexed)
  const checks = [...conditions, named]
  const among = known === null ? all(cache, checks) : chosen(known, checks)
  // Nothing knows words so short: not all conversations are gone through for them.
  return recentConversations(cache, among, {
    limit,
    ...(indexed.length === 0 && { looksAt: RECENT }),
  })
}

/** So short a piece is in every other name: it has to begin a word, before each of which stands a blank. */
const asSought = (within: string): string =>
  [...within].length < SHORTEST_INDEXED ? ` ${within}` : within

/** Of the customers whose names or numbers have these in them; null where they are too many. */
function conversationsOf({ store }: Cache, words: readonly string[]): string[] | null {
  const found = store.all<{ local_id: number }>(
    `SELECT rowid AS local_id FROM customer_search WHERE customer_search MATCH ? LIMIT ${MOST_CUSTOMERS + 1}`,
    words.map(quoted).join(' AND '),
  )
  if (found.length > MOST_CUSTOMERS) return null
  const conversations = store.all<{ id: string }>(
    `SELECT c.id FROM json_each(?) found CROSS JOIN customers u ON u.local_id = found.value
     CROSS JOIN conversations c ON c.customer_id = u.id LIMIT ${FEW + 1}`,
    JSON.stringify(found.map(({ local_id }) => local_id)),
  )
  return conversations.length > FEW ? null : conversations.map(({ id }) => id)
}

interface MessageHit extends ListedHit {
  local_id: number
  message_id: string
  sent_at: string
  text: string
}

/** In the order of the index itself, which is that of time: limited before anything else is looked at. */
function* findMessages(
  cache: Cache,
  wanted: readonly WantedWords[],
  conditions: readonly Condition[],
  limit: number,
): Generator<void, SearchHit[]> {
  const among = chosen(null, conditions)
  const found: MessageHit[] = []
  const query = queryFor(wanted)
  let before = Number.MAX_SAFE_INTEGER
  const size = among.sql === 'TRUE' ? limit : SLICE
  while (found.length < limit) {
    yield
    const slice = cache.store.all<{ local_id: number }>(
      `SELECT rowid AS local_id FROM message_search WHERE message_search MATCH ? AND rowid < ?
       ORDER BY rowid DESC LIMIT ?`,
      query,
      before,
      size,
    )
    found.push(...hitsIn(cache, slice, among, limit - found.length))
    before = slice.at(-1)?.local_id ?? 0
    if (slice.length < size) break
  }
  return found
    .toSorted((a, b) =>
      a.sent_at < b.sent_at ? 1 : a.sent_at > b.sent_at ? -1 : b.local_id - a.local_id,
    )
    .map((hit) => ({
      ...toHit(hit),
      messageId: hit.message_id,
      snippet: snippetOf(hit.text, wanted),
      at: hit.sent_at,
    }))
}

/** Of what was found those whose conversations meet the condition, in the order in which they were found. */
function hitsIn(
  { store }: Cache,
  found: readonly { local_id: number }[],
  among: Choice,
  limit: number,
): MessageHit[] {
  return store.all<MessageHit>(
    `SELECT m.local_id, m.id AS message_id, m.sent_at, m.text, ${HIT_COLUMNS}
     FROM json_each(?) found CROSS JOIN messages m ON m.local_id = found.value
     CROSS JOIN conversations c ON c.id = m.conversation_id
     WHERE ${among.sql} LIMIT ?`,
    JSON.stringify(found.map(({ local_id }) => local_id)),
    ...among.parameters,
    Math.max(0, limit),
  )
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

const quoted = (word: string): string => `"${word.replaceAll('"', '""')}"`

function toHit({ id, title, channel, status, last_message_at }: ListedHit): SearchHit {
  return {
    conversationId: id,
    messageId: null,
    title,
    channel,
    status,
    snippet: [],
    at: last_message_at === '' ? null : last_message_at,
  }
}
