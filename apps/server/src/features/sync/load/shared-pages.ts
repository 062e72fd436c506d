import { type Queryable } from '../../../platform/database.ts'
import { currentPosition } from '../feed.queries.ts'
import { isAfter, parseCursor, type Position } from '../position.ts'

/** Long enough for those who come together, as after a restart. */
const KEPT_FOR_MS = 5_000
/** A page is a megabyte or two of rows; the oldest go. */
const MOST_KEPT = 40

interface Kept {
  readAtMs: number
  /** Nothing in it is older than this place in the feed. */
  position: Promise<Position>
  content: Promise<unknown>
}

/**
 * Pages that several people are given alike, read once for all whose loads are under way together. What each may read of them
 * is cut afterwards. A load takes only pages that are no older than its cursor, so that the feed repeats whatever they
 * lack: it begins with a cursor that is as old as the oldest that is kept.
 */
export class SharedPages {
  readonly #db: Queryable
  readonly #kept = new Map<string, Kept>()

  constructor(db: Queryable) {
    this.#db = db
  }

  /** Whoever comes alone begins with what is so now. */
  forget(): void {
    this.#kept.clear()
  }

  /** Where a load begins. */
  async oldest(): Promise<Position> {
    this.#forgetOld()
    // What is being read right now is no older than the present.
    const [present, ...kept] = await Promise.all([
      currentPosition(this.#db),
      ...[...this.#kept.values()].map(({ position }) => position.catch(() => null)),
    ])
    return kept.reduce<Position>((oldest, position) => {
      const isOlder =
        position !== null && position.epoch === oldest.epoch && isAfter(oldest, position)
      return isOlder ? position : oldest
    }, present)
  }

  /** @param cursor of the load that asks */
  async read<Content>(
    key: string,
    cursor: string,
    readAfresh: () => Promise<Content>,
  ): Promise<Content> {
    this.#forgetOld()
    const kept = this.#kept.get(key)
    if (kept !== undefined && (await isUsable(kept, cursor))) {
      return (await kept.content) as Content
    }
    return this.#readAfresh(key, readAfresh)
  }

  async #readAfresh<Content>(key: string, readAfresh: () => Promise<Content>): Promise<Content> {
    const position = currentPosition(this.#db)
    const content = position.then(readAfresh)
    const kept: Kept = { readAtMs: performance.now(), position, content }
    this.#kept.delete(key)
    this.#kept.set(key, kept)
    content.catch(() => {
      if (this.#kept.get(key) === kept) this.#kept.delete(key)
    })
    for (const oldest of [...this.#kept.keys()].slice(0, -MOST_KEPT)) this.#kept.delete(oldest)
    return content
  }

  #forgetOld(): void {
    const oldestMs = performance.now() - KEPT_FOR_MS
    for (const [key, { readAtMs }] of this.#kept) {
      if (readAtMs > oldestMs) return
      this.#kept.delete(key)
    }
  }
}

async function isUsable({ position }: Kept, cursor: string): Promise<boolean> {
  const [from, read] = [parseCursor(cursor), await position.catch(() => null)]
  return from !== null && read !== null && read.epoch === from.epoch && !isAfter(from, read)
}
