import { changesBetween, type Patch, type Reading } from '@parley/contracts'

/** More than a window keeps: those on the screen and the forty that it was on last. */
const MOST_KEPT = 64

interface Kept {
  id: number
  answer: unknown
  /** What it was made of, for the other window, or for who was not reached by the answer. */
  since: { id: number; changes: Patch } | null
}

/**
 * The last answer to each question, so that who holds it is told only what has changed since. One person's: a session has
 * its own, which goes with its cache, since what customers wrote stands in them.
 */
export class Answers {
  /** The most recently asked last. */
  readonly #kept = new Map<string, Kept>()
  /** Begins anywhere: the window outlives engines and sessions, and must not take one's answers for another's. */
  #nextId = Math.floor(Math.random() * 2 ** 48)

  /** @param held the id of what the asker has; null: nothing */
  reading<Answer>(question: string, answer: Answer, held: number | null): Reading<Answer> {
    const kept = this.#keep(question, answer)
    if (held === kept.id) return { id: kept.id, changes: null }
    if (held !== null && held === kept.since?.id)
      return { id: kept.id, changes: kept.since.changes }
    return { id: kept.id, whole: answer }
  }

  #keep(question: string, answer: unknown): Kept {
    const before = this.#kept.get(question)
    const kept = before === undefined ? this.#made(answer, null) : this.#after(before, answer)
    this.#kept.delete(question)
    this.#kept.set(question, kept)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest)
    return kept
  }

  #after(before: Kept, answer: unknown): Kept {
    const changes = changesBetween(before.answer, answer)
    if (changes === null) return before
    // Changes that are about as much as the whole are no less to carry, and more to put together.
    const enough = weightOf(changes) * 2
    const isLess = weightOf(answer, enough) > enough
    return this.#made(answer, isLess ? { id: before.id, changes } : null)
  }

  #made(answer: unknown, since: Kept['since']): Kept {
    return { id: this.#nextId++, answer, since }
  }
}

/** Roughly what it takes to carry it. Nobody needs to know by how much it is more than `enough`. */
function weightOf(value: unknown, enough = Infinity): number {
  if (typeof value === 'string') return value.length + 2
  if (typeof value !== 'object' || value === null) return 4
  let weight = 2
  for (const [name, part] of Object.entries(value)) {
    weight += (Array.isArray(value) ? 1 : name.length + 4) + weightOf(part, enough - weight)
    if (weight > enough) break
  }
  return weight
}
