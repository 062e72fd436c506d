import { type LoadedBatch, type LoadedKind, type Content } from './deliver-batch.ts'
import { isAfter, type Position } from './position.ts'

/** Kept at least: who was here a few minutes ago, or before a restart, is served from memory. */
const MOST_CHANGES = 5_000

/** What was read at one time, up to a place in the feed. */
export interface Recent {
  batch: LoadedBatch
  to: Position
  /** Where whoever has it may resume: earlier than `to` while something before that is held back. */
  cursor: Position
}

interface Shared {
  content: Content
  uses: number
}

/**
 * The last changes that a process has read, with their content, in the order in which they are given out. Everybody who
 * follows walks along here at their own pace, so nothing waits for anybody. A row that has changed again since is given
 * as it is now in its earlier changes, too: nobody is shown what was so before, and nobody what has left them since.
 */
export class RecentChanges {
  /** Everything after this place is here, or still to be read. */
  #start: Position
  readonly #entries: Recent[] = []
  /** How many have gone: an entry's number is its place and this. */
  #gone = 0
  #changes = 0
  readonly #contents = new Map<string, Shared>()

  constructor(start: Position) {
    this.#start = start
  }

  get start(): Position {
    return this.#start
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0
  }

  /** Begins anew: what was here is of a time that is too long ago. */
  reset(start: Position): void {
    this.#gone += this.#entries.length
    this.#entries.length = 0
    this.#contents.clear()
    this.#changes = 0
    this.#start = start
  }

  /** @returns its number */
  append(entry: Recent): number {
    for (const kind of entry.batch.loaded) this.#share(kind)
    const number = this.#gone + this.#entries.length
    this.#entries.push(entry)
    this.#changes += entry.batch.changes.length
    while (this.#changes > MOST_CHANGES && this.#entries.length > 1) this.#drop()
    return number
  }

  /** The number of the first entry after a place; null where what follows it is not here any more. */
  after(position: Position): number | null {
    if (position.epoch !== this.#start.epoch || isAfter(this.#start, position)) return null
    let [from, to] = [0, this.#entries.length]
    while (from < to) {
      const middle = (from + to) >> 1
      const entry = this.#entries[middle]
      if (entry !== undefined && isAfter(entry.to, position)) to = middle
      else from = middle + 1
    }
    return this.#gone + from
  }

  /** Null: it is still to come; `gone`: it is not here any more. */
  at(number: number): Recent | 'gone' | null {
    if (number < this.#gone) return 'gone'
    return this.#entries[number - this.#gone] ?? null
  }

  #share({ served, present }: LoadedKind): void {
    for (const [id, content] of present) {
      const key = `${served.kind} ${id}`
      const known = this.#contents.get(key)
      if (known === undefined) {
        this.#contents.set(key, { content, uses: 1 })
      } else {
        known.uses += 1
        known.content.seen = content.seen
        present.set(id, known.content)
      }
    }
  }

  #drop(): void {
    const oldest = this.#entries.shift()
    if (oldest === undefined) return
    this.#gone += 1
    this.#changes -= oldest.batch.changes.length
    this.#start = oldest.to
    for (const { served, present } of oldest.batch.loaded) {
      for (const id of present.keys()) {
        const key = `${served.kind} ${id}`
        const known = this.#contents.get(key)
        if (known !== undefined && --known.uses === 0) this.#contents.delete(key)
      }
    }
  }
}
