import { type FeedMessage } from '@parley/contracts'

import {
  endReasonOf,
  retryDelayMs,
  toRefusal,
  type ServerClient,
} from '../session/server-client.ts'
import { passed } from '../stages.ts'
import { type Applied } from '../store/applied.ts'
import { type Cache } from '../store/cache.ts'
import { loadInitially } from './initial-load.ts'

export interface SynchroniserEvents {
  applied(applied: Applied): void
  /** Everything readable is in the cache. */
  live(): void
  /** The server could not be reached, or not understood; it is tried again. */
  unreachable(because: { isNotUnderstood: boolean }): void
  bootstrapping(progress: { loaded: number } | null): void
  /** A part of the initial load is in the cache. */
  loadedSome(): void
  sessionEnded(reason: string | null): void
}

/**
 * Keeps the cache in step with the server: an initial load where there is no usable cursor, then the feed
 * from the cache's own cursor. After any failure it begins again from there.
 */
export class Synchroniser {
  readonly #client: ServerClient
  readonly #cache: Cache
  readonly #events: SynchroniserEvents
  #subscription: { unsubscribe(): void } | null = null
  #timer: NodeJS.Timeout | undefined
  /** Since the feed last flowed. */
  #failures = 0
  #stopped = false
  #running = false

  constructor(client: ServerClient, cache: Cache, events: SynchroniserEvents) {
    this.#client = client
    this.#cache = cache
    this.#events = events
  }

  start(): void {
    void this.#run()
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
    this.#subscription?.unsubscribe()
    this.#subscription = null
  }

  /** Tries at once instead of waiting for the next turn, as after sleep. */
  hurry(): void {
    if (this.#stopped || this.#running || this.#subscription !== null) return
    void this.#run()
  }

  async #run(): Promise<void> {
    clearTimeout(this.#timer)
    if (this.#running) return
    this.#running = true
    try {
      if (this.#cache.cursor === null) await this.#load()
      this.#follow()
    } catch (error) {
      this.#failed(error)
    } finally {
      this.#running = false
    }
  }

  async #load(): Promise<void> {
    try {
      await loadInitially(this.#client, this.#cache, {
        isStopped: () => this.#stopped,
        loaded: (rows) => this.#events.bootstrapping({ loaded: rows }),
        taken: () => this.#events.loadedSome(),
      })
    } finally {
      this.#events.bootstrapping(null)
    }
  }

  #follow(): void {
    if (this.#stopped) return
    const cursor = this.#cache.cursor
    if (cursor === null) throw new Error('there is no cursor to follow from')
    this.#subscription?.unsubscribe()
    this.#subscription = this.#client.trpc.sync.feed.subscribe(
      { cursor },
      {
        onData: ({ data }) => this.#take(data),
        onError: (error) => {
          this.#subscription = null
          this.#failed(error)
        },
        onComplete: () => {
          this.#subscription = null
          this.#again(retryDelayMs(this.#failures++, Math.random()))
        },
      },
    )
  }

  /** What could not be kept is asked for again from the cursor, which is no further than what was. */
  #take(message: FeedMessage): void {
    try {
      this.#receive(message)
    } catch (error) {
      this.#subscription?.unsubscribe()
      this.#subscription = null
      this.#failed(error)
    }
  }

  #receive(message: FeedMessage): void {
    if (this.#stopped) return
    switch (message.type) {
      case 'batch': {
        passed('batch received')
        const applied = this.#cache.applyBatch(message.batch.items, message.batch.cursor)
        passed('batch applied')
        this.#events.applied(applied)
        if (applied.gainedAccess) this.#startOver()
        return
      }
      case 'live':
        this.#failures = 0
        this.#events.live()
        return
      case 'reset':
        this.#startOver()
    }
  }

  /** A fresh initial load; the old cursor is forgotten, what is shown is not. */
  #startOver(): void {
    this.#subscription?.unsubscribe()
    this.#subscription = null
    this.#cache.forgetCursor()
    // At once, but a server that takes no cursor of its own is not asked for everything without a pause.
    const delayMs = this.#failures === 0 ? 0 : retryDelayMs(this.#failures, Math.random())
    this.#failures += 1
    this.#again(delayMs)
  }

  #failed(error: unknown): void {
    const { error: failure } = toRefusal(error)
    if (failure.code === 'session_ended') {
      this.#events.sessionEnded(endReasonOf(failure))
      return
    }
    // A connection is opened with a token; the next one brings another.
    if (failure.code === 'unauthenticated') this.#client.distrustToken()
    // The server has been reached, and what it said could not be kept.
    if (failure.code !== 'not_kept') {
      this.#events.unreachable({ isNotUnderstood: failure.code === 'not_understood' })
    }
    this.#again(retryDelayMs(this.#failures++, Math.random(), failure))
  }

  #again(delayMs: number): void {
    if (this.#stopped) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#run(), delayMs)
  }
}
