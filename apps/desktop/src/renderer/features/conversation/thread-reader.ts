import type { AppError, BridgeResult, ThreadEntry, ThreadPage } from '@parley/contracts'
import { sharing } from '@parley/contracts/values'

import { isStale } from '../../bridge/changes.ts'
import { type Client, type Held } from '../../bridge/client.ts'
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
/** Each number of messages is a question of its own, which is answered whole the first time: so they go in steps. */
const LIMIT_STEP = 20
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
  /** The newest part as it was read last. */
  #newest: Held<ThreadPage> | null = null
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
    const result = await this.#client.ask('conversation.thread', {
      conversationId: this.#conversationId,
      before: first.key,
      limit: OLDER_PAGE,
    })
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
      const atLeast = Math.max(PAGE, this.#state.entries.filter(isMessage).length)
      const reach = this.#reach
      this.#reach = null
      const result = await this.#readPage(Math.min(MOST_AT_ONCE, atLeast), reach)
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
    const entries = sharing(held, [...older, ...newest.entries])
    const isReached = entries.some((entry) => isMessage(entry) && entry.message.id === reach)
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

  /** The newest part: where the question is the one of before, only what has changed in it comes. */
  async #readPage(atLeast: number, reach: string | null): Promise<BridgeResult<ThreadPage>> {
    const limit = Math.ceil(atLeast / LIMIT_STEP) * LIMIT_STEP
    const result = await this.#client.read(
      'conversation.thread',
      {
        conversationId: this.#conversationId,
        before: null,
        limit,
        ...(reach === null ? {} : { reach }),
      },
      this.#newest,
    )
    if (!result.ok) return result
    this.#newest = result.value
    const page = this.#newest.value
    return { ok: true, value: reach === null ? newestOf(page, atLeast) : page }
  }

  #put(part: Partial<ThreadState>): void {
    this.#state = { ...this.#state, ...part }
    for (const listener of this.#listeners) listener()
  }
}

const isMessage = (entry: ThreadEntry) => entry.type === 'message'

/** Without what came only because limits go in steps: what is shown grows by what is written and by what is asked for. */
function newestOf(page: ThreadPage, count: number): ThreadPage {
  const messages = page.entries.filter(isMessage)
  const first = messages.at(-count)
  if (messages.length <= count || first === undefined) return page
  return { ...page, entries: page.entries.slice(page.entries.indexOf(first)), hasOlder: true }
}
