import { Socket } from 'node:net'

/**
 * A socket that sends what is written in one turn of the program with one system call. Statements that are
 * begun together travel together.
 */
export class GatheringSocket extends Socket {
  #gathering = false

  override write(...parameters: unknown[]): boolean {
    if (!this.#gathering) {
      this.#gathering = true
      this.cork()
      process.nextTick(() => {
        this.#gathering = false
        this.uncork()
      })
    }
    return super.write(...(parameters as Parameters<Socket['write']>))
  }
}
