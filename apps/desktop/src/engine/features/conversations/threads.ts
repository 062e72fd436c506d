import { type FeedItem } from '@parley/contracts'

import { type Cache } from '../../store/cache.ts'
import { type Arrival } from '../../store/kept-kind.ts'
import { threadOf } from './of-conversation.ts'

const THREAD_TABLES = ['messages', 'events'] as const
type ThreadTable = (typeof THREAD_TABLES)[number]

interface Brought {
  ids: string[]
  oldest: number
  newest: number
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
  const before = new Map(
    [...ids].map((id) => [
      id,
      threadOf(cache, id)?.isWhole === true && !isNewEpoch
        ? {
            messages: newestSeq(cache, 'messages', id),
            events: newestSeq(cache, 'events', id),
          }
        : null,
    ]),
  )
  return () => {
    const brought = broughtBy(cache, ids, items)
    for (const id of ids) {
      if (threadOf(cache, id) === null) continue
      let isJoined = true
      for (const table of THREAD_TABLES) {
        const part = brought.get(table)?.get(id)
        if (part === undefined) {
          if (force && before.get(id) === null) dropBefore(cache, table, id, Infinity)
          continue
        }
        // The feed says what is gone; a fresh load does not.
        if (force) dropWithin(cache, table, id, part)
        if (isNewEpoch) dropBeyond(cache, table, id, part.newest)
        const newestBefore = before.get(id)?.[table] ?? null
        if (newestBefore !== null && newestBefore >= part.oldest) continue
        dropBefore(cache, table, id, part.oldest)
        if (table === 'messages') isJoined = false
      }
      if (!isJoined) {
        cache.store.run('UPDATE conversation_rows SET history_complete = 0 WHERE id = ?', id)
      }
      cache.store.run('UPDATE conversation_rows SET whole = ? WHERE id = ?', generation + 1, id)
    }
  }
}

function broughtBy(
  cache: Cache,
  ids: ReadonlySet<string>,
  items: readonly FeedItem[],
): Map<string, Map<string, Brought>> {
  const brought = new Map<string, Map<string, Brought>>()
  for (const item of items) {
    if (item.op !== 'put') continue
    const hangsOn = cache.registry.kinds.get(item.kind)?.hangsOn
    if (hangsOn?.as !== 'thread') continue
    const { id, conversationId, seq } = item.row as {
      id: string
      conversationId: string
      seq: number
    }
    if (!ids.has(conversationId)) continue
    const ofTable = brought.get(hangsOn.table) ?? new Map<string, Brought>()
    brought.set(hangsOn.table, ofTable)
    const part = ofTable.get(conversationId) ?? { ids: [], oldest: seq, newest: seq }
    ofTable.set(conversationId, part)
    part.ids.push(id)
    part.oldest = Math.min(part.oldest, seq)
    part.newest = Math.max(part.newest, seq)
  }
  return brought
}

function newestSeq({ store }: Cache, table: ThreadTable, id: string): number | null {
  return store.value(`SELECT MAX(seq) FROM ${table} WHERE conversation_id = ?`, id)
}

function dropWithin({ store }: Cache, table: ThreadTable, id: string, part: Brought): void {
  store.run(
    `DELETE FROM ${table} WHERE conversation_id = ? AND seq BETWEEN ? AND ?
     AND id NOT IN (SELECT value FROM json_each(?))`,
    id,
    part.oldest,
    part.newest,
    JSON.stringify(part.ids),
  )
}

function dropBefore({ store }: Cache, table: ThreadTable, id: string, seq: number): void {
  store.run(`DELETE FROM ${table} WHERE conversation_id = ? AND seq < ?`, id, seq)
}

function dropBeyond({ store }: Cache, table: ThreadTable, id: string, seq: number): void {
  store.run(`DELETE FROM ${table} WHERE conversation_id = ? AND seq > ?`, id, seq)
}

/** It is listed from now on, and its thread is fetched again when somebody looks for it. */
export function dropThread(cache: Cache, id: string): void {
  for (const table of THREAD_TABLES) {
    cache.store.run(`DELETE FROM ${table} WHERE conversation_id = ?`, id)
  }
  cache.store.run(
    'UPDATE conversation_rows SET whole = 0, history_complete = 0 WHERE id = ?',
    id,
  )
}
