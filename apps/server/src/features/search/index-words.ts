import { setTimeout } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'

import { customerWords } from '@parley/domain'

import { type Database, type Queryable, type Transaction } from '../../platform/database.ts'
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
const WALKED_AT_ONCE = 200
/** As much as one transaction writes, rows and characters of their words: while it does, nobody hears of anything new. */
const ROWS_AT_ONCE = 25
const LENGTH_AT_ONCE = 8_000

interface Progress {
  cursor: string | null
  messages_before: string | null
  customers_after: string | null
}

/** Whose words have to be written (again). */
interface Due {
  messages: string[]
  customers: string[]
}

/**
 * Follows the feed and keeps what is looked for up to date, behind the commits of what is said. One process does it at a
 * time, in portions after each of which it notes how far it came: what is broken off is done again, and doing it twice
 * changes nothing. What was there before the feed's first place, or what it has forgotten, is walked once, half of the
 * time: nobody waits for it.
 */
export function startIndexing(services: Services): Periodic {
  const { db, metrics } = services
  return startPeriodic('search', TURN_INTERVAL_MS, services, async () => {
    const endsAtMs = performance.now() + LONGEST_TURN_MS
    while (performance.now() < endsAtMs) {
      const beganAtMs = performance.now()
      const done = await indexPortion(db.patient)
      if (done === 'all') break
      if (done === 'walked') await setTimeout(performance.now() - beganAtMs)
    }
    const { behind, walking } = await readLag(db)
    metrics.searchBehind.set(behind)
    metrics.searchWalking.set(walking ? 1 : 0)
  })
}

/** @returns what was done; `all`: there is nothing left to do, or somebody else does it */
export async function indexPortion(db: Database): Promise<'all' | 'followed' | 'walked'> {
  const progress = await readProgress(db)
  const position = await placeOf(db, progress.cursor)
  if (position === null) {
    const cursor = toCursor(await currentPosition(db))
    const begun = { cursor, messages_before: LAST_ID, customers_after: FIRST_ID }
    return (await store(db, progress, NOTHING_DUE, begun)) ? 'followed' : 'all'
  }
  const { changes } = await readChanges(db, position, CHANGES_AT_ONCE)
  if (changes.length > 0) {
    const cursor = toCursor(after(position, changes))
    const isStored = await store(db, progress, await dueAfter(db, changes), { ...progress, cursor })
    return isStored ? 'followed' : 'all'
  }
  if (progress.messages_before === null && progress.customers_after === null) return 'all'
  const messages = await messagesBefore(db, progress.messages_before)
  const customers = await customersAfter(db, progress.customers_after)
  const isStored = await store(
    db,
    progress,
    { messages, customers },
    {
      ...progress,
      messages_before: placeBehind(messages),
      customers_after: placeBehind(customers),
    },
  )
  return isStored ? 'walked' : 'all'
}

/** @returns false where somebody else does it, or has gone on from there */
async function store(db: Database, from: Progress, due: Due, to: Progress): Promise<boolean> {
  const isAllStored =
    (await inParts(db, from, due.messages, storeMessages)) &&
    (await inParts(db, from, due.customers, storeCustomers))
  return (
    isAllStored &&
    (await alone(db, from, (tx) =>
      tx.run(sql`
        UPDATE search_progress
        SET cursor = ${to.cursor}, messages_before = ${to.messages_before}, customers_after = ${to.customers_after}`),
    ))
  )
}

/** @param some stores the first of these, and says how many of them */
async function inParts(
  db: Database,
  from: Progress,
  ids: readonly string[],
  some: (tx: Transaction, ids: readonly string[]) => Promise<number>,
): Promise<boolean> {
  let left = [...new Set(ids)]
  while (left.length > 0) {
    let stored = 0
    const wasAlone = await alone(db, from, async (tx) => {
      stored = await some(tx, left.slice(0, ROWS_AT_ONCE))
    })
    if (!wasAlone) return false
    left = left.slice(stored)
  }
  return true
}

/**
 * A transaction that nobody else has at the same time, nor anybody after it had gone on from this place: what it writes
 * was read in it. The feed does not wait for it before it writes, since a lock on a row would make it a writer at once.
 */
function alone(
  db: Database,
  from: Progress,
  work: (tx: Transaction) => Promise<unknown>,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const { is_free: isFree } = await tx.one<{ is_free: boolean }>(sql`
      SELECT pg_try_advisory_xact_lock(hashtextextended('search', 1)) AS is_free`)
    if (!isFree || !isDeepStrictEqual(await readProgress(tx), from)) return false
    // Lost in a crash is only what was not noted as done either.
    await tx.run(sql`SET LOCAL synchronous_commit = off`)
    await work(tx)
    return true
  })
}

function readProgress(db: Queryable): Promise<Progress> {
  return db.one(sql`SELECT cursor, messages_before, customers_after FROM search_progress`)
}

/** Null where the feed has no such place (any more): before the first turn, after a restore, long switched off. */
async function placeOf(db: Queryable, cursor: string | null): Promise<Position | null> {
  const position = cursor === null ? null : parseCursor(cursor)
  if (position === null) return null
  const { epoch, horizon, next } = await feedState(db)
  const isKnown =
    position.epoch === epoch && position.transaction >= horizon && position.transaction <= next
  return isKnown ? position : null
}

/** After every id, and before. */
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff'
const FIRST_ID = '00000000-0000-0000-0000-000000000000'

const NOTHING_DUE: Due = { messages: [], customers: [] }

async function dueAfter(db: Queryable, changes: readonly Change[]): Promise<Due> {
  const idsOf = (entity: string, is: (change: Change) => boolean = () => true): string[] =>
    changes.flatMap((change) => (change.entity === entity && is(change) ? [change.entityId] : []))
  const moved = idsOf(
    'conversation',
    ({ before, after: now }) =>
      before.teamId !== now.teamId || before.assignedTo !== now.assignedTo,
  )
  const begun = idsOf('conversation', ({ version }) => version === 1)
  return {
    messages: [...idsOf('message'), ...(await messagesOf(db, moved))],
    customers: [...idsOf('customer'), ...(await customersOf(db, [...begun, ...moved]))],
  }
}

async function messagesOf(db: Queryable, conversationIds: string[]): Promise<string[]> {
  if (conversationIds.length === 0) return []
  const rows = await db.many<{ id: string }>(sql`
    SELECT m.id FROM unnest(${conversationIds}::uuid[]) AS moved(id)
    CROSS JOIN LATERAL (SELECT id FROM messages WHERE conversation_id = moved.id OFFSET 0) m`)
  return rows.map(({ id }) => id)
}

/** The feed tells of no customer that is new: their first conversation does. */
async function customersOf(db: Queryable, conversationIds: string[]): Promise<string[]> {
  if (conversationIds.length === 0) return []
  const rows = await db.many<{ id: string }>(sql`
    SELECT DISTINCT c.customer_id AS id FROM conversations c
    WHERE c.id = ANY(${conversationIds}::uuid[])
      AND NOT EXISTS (SELECT FROM customer_search s WHERE s.customer_id = c.customer_id)`)
  return rows.map(({ id }) => id)
}

/** A portion of what was there before, the newest first: that is what people look for. */
async function messagesBefore(db: Queryable, before: string | null): Promise<string[]> {
  if (before === null) return []
  const rows = await db.many<{ id: string }>(sql`
    SELECT id FROM messages WHERE id < ${before}::uuid ORDER BY id DESC LIMIT ${WALKED_AT_ONCE}`)
  return rows.map(({ id }) => id)
}

async function customersAfter(db: Queryable, from: string | null): Promise<string[]> {
  if (from === null) return []
  const rows = await db.many<{ id: string }>(sql`
    SELECT id FROM customers WHERE id > ${from}::uuid ORDER BY id LIMIT ${WALKED_AT_ONCE}`)
  return rows.map(({ id }) => id)
}

/** Where the next portion begins; null: there is none. */
function placeBehind(portion: readonly string[]): string | null {
  return portion.length === WALKED_AT_ONCE ? (portion.at(-1) ?? null) : null
}

/** Those that are gone, without words or given up are not found (any more). */
async function storeMessages(tx: Transaction, ids: readonly string[]): Promise<number> {
  const messages = await tx.many<IndexedMessage>(sql`
    SELECT m.id, m.seq, m.content_text AS text, c.team_id, c.assigned_to
    FROM unnest(${ids}::uuid[]) WITH ORDINALITY AS wanted(id, position)
    JOIN messages m ON m.id = wanted.id
    JOIN conversations c ON c.id = m.conversation_id
    WHERE m.content_text IS NOT NULL AND m.discarded_at IS NULL
    ORDER BY wanted.position`)
  const stems = await stemsOf(
    tx,
    messages.flatMap(({ text }) => wordsToIndex(text).map(({ word }) => word)),
  )
  const rows = messages.map((message) => ({ id: message.id, words: lexemesOf(message, stems) }))
  const taken = withinLength(rows)
  const next = rows[taken.length]
  const done = next === undefined ? ids.length : ids.indexOf(next.id)
  if (taken.length > 0) {
    await tx.run(sql`
      INSERT INTO message_search (message_id, conversation_id, seq, words)
      SELECT m.id, m.conversation_id, m.seq, given.words::tsvector
      FROM jsonb_to_recordset(${toJson(taken)}::jsonb) AS given(id UUID, words TEXT)
      JOIN messages m ON m.id = given.id
      ON CONFLICT (message_id) DO UPDATE SET words = excluded.words
      WHERE message_search.words <> excluded.words`)
  }
  await tx.run(sql`
    DELETE FROM message_search
    WHERE message_id = ANY(${ids.slice(0, done)}::uuid[]) AND message_id <> ALL(${taken.map(({ id }) => id)}::uuid[])`)
  return done
}

/** At least one, however long it is. */
function withinLength<Row extends { words: string }>(rows: readonly Row[]): Row[] {
  let length = 0
  const firstBeyond = rows.findIndex(
    ({ words }, index) => (length += words.length) > LENGTH_AT_ONCE && index > 0,
  )
  return firstBeyond === -1 ? [...rows] : rows.slice(0, firstBeyond)
}

async function storeCustomers(tx: Transaction, ids: readonly string[]): Promise<number> {
  const customers = await tx.many<{ id: string; name: string | null; external_ids: string[] }>(sql`
    SELECT u.id, u.name, ARRAY(
      SELECT i.external_id::text FROM customer_identities i
      WHERE i.customer_id = u.id ORDER BY i.created_at, i.id) AS external_ids
    FROM customers u WHERE u.id = ANY(${ids}::uuid[])`)
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
  return ids.length
}

/** Of the oldest change that is not followed yet, in seconds, whoever does the work. */
async function readLag(db: Queryable): Promise<{ behind: number; walking: boolean }> {
  const progress = await readProgress(db)
  const walking = progress.messages_before !== null || progress.customers_after !== null
  const position = progress.cursor === null ? null : parseCursor(progress.cursor)
  if (position === null) return { behind: 0, walking: true }
  const oldest = await db.maybe<{ age: number }>(sql`
    SELECT EXTRACT(EPOCH FROM NOW() - created_at)::float8 AS age FROM changes
    WHERE (transaction, number) > (${position.transaction.toString()}::xid8, ${position.number.toString()}::bigint)
    ORDER BY changes.transaction, changes.number LIMIT 1`)
  return { behind: oldest?.age ?? 0, walking }
}
