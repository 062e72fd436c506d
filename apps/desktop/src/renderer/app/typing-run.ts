/**
 * Two printable keys closer together than this are writing and not two commands. A single key waits as long before it
 * acts: whether it begins a word only the next one can tell.
 */
export const KEY_PAUSE_MS = 180
/** Whoever has begun to write is still at it until they have rested for this long. */
export const WRITING_PAUSE_MS = 700

/**
 * What a key means while nobody writes. `repeats`: it changes nothing but what is marked, and is pressed several times in
 * a row, so that it acts at once. `begins`: the first key of a sequence.
 */
export type KeyMeaning = 'command' | 'repeats' | 'begins' | 'nothing'

export interface Stroke {
  text: string
  at: number
  meaning: KeyMeaning
  /** With the key before it, it is a sequence. */
  completes: boolean
  /** The key is held down. */
  isHeld: boolean
}

export type Verdict =
  /** It acts now. */
  | { kind: 'act' }
  /** What was pressed since the run began acts once the pause is over. */
  | { kind: 'wait' }
  /** These letters are somebody's words. */
  | { kind: 'write'; text: string }
  | { kind: 'ignore' }

/** Printable keys in a row, of which it is to be told whether they are commands or words. */
export class TypingRun {
  #text = ''
  #lastAt = Number.NEGATIVE_INFINITY
  #state: 'waiting' | 'repeating' | 'writing' = 'waiting'

  stroke(stroke: Stroke): Verdict {
    const goesOn = this.goesOnAt(stroke.at)
    if (goesOn && this.#state === 'writing') return this.#write(stroke, stroke.text)
    if (stroke.isHeld && stroke.meaning !== 'repeats') return { kind: 'ignore' }
    // No word begins with two of them; after one it may be a word's first letter.
    if (goesOn && this.#state === 'repeating') {
      if (stroke.meaning === 'repeats') return this.#go(stroke, 'repeating', { kind: 'act' })
      if (this.#text.length > 1) return this.#begin(stroke)
    }
    if (!goesOn) return this.#begin(stroke)
    if (stroke.completes) return this.#go(stroke, 'waiting', { kind: 'wait' })
    return this.#write(stroke, this.#text + stroke.text)
  }

  /** Something was typed where text goes by itself. */
  typed(at: number): void {
    this.#state = 'writing'
    this.#lastAt = at
  }

  /** Whether what is pressed now belongs to what was pressed before. */
  goesOnAt(at: number): boolean {
    return at - this.#lastAt < (this.#state === 'writing' ? WRITING_PAUSE_MS : KEY_PAUSE_MS)
  }

  isWritingAt(at: number): boolean {
    return this.#state === 'writing' && this.goesOnAt(at)
  }

  end(): void {
    this.#lastAt = Number.NEGATIVE_INFINITY
  }

  #begin(stroke: Stroke): Verdict {
    this.#text = ''
    switch (stroke.meaning) {
      case 'repeats':
        return this.#go(stroke, 'repeating', { kind: 'act' })
      case 'command':
      case 'begins':
        return this.#go(stroke, 'waiting', { kind: 'wait' })
      case 'nothing':
        return this.#write(stroke, stroke.text)
    }
  }

  #write(stroke: Stroke, text: string): Verdict {
    return this.#go(stroke, 'writing', { kind: 'write', text })
  }

  #go(stroke: Stroke, state: 'waiting' | 'repeating' | 'writing', verdict: Verdict): Verdict {
    this.#state = state
    this.#text += stroke.text
    this.#lastAt = stroke.at
    return verdict
  }
}
