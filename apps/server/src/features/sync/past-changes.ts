import { type Database } from '../../platform/database.ts'
import { loadBatch, type LoadedBatch } from './deliver-batch.ts'
import { readChanges } from './feed.queries.ts'
import { type Kinds } from './kinds.ts'
import { after, isAfter, type Position } from './position.ts'

const READ_LIMIT = 500
/** Long enough for those who come back together; content grows old. */
const KEPT_FOR_MS = 3_000
const MOST_KEPT = 12

interface Portion {
  from: Position
  to: Position
  batch: LoadedBatch
  readAtMs: number
}

/**
 * What happened longer ago than a process remembers, read in portions for all who come back together: whoever stands
 * within a portion takes it as it is, since what they have of it is passed over by its version.
 */
export class PastChanges {
  readonly #db: Database
  readonly #kinds: Kinds
  #kept: Portion[] = []
  /** One at a time: who waits mostly finds what the one before has read. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(db: Database, kinds: Kinds) {
    this.#db = db
    this.#kinds = kinds
  }

  /** Null where there is nothing to be read after this place. */
  async next(position: Position): Promise<Pick<Portion, 'batch' | 'to'> | null> {
    const portion = this.#turn.then(() => this.#find(position) ?? this.#read(position))
    this.#turn = portion.catch(() => {})
    return portion
  }

  #find(position: Position): Portion | undefined {
    const oldestMs = performance.now() - KEPT_FOR_MS
    this.#kept = this.#kept.filter(({ readAtMs }) => readAtMs > oldestMs)
    return this.#kept.find(
      ({ from, to }) =>
        from.epoch === position.epoch && !isAfter(from, position) && isAfter(to, position),
    )
  }

  async #read(from: Position): Promise<Portion | null> {
    const readAtMs = performance.now()
    const { changes } = await readChanges(this.#db, from, READ_LIMIT)
    if (changes.length === 0) return null
    const batch = await loadBatch(this.#db.steady, this.#kinds, changes)
    const portion = { from, to: after(from, changes), batch, readAtMs }
    this.#kept = [...this.#kept, portion].slice(-MOST_KEPT)
    return portion
  }
}
