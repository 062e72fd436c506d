import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** What a seed decides. Whoever draws has a generator of their own, so that one's draws do not move another's. */
export class Random {
  readonly #generator: ReturnType<typeof xoroshiro128plus>

  constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed)
  }

  /** From `from` to `to`, both among them. */
  int(from: number, to: number): number {
    return uniformInt(this.#generator, from, to)
  }

  /** From 0 to 1, without 1. */
  fraction(): number {
    return this.int(0, 0xff_ffff) / 0x100_0000
  }

  chance(probability: number): boolean {
    return this.fraction() < probability
  }

  one<Item>(items: readonly Item[]): Item {
    if (items.length === 0) throw new Error('nothing to choose from')
    return items[this.int(0, items.length - 1)] as Item
  }

  /** Undefined where there is nothing to choose from. */
  maybeOne<Item>(items: readonly Item[]): Item | undefined {
    return items.length === 0 ? undefined : this.one(items)
  }

  /** By their weights. */
  weighted<Item>(items: readonly (readonly [Item, number])[]): Item {
    let left = this.fraction() * items.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [item, weight] of items) if ((left -= weight) < 0) return item
    return (items.at(-1) as readonly [Item, number])[0]
  }

  bytes(into: Uint8Array): void {
    for (let index = 0; index < into.length; index++) into[index] = this.int(0, 255)
  }

  seed(): number {
    return this.int(0, 0x7fff_fffe)
  }
}
