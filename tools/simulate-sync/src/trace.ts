/**
 * Everything that passes between the simulation's parts, finer than the history: what two runs of a seed must have
 * alike. Kept only where somebody compares.
 */
class Trace {
  #lines: string[] | null = null

  begin(isKept: boolean): void {
    this.#lines = isKept ? [] : null
  }

  get isKept(): boolean {
    return this.#lines !== null
  }

  note(text: string): void {
    this.#lines?.push(text.replaceAll(/\s+/g, ' ').slice(0, 160))
  }

  get lines(): readonly string[] {
    return this.#lines ?? []
  }
}

export const trace = new Trace()

/** Where two runs part, with what was alike before; null: nowhere. */
export function firstDifference(one: readonly string[], other: readonly string[]): string | null {
  const length = Math.max(one.length, other.length)
  for (let place = 0; place < length; place++) {
    if (one[place] === other[place]) continue
    const before = one.slice(Math.max(0, place - 20), place).map((line) => `    ${line}`)
    return [
      ...before,
      `  1 ${one[place] ?? '(nothing more)'}`,
      `  2 ${other[place] ?? '(nothing more)'}`,
    ].join('\n')
  }
  return null
}
