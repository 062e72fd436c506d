import type { AppError, BridgeEvents, BridgeResult } from '@parley/contracts'

import { type Client } from './client.ts'

/** A view whose event carries the view itself: read once, then pushed. */
export class LiveValue<Event extends 'session' | 'connection' | 'preferences'> {
  #value: BridgeEvents[Event] | undefined
  #error: AppError | null = null
  readonly #listeners = new Set<() => void>()

  constructor(client: Client, event: Event, method: `${Event}.get`) {
    client.on(event, (value) => this.set(value))
    void this.#read(client, method)
  }

  async #read(client: Client, method: `${Event}.get`): Promise<void> {
    // The contract pairs `x.get` with the event `x`; the compiler cannot follow the name being built.
    const result = (await client.ask(method, undefined as never)) as unknown as BridgeResult<
      BridgeEvents[Event]
    >
    // What was pushed meanwhile is newer than the answer.
    if (this.#value !== undefined) return
    if (result.ok) return this.set(result.value)
    this.#error = result.error
    this.#tell()
  }

  readonly get = (): BridgeEvents[Event] | undefined => this.#value
  readonly error = (): AppError | null => this.#error
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  set(value: BridgeEvents[Event]): void {
    this.#value = value
    this.#error = null
    this.#tell()
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}
