/**
 * Lets concurrent writers share a commit: while one batch is being written, whatever arrives gathers for
 * the next. Nobody waits for a timer; a lone writer goes at once.
 */
export class GroupCommit<Item, Result> {
  readonly #write: (items: Item[]) => Promise<Result[]>
  readonly #maximumBatch: number
  #gathering: {
    item: Item
    resolve: (result: Result) => void
    reject: (error: unknown) => void
  }[] = []
  #writing = false

  /** @param write answers one result per item, in order; if it throws, all its items fail alike */
  constructor(write: (items: Item[]) => Promise<Result[]>, maximumBatch: number) {
    this.#write = write
    this.#maximumBatch = maximumBatch
  }

  /** Resolves once the item is durable. */
  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#gathering.push({ item, resolve, reject })
      if (!this.#writing) void this.#drain()
    })
  }

  async #drain(): Promise<void> {
    this.#writing = true
    while (this.#gathering.length > 0) {
      const batch = this.#gathering.splice(0, this.#maximumBatch)
      try {
        const results = await this.#write(batch.map(({ item }) => item))
        batch.forEach(({ resolve }, index) => resolve(results[index] as Result))
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    this.#writing = false
  }
}
