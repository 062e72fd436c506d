import { type EngineMethod } from '@parley/contracts'

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

export interface Mark {
  turn: number
  seq: number
}

interface MadeMark extends Mark {
  device: number
  atMs: number
}

export const isGreater = (one: Mark, other: Mark | undefined): boolean =>
  other === undefined || one.turn > other.turn || (one.turn === other.turn && one.seq > other.seq)

export class Journal {
  readonly deeds: Deed[] = []
  /** Drafts as they were last written, by device and conversation: what it may be, where a crash left that open. */
  readonly drafts = new Map<string, Set<string>>()
  /** Intents that their person took back, discarded, or lost with a cache that they gave up themselves. */
  readonly givenUp = new Set<string>()
  /** What the engine did, or showed, when it was asked. */
  readonly carriedOut = new Set<EngineMethod>()
  /** Words that a person decided to send again. */
  readonly sentAgain = new Set<string>()
  /** The greatest mark of each person on each conversation: where and when it was made. */
  readonly marks = new Map<string, MadeMark>()
  /** The greatest that a device had the server's word for. */
  readonly confirmed = new Map<string, Mark>()
  /** Moments to which the database went back, and when that was. */
  readonly goneBack: { toMs: number; atMs: number }[] = []

  mark(personId: string, conversationId: string, made: MadeMark): void {
    const key = `${personId} ${conversationId}`
    if (isGreater(made, this.marks.get(key))) this.marks.set(key, made)
  }

  confirm(personId: string, conversationId: string, mark: Mark): void {
    const key = `${personId} ${conversationId}`
    if (isGreater(mark, this.confirmed.get(key))) this.confirmed.set(key, mark)
  }

  add(deed: Omit<Deed, 'number' | 'outcome'>): Deed {
    const added = { ...deed, number: this.deeds.length + 1, outcome: null }
    this.deeds.push(added)
    return added
  }
}
