import { type Cache } from '../../store/cache.ts'
import { newestSeq } from './kept-messages.ts'

/** How far this person has had the thread on the screen. */
export function seenSeq(cache: Cache, conversationId: string): number {
  return cache.store.value('SELECT seq FROM seen WHERE conversation_id = ?', conversationId) ?? 0
}

/** @returns whether there was anything unseen */
export function markSeen(cache: Cache, conversationId: string): boolean {
  const seq = newestSeq(cache, conversationId)
  if (seq === null) return false
  const changed = cache.store.write(() =>
    cache.store.run(
      `INSERT INTO seen (conversation_id, seq) VALUES (?, ?)
       ON CONFLICT (conversation_id) DO UPDATE SET seq = excluded.seq WHERE excluded.seq > seen.seq`,
      conversationId,
      seq,
    ),
  )
  return changed > 0
}

export function forgetSeen(cache: Cache, conversationId: string): void {
  cache.store.run('DELETE FROM seen WHERE conversation_id = ?', conversationId)
}
