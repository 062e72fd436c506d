import type { AppError, ThreadEntry, ThreadPage } from '@parley/contracts'

import { isStale } from '../../bridge/changes.ts'
import { type Client } from '../../bridge/client.ts'
import { shareStructure } from '../../bridge/share-structure.ts'
import { reads } from './reads.ts'

export interface ThreadState {
  entries: readonly ThreadEntry[]
  hasOlder: boolean
  /** The thread is not on this device; see `ThreadPage`. */
  isPartial: boolean
  /** As it was when the conversation was opened: the line "new since" does not move while one reads. */
  seenSeq: number
  isRead: boolean
  isReadingOlder: boolean
  /** A message that was to be read as far as and is not there. */
  missed: string | null
  error: AppError | null
}

const PAGE = 60
const OLDER_PAGE = 120
const MOST_AT_ONCE = 500
const START: ThreadState = {
  entries: [],
  hasOlder: false,
  isPartial: false,
  seenSeq: 0,
  isRead: false,
  isReadingOlder: false,
  missed: null,
  error: null,
}

/**
 * One conversation's thread as far as it has been read: the newest page first, older ones on demand. A
 * change reads the newest part again and joins it to what is held; no answer is applied after a newer one.
 */
export class ThreadReader {
  readonly #client: Client
  readonly #conversationId: string
  readonly #listeners = new Set<() => void>()
  #state = START
  #isReading = false
  #isStale = false
  /** A message that the next answer has to hold. */
  #reach: string | null
  #dispose: (() => void) | null = null

  /** @param reach a message to read as far as, where it is not among the newest */
  constructor(client: Client, conversationId: string, reach?: string) {
    this.#client = client
    this.#conversationId = conversationId
    this.#reach = reach ?? null
  }

  readonly get = (): ThreadState => this.#state
  readonly subscribe = (listener: () => void): (() => void) => {
    if (this.#listeners.size === 0) this.#begin()
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.#end()
    }
  }

  readonly readAgain = (): void => {
    this.#isStale = true
    void this.#readNewest()
  }

  /** Reads as far back as this message, in one piece. */
  readonly readAsFarAs = (messageId: string): void => {
    this.#reach = messageId
    this.#put({ missed: null })
    this.readAgain()
  }

  readonly readOlder = async (): Promise<void> => {
    const first = this.#state.entries[0]
    if (!first || !this.#state.hasOlder || this.#state.isReadingOlder) return
    this.#put({ isReadingOlder: true })
    const result = await this.#page(first.key, OLDER_PAGE)
    // Meanwhile the newest part may have been read again, but never what is before its first entry.
    if (this.#state.entries[0]?.key !== first.key) return this.#put({ isReadingOlder: false })
    if (!result.ok) return this.#put({ isReadingOlder: false, error: result.error })
    this.#put({
      entries: [...result.value.entries, ...this.#state.entries],
      hasOlder: result.value.hasOlder,
      isReadingOlder: false,
      error: null,
    })
  }

  #begin(): void {
    this.#dispose = this.#client.on('changed', (changed) => {
      if (isStale(reads['conversation.get'], changed, this.#conversationId)) this.readAgain()
    })
    this.readAgain()
  }

  #end(): void {
    this.#dispose?.()
    this.#dispose = null
  }

  async #readNewest(): Promise<void> {
    if (this.#isReading) return
    this.#isReading = true
    while (this.#isStale && this.#dispose !== null) {
      this.#isStale = false
      const limit = Math.min(MOST_AT_ONCE, Math.max(PAGE, this.#state.entries.length))
      const reach = this.#reach
      this.#reach = null
      const result = await this.#page(null, limit, reach)
      // Not there yet: as far is read when it has come.
      const isReaching = result.ok && result.value.isReaching
      if (isReaching) this.#reach ??= reach
      if (result.ok) this.#join(result.value, isReaching ? null : reach)
      else this.#put({ error: result.error, isRead: this.#state.isRead })
    }
    this.#isReading = false
  }

  #join(newest: ThreadPage, reach: string | null): void {
    const held = this.#state.entries
    const from = newest.entries[0]?.key
    const at = held.findIndex((entry) => entry.key === from)
    // What was held and does not reach the newest part would leave a gap: it is read again when asked for.
    const older = at > 0 ? held.slice(0, at) : []
    const entries = shareStructure(held, [...older, ...newest.entries])
    const isReached = entries.some(
      (entry) => entry.type === 'message' && entry.message.id === reach,
    )
    this.#put({
      entries,
      hasOlder: older.length > 0 ? this.#state.hasOlder : newest.hasOlder,
      isPartial: newest.isPartial,
      seenSeq: this.#state.isRead ? this.#state.seenSeq : newest.seenSeq,
      isRead: true,
      missed: reach === null || isReached ? this.#state.missed : reach,
      error: null,
    })
  }

  #page(before: string | null, limit: number, reach: string | null = null) {
    return this.#client.ask('conversation.thread', {
      conversationId: this.#conversationId,
      before,
      limit,
      ...(reach === null ? {} : { reach }),
    })
  }

  #put(part: Partial<ThreadState>): void {
    this.#state = { ...this.#state, ...part }
    for (const listener of this.#listeners) listener()
  }
}
