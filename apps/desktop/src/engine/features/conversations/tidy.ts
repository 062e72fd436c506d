import { type Applied } from '../../store/applied.ts'
import { type Cache } from '../../store/cache.ts'
import { clearLeftovers, removeConversation } from './kept-conversations.ts'
import { dropThreads } from './threads.ts'

/** What is held at most; see decision 26. */
export interface Budget {
  messages: number
  openConversations: number
  closedConversations: number
}

export const BUDGET: Budget = {
  messages: 100_000,
  openConversations: 25_000,
  closedConversations: 2000,
}

/** Conversations at a time, with all that hangs on them: some milliseconds, and some tens on a busy machine. */
const SLICE = 5
const ROWS_SLICE = 500
const OPENED_RECENTLY_MS = 8 * 60 * 60_000
/** What somebody has just scrolled to or found is not taken from under their eyes, if it is not very much. */
const LOOKED_RECENTLY_MS = 5 * 60_000
const MOST_LOOKED_AT = 2000

const openedSince = (): string => new Date(Date.now() - OPENED_RECENTLY_MS).toISOString()

/** What a person's own words or work keep here, of `conversations c`. */
const IS_HELD = `((c.assigned_to IS ? AND c.stage <> 'closed')
  OR EXISTS (SELECT 1 FROM drafts d WHERE d.conversation_id = c.id)
  OR EXISTS (SELECT 1 FROM outbox o WHERE o.conversation_id = c.id))`

/** One slice of what a fresh load has ended, then of what is beyond the budget. */
export function tidyConversations(cache: Cache, applied: Applied, budget = BUDGET): boolean {
  return (
    clearSome(cache) ||
    endSome(cache, applied) ||
    endRowsOf(cache) ||
    forgetThreads(cache) ||
    evictThreads(cache, budget.messages) ||
    evictClosed(cache, applied, budget.closedConversations) ||
    evictOpen(cache, applied, budget.openConversations)
  )
}

function clearSome(cache: Cache): boolean {
  const ids = idsOf(cache, `SELECT conversation_id AS id FROM leftovers LIMIT ${SLICE}`)
  for (const id of ids) clearLeftovers(cache, id)
  return ids.length > 0
}

function endSome(cache: Cache, applied: Applied): boolean {
  const ids = idsOf(
    cache,
    `SELECT id FROM conversation_rows WHERE generation < ? LIMIT ${SLICE}`,
    cache.completeLoad,
  )
  for (const id of ids) {
    removeConversation(cache, id)
    applied.conversationIds.add(id)
  }
  return ids.length > 0
}

/** What comes with the rows of conversations, and did not come any more. */
function endRowsOf(cache: Cache): boolean {
  return [...cache.registry.kinds.values()].some(({ hangsOn }) => {
    if (hangsOn?.as !== 'row') return false
    const { table } = hangsOn
    const gone = cache.store.run(
      `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE generation < ? LIMIT ${ROWS_SLICE})`,
      cache.completeLoad,
    )
    return gone > 0
  })
}

/** Threads of before the last load, which it did not bring: what they lack nobody knows. */
function forgetThreads(cache: Cache): boolean {
  const ids = idsOf(
    cache,
    `SELECT id FROM conversation_rows WHERE whole > 0 AND whole <= ? LIMIT ${SLICE}`,
    cache.completeLoad,
  )
  return dropThreads(cache, ids)
}

/** Those in which nothing was written for the longest time go first; what the person has opened lately goes last. */
function evictThreads(cache: Cache, most: number): boolean {
  const isTooMuch = (): boolean =>
    (cache.store.value<number>('SELECT count FROM kept_messages') ?? 0) > most
  if (!isTooMuch()) return false
  const unused = threadsNotUsedSince(cache, openedSince())
  const ids = unused.length > 0 ? unused : threadsNotUsedSince(cache, '9')
  return ids.filter((id) => isTooMuch() && dropThreads(cache, [id])).length > 0
}

function threadsNotUsedSince(cache: Cache, since: string): string[] {
  return idsOf(
    cache,
    `SELECT c.id FROM conversations c
     WHERE c.last_message_at < '9' AND c.whole > 0 AND COALESCE(c.used_at, '') < ? AND NOT ${IS_HELD}
     ORDER BY c.last_message_at LIMIT ${SLICE}`,
    since,
    cache.myId,
  )
}

function evictClosed(cache: Cache, applied: Applied, most: number): boolean {
  const beyond = beyondOf(cache, `status = 'closed'`, most)
  if (beyond <= 0) return false
  const last = evict(
    cache,
    applied,
    `SELECT c.id, c.closed_at AS at FROM conversations c WHERE c.stage = 'closed' AND NOT ${IS_HELD}
       AND COALESCE(c.used_at, '') < ?
     ORDER BY c.closed_at LIMIT ${Math.min(SLICE, beyond)}`,
  )
  if (last === null) return false
  const { coverage } = cache
  if (last > (coverage.closedSince ?? '')) cache.setCoverage({ ...coverage, closedSince: last })
  return true
}

function evictOpen(cache: Cache, applied: Applied, most: number): boolean {
  const beyond = beyondOf(cache, `status <> 'closed'`, most)
  if (beyond <= 0) return false
  const last = evict(
    cache,
    applied,
    `SELECT c.id, c.last_message_at AS at FROM conversations c
     WHERE c.last_message_at < '9' AND c.stage <> 'closed' AND NOT ${IS_HELD}
       AND COALESCE(c.used_at, '') < ?
     ORDER BY c.last_message_at LIMIT ${Math.min(SLICE, beyond)}`,
  )
  if (last === null) return false
  const { coverage } = cache
  if (coverage.open) cache.setCoverage({ ...coverage, open: false })
  return true
}

/** @returns by what the last of them was chosen; null where there was none */
function evict(cache: Cache, applied: Applied, which: string): string | null {
  const found = cache.store.all<{ id: string; at: string }>(which, cache.myId, openedSince())
  for (const { id } of found) {
    removeConversation(cache, id)
    applied.conversationIds.add(id)
  }
  return found.at(-1)?.at ?? null
}

/** How many are to go. */
function beyondOf({ store, lookedBeyondAtMs }: Cache, which: string, most: number): number {
  const count = store.value<number>(`SELECT SUM(count) FROM tallies WHERE of = 'team' AND ${which}`)
  const beyond = (count ?? 0) - most
  const isLooking = performance.now() - lookedBeyondAtMs < LOOKED_RECENTLY_MS
  return isLooking && beyond <= MOST_LOOKED_AT ? 0 : beyond
}

function idsOf({ store }: Cache, sql: string, ...parameters: (string | number)[]): string[] {
  return store.all<{ id: string }>(sql, ...parameters).map(({ id }) => id)
}
