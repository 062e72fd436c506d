import { type FeedItem, type MessageRow } from '@parley/contracts'

import { type Cache } from '../../store/cache.ts'
import { type Arrival } from '../../store/kept-kind.ts'
import { takeLastMessage } from './last-message.ts'
import { threadOf } from './of-conversation.ts'

const THREAD_TABLES = ['messages', 'events'] as const
type ThreadTable = (typeof THREAD_TABLES)[number]

/** Of a thread, by `seq`. */
interface Part {
  oldest: number
}

/**
 * These conversations come with their threads, from some message on to the newest. Of what was here before, the older
 * part stays where the two meet; where they do not, or belong to different epochs, there would be a hole.
 */
export function comesWhole(
  cache: Cache,
  ids: ReadonlySet<string>,
  items: readonly FeedItem[],
  { force, isNewEpoch = false, generation }: Arrival,
): () => void {
  const before = new Map([...ids].map((id) => [id, isNewEpoch ? NOTHING : newestOf(cache, id)]))
  return () => {
    const brought = partsOf(cache, ids, items)
    for (const id of ids) {
      if (threadOf(cache, id) === null) continue
      for (const table of THREAD_TABLES) {
        const part = brought[table].get(id) ?? null
        // The feed says what is gone; of what is older than a fresh load only the load does, by not bringing it.
        if (force) dropOld(cache, table, id, part?.oldest ?? 0, generation)
        const newest = before.get(id)?.[table] ?? null
        const isJoined = part === null ? !force : newest !== null && newest >= part.oldest
        if (isJoined) continue
        dropBefore(cache, table, id, part?.oldest ?? Number.MAX_SAFE_INTEGER)
        if (table === 'events') continue
        cache.store.run('UPDATE conversation_rows SET history_complete = 0 WHERE id = ?', id)
      }
      cache.store.run('UPDATE conversation_rows SET whole = ? WHERE id = ?', generation + 1, id)
    }
  }
}

const NOTHING: Record<ThreadTable, number | null> = { messages: null, events: null }

/** The newest that is here of a thread without a hole. */
function newestOf(cache: Cache, id: string): Record<ThreadTable, number | null> {
  if (threadOf(cache, id)?.isWhole !== true) return NOTHING
  const newest = (table: ThreadTable): number | null =>
    cache.store.value(`SELECT MAX(seq) FROM ${table} WHERE conversation_id = ?`, id)
  return { messages: newest('messages'), events: newest('events') }
}

function partsOf(
  cache: Cache,
  ids: ReadonlySet<string>,
  items: readonly FeedItem[],
): Record<ThreadTable, Map<string, Part>> {
  const parts: Record<ThreadTable, Map<string, Part>> = { messages: new Map(), events: new Map() }
  for (const item of items) {
    if (item.op !== 'put') continue
    const hangsOn = cache.registry.kinds.get(item.kind)?.hangsOn
    if (hangsOn?.as !== 'thread') continue
    const { conversationId, seq } = item.row as { conversationId: string; seq: number }
    if (!ids.has(conversationId)) continue
    const ofTable = parts[hangsOn.table as ThreadTable]
    const oldest = Math.min(ofTable.get(conversationId)?.oldest ?? seq, seq)
    ofTable.set(conversationId, { oldest })
  }
  return parts
}

function dropOld(
  { store }: Cache,
  table: ThreadTable,
  id: string,
  fromSeq: number,
  generation: number,
): void {
  store.run(
    `DELETE FROM ${table} WHERE conversation_id = ? AND seq >= ? AND generation < ?`,
    id,
    fromSeq,
    generation,
  )
}

function dropBefore({ store }: Cache, table: ThreadTable, id: string, seq: number): void {
  store.run(`DELETE FROM ${table} WHERE conversation_id = ? AND seq < ?`, id, seq)
}

/** What is left of a thread that was never here whole, as of a request that did not come back. */
export function dropLeftOver(cache: Cache, id: string): void {
  if (threadOf(cache, id)?.isWhole !== false) return
  cache.store.write(() => dropThread(cache, id))
}

/**
 * Those are listed from now on, and their threads fetched again when somebody looks for them. Not while one is being
 * fetched: what has come of it meanwhile belongs to the answer.
 * @returns whether there were any
 */
export function dropThreads(cache: Cache, ids: readonly string[]): boolean {
  const dropped = ids.filter((id) => !cache.fetching.has(id))
  for (const id of dropped) dropThread(cache, id)
  return dropped.length > 0
}

function dropThread(cache: Cache, id: string): void {
  // What came of it while it was here, or was being fetched, stands in its messages alone.
  const newest = newestMessageOf(cache, id)
  if (newest !== null) takeLastMessage(cache, id, newest)
  for (const table of THREAD_TABLES) {
    cache.store.run(`DELETE FROM ${table} WHERE conversation_id = ?`, id)
  }
  cache.store.run('UPDATE conversation_rows SET whole = 0, history_complete = 0 WHERE id = ?', id)
}

/** Of one that is not here whole, what came since the load that brought its conversation: what is older may be gone. */
function newestMessageOf({ store, completeLoad }: Cache, id: string): MessageRow | null {
  return store.row(
    `SELECT m.row FROM messages m JOIN conversation_rows c ON c.id = m.conversation_id
     WHERE m.conversation_id = ? AND m.is_discarded = 0 AND (c.whole > ? OR m.generation >= c.generation)
     ORDER BY m.seq DESC LIMIT 1`,
    id,
    completeLoad,
  )
}
