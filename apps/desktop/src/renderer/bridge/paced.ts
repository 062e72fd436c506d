/**
 * Runs something whenever it is asked for, but not more often than so, never twice at a time, and always
 * once more after the last time it was asked for.
 */
export class Paced {
  readonly #run: () => Promise<void>
  readonly #atLeastMs: number
  #wanted = false
  #running = false
  #stopped = false
  #lastAt = -Infinity
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(run: () => Promise<void>, atLeastMs: number) {
    this.#run = run
    this.#atLeastMs = atLeastMs
  }

  ask(): void {
    this.#wanted = true
    this.#next()
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }

  #next(): void {
    if (this.#stopped || this.#running || !this.#wanted) return
    clearTimeout(this.#timer)
    const waitMs = this.#lastAt + this.#atLeastMs - Date.now()
    if (waitMs > 0) {
      this.#timer = setTimeout(() => this.#next(), waitMs)
      return
    }
    void this.#once()
  }

  async #once(): Promise<void> {
    this.#wanted = false
    this.#running = true
    this.#lastAt = Date.now()
    await this.#run()
    this.#running = false
    this.#next()
  }
}
