import { type FeedItem, type FeedMessage } from '@parley/contracts'
import { type Actor } from '@parley/domain'

import { loadSessionActor, sessionEnded, type SessionActor } from '../../platform/actor.ts'
import { type Queryable } from '../../platform/database.ts'
import { type Failure } from '../../platform/failure.ts'
import { type Metrics } from '../../platform/metrics.ts'
import { type Services } from '../../platform/services.ts'
import { concerns, itemsFor, type LoadedBatch } from './deliver-batch.ts'
import { type PastChanges } from './past-changes.ts'
import { toCursor, type Position } from './position.ts'
import { type Recent, type RecentChanges } from './recent-changes.ts'

export interface Delivered {
  cursor: string
  message: FeedMessage
}

/** Where everybody of a process reads. */
export interface Sources {
  recent: RecentChanges
  past: PastChanges
  /** Whether everything that could be read when this reader came has been read. */
  isCurrent(): boolean
}

/**
 * One person's way through the feed: from where their workstation stands up to what the process remembers, and along
 * that, at their own pace. Who cannot keep up falls behind what is remembered and is led there again, so nothing ever
 * waits for them.
 */
export class FeedReader {
  readonly sessionId: string
  readonly #db: Queryable
  readonly #sources: Sources
  readonly #metrics: Metrics
  #actor: Actor
  #position: Position
  /** Where whoever leaves now resumes: earlier than `#position` while something before that is held back. */
  #cursor: Position
  /** The next of what is remembered; null: further back. */
  #next: number | null = null
  #isLive = false
  #isAborted: boolean
  #ending: Failure | null = null
  /** Ends the waiting for more; null: nobody waits. */
  #wake: (() => void) | null = null

  constructor(
    { db, metrics }: Services,
    sources: Sources,
    session: SessionActor,
    from: Position,
    signal: AbortSignal,
  ) {
    this.#db = db
    this.#sources = sources
    this.#metrics = metrics
    this.sessionId = session.sessionId
    this.#actor = session
    this.#position = this.#cursor = from
    // Asked at every step of everybody, it would take more time than all else.
    this.#isAborted = signal.aborted
    signal.addEventListener(
      'abort',
      () => {
        this.#isAborted = true
        this.wake()
      },
      { once: true },
    )
  }

  /** There is more to read. */
  wake(): void {
    this.#wake?.()
    this.#wake = null
  }

  /** Who waits for just this and has nothing of it goes past it asleep: of many who follow, most have nothing of most. */
  given(number: number, { batch, to, cursor }: Recent): void {
    const isNext = this.#isLive && this.#wake !== null && this.#next === number
    if (!isNext || concerns(batch, this.#actor)) return this.wake()
    this.#next = number + 1
    this.#position = to
    this.#cursor = cursor
  }

  /** There may be nothing more to read, which is news to who has just come. */
  wakeIfBehind(): void {
    if (!this.#isLive) this.wake()
  }

  /** Ends the reading with this failure. */
  end(failure: Failure): void {
    this.#ending ??= failure
    this.wake()
  }

  /** Ends when the signal says so; throws when the session is over. */
  async *read(): AsyncGenerator<Delivered, void> {
    // What the cache was filled with may be older than the person's present permissions.
    yield this.#batchOf([accessItem(this.#actor)], this.#position)
    while (!this.#isAborted) {
      if (this.#ending !== null) throw this.#ending
      const next = await this.#read()
      if (next !== null) {
        this.#position = next.to
        this.#cursor = next.cursor
        const items = await this.#itemsOf(next.batch)
        if (items.length > 0) yield this.#batchOf(items, next.cursor)
      } else if (!this.#isLive && this.#sources.isCurrent()) {
        this.#isLive = true
        yield { cursor: toCursor(this.#cursor), message: { type: 'live' } }
      } else if (this.#hasNothing()) {
        await new Promise<void>((resolve) => (this.#wake = resolve))
      }
    }
  }

  /** Null: there is nothing yet, or it has to be looked for elsewhere. */
  async #read(): Promise<Recent | null> {
    const { recent, past } = this.#sources
    this.#next ??= recent.after(this.#position)
    if (this.#next === null) {
      const portion = await past.next(this.#position)
      // Nothing happened in between that is still known.
      if (portion === null) this.#position = this.#cursor = recent.start
      return portion && { ...portion, cursor: portion.to }
    }
    const entry = recent.at(this.#next)
    if (entry === 'gone') {
      this.#metrics.feedReadersBehind.inc()
      this.#next = null
      this.#position = this.#cursor
      return null
    }
    if (entry !== null) this.#next += 1
    return entry
  }

  /** Asked again without anything awaited in between, so that no news is slept through. */
  #hasNothing(): boolean {
    const isOver = this.#isAborted || this.#ending !== null
    return !isOver && this.#next !== null && this.#sources.recent.at(this.#next) === null
  }

  /** If the batch says that the person themselves changed, their permissions are read again first. */
  async #itemsOf(batch: LoadedBatch): Promise<FeedItem[]> {
    const before = this.#actor
    const isConcerned = batch.loaded.some(
      ({ served, changes }) => served.isReader === true && changes.has(before.userId),
    )
    if (!isConcerned) return itemsFor(batch, before)
    const present = await loadSessionActor(this.#db, this.sessionId)
    if (present === null) throw await sessionEnded(this.#db, this.sessionId)
    this.#actor = present
    const items = await itemsFor(batch, present)
    return hasSameAccess(before, present) ? items : [accessItem(present), ...items]
  }

  #batchOf(items: FeedItem[], at: Position): Delivered {
    const cursor = toCursor(at)
    return { cursor, message: { type: 'batch', batch: { cursor, items } } }
  }
}

function accessItem({ role, teamIds }: Actor): FeedItem {
  return { op: 'access', role, teamIds: [...teamIds] }
}

function hasSameAccess(a: Actor, b: Actor): boolean {
  return a.role === b.role && [...a.teamIds].toSorted().join() === [...b.teamIds].toSorted().join()
}
