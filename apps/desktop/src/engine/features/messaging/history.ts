import { type ENGINE_INPUTS, type ThreadPage } from '@parley/contracts'
import { type z } from 'zod'

import { type EngineCore } from '../../feature.ts'
import { conversationOf } from '../conversations/index.ts'
import { newestSeq } from './kept-messages.ts'
import { isHistoryComplete, readThread } from './thread.ts'

/**
 * A page of the thread; where the cache ends and the server is there, what it lacks is fetched first: older messages,
 * and all of a conversation that has messages of which none is here.
 */
export async function openThread(
  engine: EngineCore,
  { conversationId, before, limit, reach }: z.output<(typeof ENGINE_INPUTS)['conversation.thread']>,
): Promise<ThreadPage> {
  const page = readThread(engine.cache, conversationId, before, limit, reach)
  const messages = page.entries.filter(({ type }) => type === 'message').length
  const lacksMessages =
    before === null
      ? newestSeq(engine.cache, conversationId) === null &&
        (conversationOf(engine.cache, conversationId)?.lastMessageAt ?? null) !== null
      : messages < limit
  const isShort = lacksMessages && !isHistoryComplete(engine.cache, conversationId)
  if (!isShort || !engine.isOnline) return page
  await fetchHistory(engine, conversationId)
  return readThread(engine.cache, conversationId, before, limit, reach)
}

async function fetchHistory({ cache, ask }: EngineCore, conversationId: string): Promise<void> {
  const beforeSeq = cache.store.value<number>(
    'SELECT MIN(seq) FROM messages WHERE conversation_id = ?',
    conversationId,
  )
  await cache.answering(async (asked) => {
    const older = await ask((trpc) =>
      trpc.conversations.history.query({ conversationId, beforeSeq }),
    )
    const items = [
      ...older.messages.map((row) => ({ op: 'put', kind: 'message', row }) as const),
      ...older.events.map((row) => ({ op: 'put', kind: 'event', row }) as const),
    ]
    cache.store.write(() => {
      cache.applyHistory(items, asked)
      if (older.hasOlder || asked.isOvertaken) return
      cache.store.run('UPDATE conversations SET history_complete = 1 WHERE id = ?', conversationId)
    })
  })
}
