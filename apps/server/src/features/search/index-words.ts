import { customerWords } from '@parley/domain'

import { type Queryable, type Transaction } from '../../platform/database.ts'
import { startPeriodic, type Periodic } from '../../platform/periodic.ts'
import { type Services } from '../../platform/services.ts'
import { sql, toJson } from '../../platform/sql.ts'
import {
  after,
  currentPosition,
  feedState,
  parseCursor,
  readChanges,
  toCursor,
  type Change,
  type Position,
} from '../sync/index.ts'
import { lexemesOf, stemsOf, wordsToIndex, type IndexedMessage } from './lexemes.ts'

/** How long what was said may not be found yet; nobody waits for it who says it. */
const TURN_INTERVAL_MS = 1_000
/** Then the next turn begins, as one that hangs never does. */
const LONGEST_TURN_MS = 10_000
const CHANGES_AT_ONCE = 500
const ROWS_AT_ONCE = 200

interface Progress {
  cursor: string | null
  messages_before: string | null
  customers_after: string | null
}

/**
 * Follows the feed and keeps what is looked for up to date, behind the commits of what is said. One process does it at a
 * time, in portions that each commit with how far they came: what is broken off is done again, and doing it twice
 * changes nothing. What was there before the feed's first place, or what it has forgotten, is walked once.
 */
export function startIndexing(services: Services): Periodic {
  const { db, metrics } = services
  return startPeriodic('search', TURN_INTERVAL_MS, services, async () => {
    const endsAtMs = performance.now() + LONGEST_TURN_MS
    let isDone = false
    while (!isDone && performance.now() < endsAtMs) {
      isDone = await db.patient.transaction(indexPortion)
    }
    const { behind, walking } = await readLag(db)
    metrics.searchBehind.set(behind)
    metrics.searchWalking.set(walking ? 1 : 0)
  })
}

/** @returns whether there is nothing left to do, or somebody else does it */
export async function indexPortion(tx: Transaction): Promise<boolean> {
  const progress = await tx.maybe<Progress>(sql`
    SELECT cursor, messages_before, customers_after FROM search_progress FOR UPDATE SKIP LOCKED`)
  if (progress === null) return true
  const position = await placeOf(tx, progress.cursor)
  if (position === null) {
    await begin(tx)
    return false
  }
  const { changes } = await readChanges(tx, position, CHANGES_AT_ONCE)
  if (changes.length > 0) {
    await followChanges(tx, changes)
    await tx.run(sql`UPDATE search_progress SET cursor = ${toCursor(after(position, changes))}`)
    return false
  }
  const isWalked = await walkMessages(tx, progress.messages_before)
  return (await walkCustomers(tx, progress.customers_after)) && isWalked
}

/** Null where the feed has no such place (any more): before the first turn, after a restore, long switched off. */
async function placeOf(tx: Transaction, cursor: string | null): Promise<Position | null> {
  const position = cursor === null ? null : parseCursor(cursor)
  if (position === null) return null
  const { epoch, horizon, next } = await feedState(tx)
  const isKnown =
    position.epoch === epoch && position.transaction >= horizon && position.transaction <= next
  return isKnown ? position : null
}

/** After every id, and before. */
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff'
const FIRST_ID = '00000000-0000-0000-0000-000000000000'

async function begin(tx: Transaction): Promise<void> {
  const cursor = toCursor(await currentPosition(tx))
  await tx.run(sql`
    UPDATE search_progress
    SET cursor = ${cursor}, messages_before = ${LAST_ID}, customers_after = ${FIRST_ID}`)
}

async function followChanges(tx: Transaction, changes: readonly Change[]): Promise<void> {
  const idsOf = (entity: string, is: (change: Change) => boolean = () => true): string[] => [
    ...new Set(
      changes.flatMap((change) =>
        change.entity === entity && is(change) ? [change.entityId] : [],
      ),
    ),
  ]
  const moved = idsOf(
    'conversation',
    ({ before, after: now }) =>
      before.teamId !== now.teamId || before.assignedTo !== now.assignedTo,
  )
  await indexMessages(tx, [...idsOf('message'), ...(await messagesOf(tx, moved))])
  await indexCustomers(tx, [...idsOf('customer'), ...(await customersOf(tx, moved))])
}

async function messagesOf(tx: Transaction, conversationIds: string[]): Promise<string[]> {
  if (conversationIds.length === 0) return []
  const rows = await tx.many<{ id: string }>(sql`
    SELECT m.id FROM unnest(${conversationIds}::uuid[]) AS moved(id)
    CROSS JOIN LATERAL (SELECT id FROM messages WHERE conversation_id = moved.id OFFSET 0) m`)
  return rows.map(({ id }) => id)
}

/** The feed tells of no customer that is new: their first conversation does. */
async function customersOf(tx: Transaction, conversationIds: string[]): Promise<string[]> {
  if (conversationIds.length === 0) return []
  const rows = await tx.many<{ id: string }>(sql`
    SELECT DISTINCT c.customer_id AS id FROM conversations c
    WHERE c.id = ANY(${conversationIds}::uuid[])
      AND NOT EXISTS (SELECT FROM customer_search s WHERE s.customer_id = c.customer_id)`)
  return rows.map(({ id }) => id)
}

/** Those that are gone, without words or given up are not found (any more). */
async function indexMessages(tx: Transaction, ids: readonly string[]): Promise<void> {
  const all = [...new Set(ids)]
  for (let from = 0; from < all.length; from += ROWS_AT_ONCE) {
    const some = all.slice(from, from + ROWS_AT_ONCE)
    const messages = await tx.many<IndexedMessage>(sql`
      SELECT m.id, m.seq, m.content_text AS text, c.team_id, c.assigned_to
      FROM unnest(${some}::uuid[]) AS wanted(id)
      JOIN messages m ON m.id = wanted.id
      JOIN conversations c ON c.id = m.conversation_id
      WHERE m.content_text IS NOT NULL AND m.discarded_at IS NULL`)
    await storeWords(tx, messages)
    const found = messages.map(({ id }) => id)
    await tx.run(sql`
      DELETE FROM message_search
      WHERE message_id = ANY(${some}::uuid[]) AND message_id <> ALL(${found}::uuid[])`)
  }
}

async function storeWords(tx: Transaction, messages: readonly IndexedMessage[]): Promise<void> {
  const words = messages.flatMap(({ text }) => wordsToIndex(text).map(({ word }) => word))
  const stems = await stemsOf(tx, words)
  const rows = messages.map((message) => ({ id: message.id, words: lexemesOf(message, stems) }))
  await tx.run(sql`
    INSERT INTO message_search (message_id, conversation_id, seq, words)
    SELECT m.id, m.conversation_id, m.seq, given.words::tsvector
    FROM jsonb_to_recordset(${toJson(rows)}::jsonb) AS given(id UUID, words TEXT)
    JOIN messages m ON m.id = given.id
    ON CONFLICT (message_id) DO UPDATE SET words = excluded.words
    WHERE message_search.words <> excluded.words`)
}

async function indexCustomers(tx: Transaction, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const customers = await tx.many<{ id: string; name: string | null; external_ids: string[] }>(sql`
    SELECT u.id, u.name, ARRAY(
      SELECT i.external_id::text FROM customer_identities i
      WHERE i.customer_id = u.id ORDER BY i.created_at, i.id) AS external_ids
    FROM customers u WHERE u.id = ANY(${[...new Set(ids)]}::uuid[])`)
  const rows = customers.map(({ id, name, external_ids }) => ({
    id,
    words: customerWords(name, external_ids),
  }))
  await tx.run(sql`
    INSERT INTO customer_search (customer_id, words)
    SELECT u.id, given.words
    FROM jsonb_to_recordset(${toJson(rows)}::jsonb) AS given(id UUID, words TEXT)
    JOIN customers u ON u.id = given.id
    ON CONFLICT (customer_id) DO UPDATE SET words = excluded.words
    WHERE customer_search.words <> excluded.words`)
}

/** A portion of what was there before, the newest first: that is what people look for. @returns whether all is walked */
async function walkMessages(tx: Transaction, before: string | null): Promise<boolean> {
  if (before === null) return true
  const ids = await tx.many<{ id: string }>(sql`
    SELECT id FROM messages WHERE id < ${before}::uuid ORDER BY id DESC LIMIT ${ROWS_AT_ONCE}`)
  await indexMessages(
    tx,
    ids.map(({ id }) => id),
  )
  const next = ids.length === ROWS_AT_ONCE ? (ids.at(-1)?.id ?? null) : null
  await tx.run(sql`UPDATE search_progress SET messages_before = ${next}`)
  return next === null
}

async function walkCustomers(tx: Transaction, from: string | null): Promise<boolean> {
  if (from === null) return true
  const ids = await tx.many<{ id: string }>(sql`
    SELECT id FROM customers WHERE id > ${from}::uuid ORDER BY id LIMIT ${ROWS_AT_ONCE}`)
  await indexCustomers(
    tx,
    ids.map(({ id }) => id),
  )
  const next = ids.length === ROWS_AT_ONCE ? (ids.at(-1)?.id ?? null) : null
  await tx.run(sql`UPDATE search_progress SET customers_after = ${next}`)
  return next === null
}

/** Of the oldest change that is not followed yet, in seconds, whoever does the work. */
async function readLag(db: Queryable): Promise<{ behind: number; walking: boolean }> {
  const progress = await db.one<Progress>(sql`
    SELECT cursor, messages_before, customers_after FROM search_progress`)
  const walking = progress.messages_before !== null || progress.customers_after !== null
  const position = progress.cursor === null ? null : parseCursor(progress.cursor)
  if (position === null) return { behind: 0, walking: true }
  const oldest = await db.maybe<{ age: number }>(sql`
    SELECT EXTRACT(EPOCH FROM NOW() - created_at)::float8 AS age FROM changes
    WHERE (transaction, number) > (${position.transaction.toString()}::xid8, ${position.number.toString()}::bigint)
    ORDER BY changes.transaction, changes.number LIMIT 1`)
  return { behind: oldest?.age ?? 0, walking }
}
