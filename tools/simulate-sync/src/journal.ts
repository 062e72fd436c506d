/** What each person did, as the one who did it knows it: to be compared with what came of it. */

export interface Deed {
  readonly number: number
  readonly device: number
  readonly personId: string
  readonly method: string
  readonly conversationId: string | null
  readonly atMs: number
  /** Words that stand nowhere else. */
  readonly words: string | null
  /** What the engine answered; null: nothing yet, or it crashed over it. */
  outcome: { intentIds: string[] } | { refusal: string } | null
}

export class Journal {
  readonly deeds: Deed[] = []
  /** Drafts as they were last written, by device and conversation: what it may be, where a crash left that open. */
  readonly drafts = new Map<string, Set<string>>()
  /** Intents that their person took back, discarded, or lost with a cache that they gave up themselves. */
  readonly givenUp = new Set<string>()
  /** Words that a person decided to send again. */
  readonly sentAgain = new Set<string>()
  /** The greatest mark of each person on each conversation, as it stood where they made it. */
  readonly marks = new Map<string, { turn: number; seq: number }>()
  /** Moments to which the database went back, and when that was. */
  readonly goneBack: { toMs: number; atMs: number }[] = []

  mark(
    personId: string,
    conversationId: string,
    { turn, seq }: { turn: number; seq: number },
  ): void {
    const key = `${personId} ${conversationId}`
    const before = this.marks.get(key)
    const isGreater =
      before === undefined || turn > before.turn || (turn === before.turn && seq > before.seq)
    if (isGreater) this.marks.set(key, { turn, seq })
  }

  add(deed: Omit<Deed, 'number' | 'outcome'>): Deed {
    const added = { ...deed, number: this.deeds.length + 1, outcome: null }
    this.deeds.push(added)
    return added
  }
}
