import { type EngineCore } from '../../feature.ts'
import { type Cache } from '../../store/cache.ts'
import { dropLeftOver } from './threads.ts'

/** What both of those have who fetch: a feature's handlers, and who listens. */
type Taking = Pick<EngineCore, 'cache' | 'take'>

/** Conversations as lists show them. @throws Refusal */
export async function fetchRows({ take }: Taking, ids: readonly string[]): Promise<void> {
  await take(
    (trpc) => trpc.sync.conversations.query({ ids: [...ids], threads: false }),
    (items) => items,
  )
}

/**
 * Conversations with their threads. What the feed brings of them while the answer is under way is kept: it may be newer
 * than what the server read for the answer. If the answer does not come, it is no thread and goes again.
 * @throws Refusal
 */
export async function fetchThreads({ cache, take }: Taking, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    dropLeftOver(cache, id)
    begin(cache, id)
  }
  try {
    await take(
      (trpc) => trpc.sync.conversations.query({ ids: [...ids], threads: true }),
      (items) => items,
    )
  } finally {
    for (const id of ids) {
      end(cache, id)
      if (!cache.fetching.has(id) && !cache.store.isClosed) dropLeftOver(cache, id)
    }
  }
}

function begin({ fetching }: Cache, id: string): void {
  fetching.set(id, (fetching.get(id) ?? 0) + 1)
}

function end({ fetching }: Cache, id: string): void {
  const others = (fetching.get(id) ?? 1) - 1
  if (others === 0) fetching.delete(id)
  else fetching.set(id, others)
}
