import { type ENGINE_INPUTS, type ThreadPage } from '@parley/contracts'
import { type z } from 'zod'

import { type EngineCore } from '../../feature.ts'
import { fetchThreads, noteOpened, oldestSeq, threadOf } from '../conversations/index.ts'
import { isHistoryComplete, readThread } from './thread.ts'

const MOST_PAGES_BACK = 20

/**
 * A page of the thread; where the cache ends and the server is there, what it lacks is fetched first: all of a
 * conversation that is only listed, and older messages.
 */
export async function openThread(
  engine: EngineCore,
  { conversationId, before, limit, reach }: z.output<(typeof ENGINE_INPUTS)['conversation.thread']>,
): Promise<ThreadPage> {
  const { cache } = engine
  if (before === null) noteOpened(cache, conversationId)
  if (engine.isOnline && threadOf(cache, conversationId)?.isWhole === false) {
    await fetchThreads(engine, [conversationId])
  }
  if (engine.isOnline && reach !== undefined) await reachBack(engine, conversationId, reach)
  const page = readThread(cache, conversationId, before, limit, reach)
  const messages = page.entries.filter(({ type }) => type === 'message').length
  const isShort = before !== null && messages < limit && !isHistoryComplete(cache, conversationId)
  if (!isShort || !engine.isOnline) return page
  await fetchHistory(engine, conversationId)
  return readThread(cache, conversationId, before, limit, reach)
}

/** As far as the message that was found, if that is not further than anybody scrolls. */
async function reachBack(
  engine: EngineCore,
  conversationId: string,
  messageId: string,
): Promise<void> {
  const { cache } = engine
  for (let pages = 0; pages < MOST_PAGES_BACK; pages += 1) {
    const isHere = cache.store.value('SELECT 1 FROM messages WHERE id = ?', messageId) !== null
    if (isHere || isHistoryComplete(cache, conversationId)) return
    await fetchHistory(engine, conversationId)
  }
}

async function fetchHistory({ cache, ask }: EngineCore, conversationId: string): Promise<void> {
  const beforeSeq = oldestSeq(cache, 'messages', conversationId)
  await cache.answering(async (asked) => {
    const older = await ask((trpc) =>
      trpc.conversations.history.query({ conversationId, beforeSeq }),
    )
    const items = [
      ...older.messages.map((row) => ({ op: 'put', kind: 'message', row }) as const),
      ...older.events.map((row) => ({ op: 'put', kind: 'event', row }) as const),
    ]
    // The thread may have come anew meanwhile: then this is no continuation of it.
    if (oldestSeq(cache, 'messages', conversationId) !== beforeSeq || asked.isOvertaken) return
    cache.store.write(() => {
      cache.applyHistory(conversationId, items, asked)
      if (older.hasOlder) return
      cache.store.run(
        'UPDATE conversation_rows SET history_complete = 1 WHERE id = ?',
        conversationId,
      )
    })
  })
}
