import { type Listener, type ListeningPost } from '../../feature.ts'
import { Refusal, retryDelayMs, toRefusal } from '../../session/server-client.ts'
import { CacheTrouble } from '../../store/cache-trouble.ts'
import { type Cache } from '../../store/cache.ts'
import { fetchRows, fetchThreads } from './fetch.ts'

/** In one request. Threads are some dozens of rows each. */
const MOST_THREADS = 20
const MOST_ROWS = 100
/** What comes together is fetched together. */
const GATHERED_MS = 50

/**
 * Fetches what the cache lacks of what it is to hold: threads of the person's own open conversations, and conversations
 * that are spoken of and not here, or not to be shown, or here without what hangs on them. One request at a time; what
 * fails is tried again, later each time. What the server does not give is not asked for again before the line is made
 * anew.
 */
export class Holder implements Listener {
  readonly #post: Pick<ListeningPost, 'cache' | 'take'>
  /** Asked for since the line was made. */
  readonly #asked = new Set<string>()
  #isLive = false
  #isAsking = false
  #failures = 0
  #timer: NodeJS.Timeout | undefined

  constructor(post: Pick<ListeningPost, 'cache' | 'take'>) {
    this.#post = post
  }

  live(): void {
    this.#isLive = true
    this.#asked.clear()
    this.#failures = 0
    this.#wake(0)
  }

  lineLost(): void {
    this.#isLive = false
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  applied(): void {
    this.#wake(GATHERED_MS)
  }

  #wake(delayMs: number): void {
    if (!this.#isLive || this.#isAsking || this.#timer !== undefined) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      void this.#fetch()
    }, delayMs)
  }

  async #fetch(): Promise<void> {
    this.#isAsking = true
    let nextMs: number | null = null
    try {
      nextMs = (await this.#fetchSome()) ? 0 : null
      this.#failures = 0
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof CacheTrouble)) throw error
      nextMs = retryDelayMs(this.#failures++, Math.random(), toRefusal(error).error)
    } finally {
      this.#isAsking = false
    }
    if (nextMs !== null) this.#wake(nextMs)
  }

  /** @returns whether something was fetched, and so there may be more */
  async #fetchSome(): Promise<boolean> {
    const { cache } = this.#post
    const threads = this.#notAsked(ownWithoutThread(cache), 'thread').slice(0, MOST_THREADS)
    if (threads.length > 0) {
      await fetchThreads(this.#post, threads)
      // One that came and has gone since is asked for again.
      for (const id of ownWithoutThread(cache)) {
        if (threads.includes(id)) this.#asked.add(`thread ${id}`)
      }
      return true
    }
    const rows = this.#notAsked(rowsWanted(cache), 'row')
    if (rows.length === 0) return false
    const some = rows.slice(0, MOST_ROWS)
    await fetchRows(this.#post, some)
    // Likewise.
    for (const id of rowsWanted(cache)) if (some.includes(id)) this.#asked.add(`row ${id}`)
    return true
  }

  #notAsked(ids: readonly string[], what: 'row' | 'thread'): string[] {
    return [...new Set(ids)].filter((id) => !this.#asked.has(`${what} ${id}`))
  }
}

/**
 * As they are shown, and as the server has them: what this person has given away by an intent that waits for their
 * decision on another is theirs still, and is what they decide by.
 */
function ownWithoutThread({ store, myId, completeLoad }: Cache): string[] {
  return store
    .all<{ id: string }>(
      `SELECT c.id FROM conversations c
       WHERE c.assigned_to = ? AND c.status IN ('assigned', 'pending_agent') AND c.whole <= ?
       UNION ALL
       SELECT c.id FROM conversations c
       WHERE c.assigned_to = ? AND c.status = 'pending_customer' AND c.whole <= ?
       UNION ALL
       SELECT r.id FROM outbox o CROSS JOIN conversation_rows r ON r.id = o.conversation_id
       WHERE r.row->>'assignedTo' = ? AND r.row->>'status' <> 'closed' AND r.whole <= ?`,
      myId,
      completeLoad,
      myId,
      completeLoad,
      myId,
      completeLoad,
    )
    .map(({ id }) => id)
}

function rowsWanted(cache: Cache): string[] {
  return [...spokenOf(cache), ...withoutCustomer(cache), ...cameAlone(cache)]
}

/** What features speak of, and is not here. */
function spokenOf(cache: Cache): string[] {
  const ids = cache.registry.features.flatMap(({ needs }) => needs?.(cache) ?? [])
  if (ids.length === 0) return []
  return cache.store
    .all<{ id: string }>(
      `SELECT value AS id FROM json_each(?)
       WHERE NOT EXISTS (SELECT 1 FROM conversation_rows r WHERE r.id = value)`,
      JSON.stringify(ids),
    )
    .map(({ id }) => id)
}

function cameAlone({ store }: Cache): string[] {
  return store
    .all<{ id: string }>('SELECT conversation_id AS id FROM came_alone LIMIT 1000')
    .map(({ id }) => id)
}

function withoutCustomer({ store }: Cache): string[] {
  return store
    .all<{ id: string }>(`SELECT c.id FROM conversations c WHERE c.title = '' LIMIT 1000`)
    .map(({ id }) => id)
}
