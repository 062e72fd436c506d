import { type PutItem } from '@parley/contracts'

import { type Queryable } from '../../../platform/database.ts'
import { currentPosition } from '../feed.queries.ts'
import { type Apart } from '../kinds.ts'
import { isAfter, parseCursor, type Position } from '../position.ts'
import { SharedItems } from './loaded-page.ts'

/**
 * Long enough that of each team somebody comes again, where a whole company comes at once. As much of the feed is repeated
 * to each of them at most.
 */
const KEPT_FOR_MS = 15_000
/** Beyond that the oldest go. */
const MOST_KEPT_BYTES = 48 * 1024 * 1024

/** What is kept of a page: what all are given alike as it goes out, and of what each has their part the whole. */
export interface SharedPage {
  alike: SharedItems
  apart: readonly Apart[]
  conversations: number
  /** Messages and events. */
  threadParts: number
  hasMore: boolean
  /** Of the last conversation, where the next page begins. */
  lastId: string | null
  lastClosedAt: string | null
  /** The same of any other kind. */
  nextAfter: string | null
}

/** @param alike made into what goes out */
export async function sharedPage(
  alike: readonly PutItem[],
  more: Partial<Omit<SharedPage, 'alike'>> = {},
): Promise<SharedPage> {
  return { ...NOTHING, ...more, alike: await SharedItems.of(alike) }
}

const NOTHING: Omit<SharedPage, 'alike'> = {
  apart: [],
  conversations: 0,
  threadParts: 0,
  hasMore: false,
  lastId: null,
  lastClosedAt: null,
  nextAfter: null,
}

interface Kept {
  readAtMs: number
  /** Nothing in it is older than this place in the feed. */
  position: Promise<Position>
  page: Promise<SharedPage>
  /** In memory, as soon as that is known. */
  bytes: number
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
  async read(
    key: string,
    cursor: string,
    readAfresh: () => Promise<SharedPage>,
  ): Promise<SharedPage> {
    this.#forgetOld()
    const kept = this.#kept.get(key)
    if (kept !== undefined && (await isUsable(kept, cursor))) return kept.page
    return this.#readAfresh(key, readAfresh)
  }

  #readAfresh(key: string, readAfresh: () => Promise<SharedPage>): Promise<SharedPage> {
    const position = currentPosition(this.#db)
    const page = position.then(readAfresh)
    const kept: Kept = { readAtMs: performance.now(), position, page, bytes: 0 }
    this.#kept.delete(key)
    this.#kept.set(key, kept)
    page.then(
      (content) => {
        kept.bytes = bytesOf(content)
        this.#forgetBeyond()
      },
      () => {
        if (this.#kept.get(key) === kept) this.#kept.delete(key)
      },
    )
    return page
  }

  #forgetBeyond(): void {
    let bytes = 0
    for (const kept of this.#kept.values()) bytes += kept.bytes
    for (const [key, kept] of this.#kept) {
      if (bytes <= MOST_KEPT_BYTES) return
      this.#kept.delete(key)
      bytes -= kept.bytes
    }
  }

  #forgetOld(): void {
    const oldestMs = performance.now() - KEPT_FOR_MS
    for (const [key, { readAtMs }] of this.#kept) {
      if (readAtMs > oldestMs) return
      this.#kept.delete(key)
    }
  }
}

/** Rows in memory take several times what they take as text. */
const ROW_FACTOR = 4
const LEAST_BYTES = 2_000

function bytesOf({ alike, apart }: SharedPage): number {
  return LEAST_BYTES + alike.gzipped.length + ROW_FACTOR * JSON.stringify(apart).length
}

async function isUsable({ position }: Kept, cursor: string): Promise<boolean> {
  const [from, read] = [parseCursor(cursor), await position.catch(() => null)]
  return from !== null && read !== null && read.epoch === from.epoch && !isAfter(from, read)
}
