import { type FeedItem, type FeedMessage } from '@parley/contracts'
import { type Actor } from '@parley/domain'

import { loadSessionActor, sessionEnded, type SessionActor } from '../../platform/actor.ts'
import { type Failure } from '../../platform/failure.ts'
import { type Queryable } from '../../platform/database.ts'
import { type Metrics } from '../../platform/metrics.ts'
import { type Services } from '../../platform/services.ts'
import { itemsFor, loadBatch, type LoadedBatch } from './deliver-batch.ts'
import { readChanges } from './feed.queries.ts'
import { type Kinds } from './kinds.ts'
import { after, isAfter, toCursor, type Position } from './position.ts'

const READ_LIMIT = 500
/** What a slow reader may have waiting; further back it reads the database again, at its own pace. */
const MAXIMUM_WAITING_BATCHES = 50

export interface Delivered {
  cursor: string
  message: FeedMessage
}

/**
 * One person's way through the feed: up to the present from the database, then what the hub hands over. Who
 * cannot keep up goes back to the database, so what waits for them never grows.
 */
export class FeedReader {
  readonly sessionId: string
  readonly #db: Queryable
  readonly #kinds: Kinds
  readonly #metrics: Metrics
  readonly #signal: AbortSignal
  #actor: Actor
  #position: Position
  #waiting: { batch: LoadedBatch; to: Position }[] = []
  #isBehind = true
  #ending: Failure | null = null
  #wake = (): void => {}

  constructor(
    { db, metrics }: Services,
    kinds: Kinds,
    session: SessionActor,
    from: Position,
    signal: AbortSignal,
  ) {
    this.#db = db
    this.#kinds = kinds
    this.#metrics = metrics
    this.sessionId = session.sessionId
    this.#actor = session
    this.#position = from
    this.#signal = signal
    signal.addEventListener('abort', () => this.#wake(), { once: true })
  }

  /** Hands over what the hub has read. */
  push(batch: LoadedBatch, to: Position): void {
    if (!this.#isBehind) this.#waiting.push({ batch, to })
    if (this.#waiting.length > MAXIMUM_WAITING_BATCHES) {
      this.#waiting = []
      this.#isBehind = true
      this.#metrics.feedReadersBehind.inc()
    }
    this.#wake()
  }

  /** Ends the reading with this failure. */
  end(failure: Failure): void {
    this.#ending ??= failure
    this.#wake()
  }

  /** Ends when the signal says so; throws when the session is over. */
  async *read(): AsyncGenerator<Delivered, void> {
    // What the cache was filled with may be older than the person's present permissions.
    yield this.#batchOf([accessItem(this.#actor)])
    yield* this.#catchUp()
    yield { cursor: toCursor(this.#position), message: { type: 'live' } }
    while (!this.#signal.aborted) {
      if (this.#ending !== null) throw this.#ending
      if (this.#isBehind) {
        yield* this.#catchUp()
        continue
      }
      const next = this.#waiting.shift()
      if (next === undefined) {
        await new Promise<void>((resolve) => (this.#wake = resolve))
      } else if (isAfter(next.to, this.#position)) {
        yield* this.#deliver(next.batch, next.to)
      }
    }
  }

  async *#catchUp(): AsyncGenerator<Delivered, void> {
    // From here on the hub's batches wait again: what it read before is in the database already.
    this.#isBehind = false
    while (!this.#signal.aborted && this.#ending === null) {
      const { changes } = await readChanges(this.#db, this.#position, READ_LIMIT)
      if (changes.length === 0) return
      yield* this.#deliver(
        await loadBatch(this.#db, this.#kinds, changes),
        after(this.#position, changes),
      )
    }
  }

  async *#deliver(batch: LoadedBatch, to: Position): AsyncGenerator<Delivered, void> {
    this.#position = to
    const items = await this.#itemsOf(batch)
    if (items.length > 0) yield this.#batchOf(items)
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

  #batchOf(items: FeedItem[]): Delivered {
    const cursor = toCursor(this.#position)
    return { cursor, message: { type: 'batch', batch: { cursor, items } } }
  }
}

function accessItem({ role, teamIds }: Actor): FeedItem {
  return { op: 'access', role, teamIds: [...teamIds] }
}

function hasSameAccess(a: Actor, b: Actor): boolean {
  return a.role === b.role && [...a.teamIds].toSorted().join() === [...b.teamIds].toSorted().join()
}
