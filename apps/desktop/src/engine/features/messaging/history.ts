import { type ENGINE_INPUTS, type ThreadPage } from '@parley/contracts'
import { type z } from 'zod'

import { type EngineCore } from '../../feature.ts'
import { Refusal } from '../../session/server-client.ts'
import { newApplied } from '../../store/applied.ts'
import { CacheTrouble } from '../../store/cache-trouble.ts'
import { type Cache } from '../../store/cache.ts'
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
  const isReaching = reach !== undefined && isReachingFor(engine, conversationId, reach)
  const page = { ...readThread(cache, conversationId, before, limit, reach), isReaching }
  const messages = page.entries.filter(({ type }) => type === 'message').length
  const isShort = before !== null && messages < limit && !isHistoryComplete(cache, conversationId)
  if (!isShort || !engine.isOnline) return page
  await fetchHistory(engine, conversationId)
  return readThread(cache, conversationId, before, limit, reach)
}

/** So long after it has ended in vain who asked is told so; who asks later asks anew. */
const TOLD_WITHIN_MS = 5000
/** Messages that are being reached, by their ids, and until when it is told that one was not. */
const reaching = new WeakMap<Cache, Map<string, number>>()

/**
 * Whether what lies further back is on its way. What is here is shown meanwhile: it may be many pages, one after the
 * other, and none of them may come.
 */
function isReachingFor(engine: EngineCore, conversationId: string, messageId: string): boolean {
  const { cache, isOnline } = engine
  const known = reaching.get(cache) ?? new Map<string, number>()
  reaching.set(cache, known)
  const until = known.get(messageId)
  if (until === GOING_ON) return true
  known.delete(messageId)
  const isTold = until !== undefined && performance.now() < until
  if (isTold || !isOnline || isReached(cache, conversationId, messageId)) return false
  known.set(messageId, GOING_ON)
  void reachBack(engine, conversationId, messageId).finally(() => {
    known.set(messageId, performance.now() + TOLD_WITHIN_MS)
    engine.changed(newApplied({ conversationId, isOwnDoing: true }))
  })
  return true
}

const GOING_ON = Number.POSITIVE_INFINITY

function isReached(cache: Cache, conversationId: string, messageId: string): boolean {
  return (
    isHistoryComplete(cache, conversationId) ||
    cache.store.value('SELECT 1 FROM messages WHERE id = ?', messageId) !== null
  )
}

/** As far as the message that was found, if that is not further than anybody scrolls. */
async function reachBack(
  engine: EngineCore,
  conversationId: string,
  messageId: string,
): Promise<void> {
  try {
    for (let pages = 0; pages < MOST_PAGES_BACK; pages += 1) {
      if (isReached(engine.cache, conversationId, messageId)) return
      await fetchHistory(engine, conversationId)
    }
  } catch (error) {
    // It is not reached, which is said where it is not to be seen.
    if (!(error instanceof Refusal || error instanceof CacheTrouble)) throw error
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
