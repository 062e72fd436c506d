interface Entry {
  keys: readonly string[]
  start(): void
}

/**
 * What concerns the same thing is begun in the order in which it came, each when the one before it has ended; everything
 * else goes on meanwhile. Nothing waits in here but what waits for its turn.
 */
export class Turns {
  readonly #queues = new Map<string, Entry[]>()

  /**
   * @param keys what it concerns; none: it is begun at once
   * @param start begins it, with what has to be called when it has ended
   */
  add(keys: readonly string[], start: (ended: () => void) => void): void {
    const entry: Entry = {
      keys: [...new Set(keys)],
      start: () => start(() => this.#end(entry)),
    }
    for (const key of entry.keys) {
      const queue = this.#queues.get(key)
      if (queue === undefined) this.#queues.set(key, [entry])
      else queue.push(entry)
    }
    if (this.#isFirst(entry)) entry.start()
  }

  #isFirst(entry: Entry): boolean {
    return entry.keys.every((key) => this.#queues.get(key)?.[0] === entry)
  }

  #end(entry: Entry): void {
    const next = new Set<Entry>()
    for (const key of entry.keys) {
      const queue = this.#queues.get(key)
      queue?.shift()
      const [first] = queue ?? []
      if (first === undefined) this.#queues.delete(key)
      else next.add(first)
    }
    for (const one of next) if (this.#isFirst(one)) one.start()
  }
}
