import { type EngineCore } from '../../feature.ts'
import { type Cache } from '../../store/cache.ts'
import { markRead, tellMarked } from '../reads/index.ts'
import { newestSeq } from './kept-messages.ts'

/** The draft becomes the reply: both or neither. Who answers has read what they answer, as the server has it, too. */
export function reply(
  engine: EngineCore,
  conversationId: string,
  text: string,
): { intentId: string } {
  const { cache } = engine
  let hasRead = false
  const intended = cache.store.write(() => {
    const intended = engine.intend(conversationId, {
      kind: 'reply',
      text,
      lastSeenSeq: newestSeq(cache, conversationId),
      despiteNewerReply: false,
    })
    cache.store.run('DELETE FROM drafts WHERE conversation_id = ?', conversationId)
    hasRead = markRead(cache, conversationId)
    return intended
  })
  if (hasRead) tellMarked(engine, conversationId)
  return intended
}

export function saveDraft({ store }: Cache, conversationId: string, text: string): void {
  store.write(() => {
    if (text === '') {
      store.run('DELETE FROM drafts WHERE conversation_id = ?', conversationId)
      return
    }
    store.run(
      `INSERT INTO drafts (conversation_id, text, updated_at) VALUES (?, ?, ?)
       ON CONFLICT (conversation_id) DO UPDATE SET text = excluded.text, updated_at = excluded.updated_at`,
      conversationId,
      text,
      new Date().toISOString(),
    )
  })
}
