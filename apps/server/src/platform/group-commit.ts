import { setTimeout } from 'node:timers/promises'

import { within } from './overdue.ts'

/** Longer than a connection is waited for and its statement after that, so that theirs are the words. */
const WRITE_LIMIT_MS = 20_000

/**
 * Lets concurrent writers share a commit: while one batch is being written, whatever arrives gathers for
 * the next. Nobody waits for a timer and a lone writer goes at once, unless it was asked to gather.
 */
export class GroupCommit<Item, Result> {
  readonly #write: (items: Item[]) => Promise<Result[]>
  readonly #maximumBatch: number
  readonly #gatherMs: number
  readonly #writeLimitMs: number
  #gathering: {
    item: Item
    resolve: (result: Result) => void
    reject: (error: unknown) => void
  }[] = []
  #writing: Promise<void> | null = null

  /**
   * @param write answers one result per item, in order; if it throws, all its items fail alike
   * @param gatherMs for what is in no hurry: how long a batch gathers before it is written
   * @param writeLimitMs a write that takes longer fails as Overdue, so that it holds up no later one for ever; it
   *   may still happen
   */
  constructor(
    write: (items: Item[]) => Promise<Result[]>,
    maximumBatch: number,
    gatherMs = 0,
    writeLimitMs = WRITE_LIMIT_MS,
  ) {
    this.#write = write
    this.#maximumBatch = maximumBatch
    this.#gatherMs = gatherMs
    this.#writeLimitMs = writeLimitMs
  }

  /** Resolves once the item is durable. */
  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#gathering.push({ item, resolve, reject })
      this.#writing ??= this.#drain()
    })
  }

  /** Resolves when everything added so far has been written, or has failed. */
  async settled(): Promise<void> {
    await this.#writing
  }

  async #drain(): Promise<void> {
    while (this.#gathering.length > 0) {
      if (this.#gatherMs > 0) await setTimeout(this.#gatherMs)
      const batch = this.#gathering.splice(0, this.#maximumBatch)
      try {
        const results = await within(
          this.#writeLimitMs,
          'a shared write',
          this.#write(batch.map(({ item }) => item)),
        )
        batch.forEach(({ resolve }, index) => resolve(results[index] as Result))
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    // At once, not a turn later: an item that came in between would wait for ever.
    this.#writing = null
  }
}
