import { promisify } from 'node:util'
import { gunzipSync, gzip, gzipSync } from 'node:zlib'

import { type BootstrapPage, type Coverage, type PutItem } from '@parley/contracts'

const compress = promisify(gzip)

/** Compressed once for many: the effort is worth it. */
const SHARED_GZIP = { level: 6 }
/** Rows are like each other: more effort saves little and costs the processor that all share. */
const OWN_GZIP = { level: 3 }

/** All that stands between two parts that are shared. */
const GZIPPED_COMMA = gzipSync(',')

/** Rows that several people are given alike, as they go out: made into text and compressed once for all of them. */
export class SharedItems {
  readonly count: number
  readonly gzipped: Buffer

  private constructor(count: number, gzipped: Buffer) {
    this.count = count
    this.gzipped = gzipped
  }

  static async of(items: readonly PutItem[]): Promise<SharedItems> {
    return new SharedItems(items.length, await compress(listed(items), SHARED_GZIP))
  }

  /** Read again, for the few who do not pass them on. */
  items(): PutItem[] {
    return JSON.parse(`[${gunzipSync(this.gzipped).toString()}]`) as PutItem[]
  }
}

/** What one reader alone is given, or what all are given alike. */
export type PagePart = readonly PutItem[] | SharedItems

/** A page of a fresh load, in parts that are put together when it goes out. */
export class LoadedPage {
  readonly cursor: string | null
  readonly parts: readonly PagePart[]
  readonly nextPage: string | null
  readonly coverage: Coverage | null

  constructor({
    cursor,
    parts,
    nextPage,
    coverage,
  }: Omit<BootstrapPage, 'items'> & { parts: readonly PagePart[] }) {
    this.cursor = cursor
    this.parts = parts
    this.nextPage = nextPage
    this.coverage = coverage
  }

  toJSON(): BootstrapPage {
    return { ...this.#head(), items: this.parts.flatMap(itemsOf) }
  }

  /**
   * Its JSON between other text, compressed: pieces of which each is whole by itself, one behind the other. That is one
   * file to whoever unpacks it (RFC 1952, 2.2), so what is shared goes out as it is kept.
   */
  async gzipped(before: string, behind: string): Promise<Buffer> {
    const pieces = this.#pieces(before, behind).map((piece) => {
      if (piece === ',') return GZIPPED_COMMA
      return typeof piece === 'string' ? compress(piece, OWN_GZIP) : piece.gzipped
    })
    return Buffer.concat(await Promise.all(pieces))
  }

  #pieces(before: string, behind: string): (string | SharedItems)[] {
    const pieces: (string | SharedItems)[] = []
    let own = `${before}${JSON.stringify(this.#head()).slice(0, -1)},"items":[`
    let isFirst = true
    for (const part of this.parts) {
      if (countOf(part) === 0) continue
      if (!isFirst) own += ','
      isFirst = false
      if (part instanceof SharedItems) {
        pieces.push(own, part)
        own = ''
      } else {
        own += listed(part)
      }
    }
    return [...pieces, `${own}]}${behind}`].filter((piece) => piece !== '')
  }

  /** What is known without the rows comes first. */
  #head(): Omit<BootstrapPage, 'items'> {
    return { cursor: this.cursor, nextPage: this.nextPage, coverage: this.coverage }
  }
}

export function countOf(part: PagePart): number {
  return part instanceof SharedItems ? part.count : part.length
}

function itemsOf(part: PagePart): readonly PutItem[] {
  return part instanceof SharedItems ? part.items() : part
}

/** In JSON, with commas between them. */
function listed(items: readonly PutItem[]): string {
  return JSON.stringify(items).slice(1, -1)
}
