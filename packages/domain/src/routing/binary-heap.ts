/** A queue that always gives the smallest item first; adding and taking cost the logarithm of its size. */
export class BinaryHeap<Item> {
  readonly #items: Item[] = []
  readonly #compare: (a: Item, b: Item) => number

  constructor(compare: (a: Item, b: Item) => number) {
    this.#compare = compare
  }

  /** The smallest, left where it is. */
  peek(): Item | undefined {
    return this.#items[0]
  }

  push(item: Item): void {
    const items = this.#items
    let at = items.length
    while (at > 0) {
      const above = (at - 1) >> 1
      const parent = items[above] as Item
      if (this.#compare(item, parent) >= 0) break
      items[at] = parent
      at = above
    }
    items[at] = item
  }

  /** The smallest, taken out. */
  pop(): Item | undefined {
    const items = this.#items
    const smallest = items[0]
    const last = items.pop()
    if (items.length > 0) this.#sink(last as Item)
    return smallest
  }

  /** Puts an item in the place of the first and lets it down to where it belongs. */
  #sink(item: Item): void {
    const items = this.#items
    let at = 0
    for (;;) {
      let below = 2 * at + 1
      if (below >= items.length) break
      const right = below + 1
      if (right < items.length && this.#compare(items[right] as Item, items[below] as Item) < 0) {
        below = right
      }
      if (this.#compare(item, items[below] as Item) <= 0) break
      items[at] = items[below] as Item
      at = below
    }
    items[at] = item
  }
}
