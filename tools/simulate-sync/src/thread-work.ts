import files from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'

/**
 * What Node does in other threads: signatures of tokens, what a server reads as it starts. How long each takes is the
 * machine's, so whoever waits for quiet waits for them, and they end in the order in which they were begun. Passwords are
 * not among them: who signs somebody in waits for the answer.
 */
class ThreadWork {
  underWay = 0
  #last: Promise<unknown> = Promise.resolve()

  watch<Result>(work: Promise<Result>): Promise<Result> {
    this.underWay += 1
    const before = this.#last
    const inOrder = (async () => {
      const [ended] = await Promise.allSettled([work, before])
      this.underWay -= 1
      if (ended.status === 'rejected') throw ended.reason
      return ended.value
    })()
    this.#last = inOrder.catch(() => {})
    return inOrder
  }

  async over(): Promise<void> {
    while (this.underWay > 0) await this.#last
  }
}

export const threadWork = new ThreadWork()

function wrap(of: object, names: readonly string[]): void {
  const methods = of as Record<string, (this: unknown, ...given: unknown[]) => Promise<unknown>>
  for (const name of names) {
    const plain = methods[name]
    if (plain === undefined) throw new Error(`there is no ${name} to be watched`)
    methods[name] = function (this: unknown, ...given: unknown[]) {
      return threadWork.watch(plain.apply(this, given))
    }
  }
}

export function watchThreads(): void {
  const { subtle } = globalThis.crypto
  wrap(Object.getPrototypeOf(subtle) as object, ['importKey', 'sign', 'verify', 'digest'])
  wrap(files, ['readFile', 'readdir', 'stat', 'lstat', 'access'])
  syncBuiltinESMExports()
}
