import { newApplied } from '../../store/applied.ts'
import { type EngineCore } from '../../feature.ts'
import { type Cache } from '../../store/cache.ts'
import { newestSeq } from './kept-messages.ts'

/** How far this person has had the thread on the screen. */
export function seenSeq(cache: Cache, conversationId: string): number {
  return (
    cache.store.get<{ seq: number }>(
      'SELECT seq FROM seen WHERE conversation_id = ?',
      conversationId,
    )?.seq ?? 0
  )
}

export function markSeen(engine: EngineCore, conversationId: string): void {
  const { store } = engine.cache
  const seq = newestSeq(engine.cache, conversationId)
  if (seq === null) return
  const changed = store.write(() =>
    store.run(
      `INSERT INTO seen (conversation_id, seq) VALUES (?, ?)
       ON CONFLICT (conversation_id) DO UPDATE SET seq = excluded.seq WHERE excluded.seq > seen.seq`,
      conversationId,
      seq,
    ),
  )
  if (changed > 0) engine.changed(newApplied({ conversationId }))
}

export function forgetSeen(cache: Cache, conversationId: string): void {
  cache.store.run('DELETE FROM seen WHERE conversation_id = ?', conversationId)
}
