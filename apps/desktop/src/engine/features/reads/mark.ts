import { type EngineCore } from '../../feature.ts'
import { newApplied, newsOf } from '../../store/applied.ts'
import { type Cache } from '../../store/cache.ts'
import { markHere, markOf } from './kept-read-marks.ts'
import { newestToRead } from './unread.ts'

/** Conversations that this person has read, or marked unread, here, by id. */
export const markedHere = newsOf<string>('conversations marked here')

/**
 * All of the conversation that is here has been read. Whoever it belongs to, so that it is not all new to this person
 * once it is theirs; but of what is closed nobody is going to ask.
 * @returns whether that is news
 */
export function markRead(cache: Cache, conversationId: string): boolean {
  const newest = cache.store.value<number>(
    `SELECT MAX(m.seq) FROM conversations c JOIN messages m ON m.conversation_id = c.id
     WHERE c.id = ? AND c.stage <> 'closed'`,
    conversationId,
  )
  const { turn, seq } = markOf(cache, conversationId)
  if (newest === null || newest <= seq) return false
  cache.store.write(() => markHere(cache, { conversationId, turn, seq: newest }))
  return true
}

/**
 * The customer's newest words are unread again, until somebody reads on who knows of it.
 * @returns whether that is news
 */
export function markUnread(cache: Cache, conversationId: string): boolean {
  const newest = newestToRead(cache, conversationId)
  const { turn, seq } = markOf(cache, conversationId)
  if (newest === null || newest > seq) return false
  cache.store.write(() => markHere(cache, { conversationId, turn: turn + 1, seq: newest - 1 }))
  return true
}

/** Shown, and sent. */
export function tellMarked(engine: Pick<EngineCore, 'changed'>, conversationId: string): void {
  const applied = newApplied({ conversationId, isOwnDoing: true })
  applied.news.tell(markedHere, conversationId)
  engine.changed(applied)
}
