import { Duplex } from 'node:stream'

import { runAs, type Actor } from './actor.ts'

/** One end of a connection without a network: what is written here is read there, by whoever is there. */
class End extends Duplex {
  readonly remoteAddress: string
  readonly #owner: Actor | null
  other: End | null = null

  constructor(owner: Actor | null, remoteAddress: string) {
    super()
    this.#owner = owner
    this.remoteAddress = remoteAddress
    this.on('error', () => {})
  }

  // What Node's HTTP and ws ask of a socket and a pipe has no use for.
  setTimeout(): this {
    return this
  }
  setNoDelay(): this {
    return this
  }
  setKeepAlive(): this {
    return this
  }
  ref(): this {
    return this
  }
  unref(): this {
    return this
  }

  arrive(chunk: Buffer | null): void {
    if (this.#owner?.isAlive === false) return
    runAs(this.#owner, () => void this.push(chunk))
  }

  breakOff(): void {
    if (!this.destroyed) runAs(this.#owner, () => this.destroy())
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.other?.arrive(chunk)
    done()
  }

  override _final(done: () => void): void {
    this.other?.arrive(null)
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const { other } = this
    this.other = null
    if (other !== null) queueMicrotask(() => other.breakOff())
    done(error)
  }
}

export function pipe(
  server: Actor,
  clientAddress: string,
): { near: Duplex; far: Duplex; breakOff(): void } {
  const near = new End(null, '10.0.0.1')
  const far = new End(server, clientAddress)
  near.other = far
  far.other = near
  return {
    near,
    far,
    breakOff() {
      near.breakOff()
      far.breakOff()
    },
  }
}
