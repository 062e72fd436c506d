import { type Change } from './feed.queries.ts'
import { type Position } from './position.ts'

/** What changes within it travels together. */
const HELD_FOR_MS = 1_000

/**
 * Changes of rows that change often, held for a second so that each is given out once, with all others of that second.
 * Whoever leaves meanwhile resumes from before them.
 */
export class HeldChanges {
  readonly #wake: () => void
  #changes: Change[] = []
  #begin: Position | null = null
  #timer: NodeJS.Timeout | undefined
  #isDue = false

  /** @param wake said when what is held is due */
  constructor(wake: () => void) {
    this.#wake = wake
  }

  /** Before the first of them; null: nothing is held. */
  get begin(): Position | null {
    return this.#begin
  }

  get isDue(): boolean {
    return this.#isDue
  }

  add(from: Position, changes: readonly Change[]): void {
    if (changes.length === 0) return
    this.#changes.push(...changes)
    if (this.#begin !== null) return
    this.#begin = from
    this.#timer = setTimeout(() => {
      this.#isDue = true
      this.#wake()
    }, HELD_FOR_MS)
  }

  get changes(): readonly Change[] {
    return this.#changes
  }

  /** They have been given out, or nobody is there who would be. */
  forget(): void {
    clearTimeout(this.#timer)
    this.#changes = []
    this.#begin = null
    this.#isDue = false
  }
}
