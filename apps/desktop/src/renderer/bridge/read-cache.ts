import type { AppError, BridgeInput, BridgeOutputs } from '@parley/contracts'

import { type ReadMethod } from '../contributions/contributed.ts'
import { type Reads } from '../contributions/contribution.ts'
import { derived } from '../contributions/registry.ts'
import { type Changed, isStale } from './changes.ts'
import { type Client, type Held } from './client.ts'

export interface ReadState<Value> {
  /** The last good answer; stays while it is read again, and beside an error. */
  value: Value | undefined
  error: AppError | null
}

interface Entry {
  method: ReadMethod
  input: unknown
  state: ReadState<unknown>
  /** The last good answer, to be told only what has changed since. */
  held: Held<unknown> | null
  listeners: Set<() => void>
  /** Changed since it was last asked for. */
  stale: boolean
  asking: boolean
}

const staleWhen = derived((contributions): Reads =>
  Object.assign({}, ...contributions.map(({ reads }) => reads)),
)

const NOTHING: ReadState<never> = { value: undefined, error: null }
/** Answers kept of what is not on the screen, so that going back shows it at once. */
const KEPT_UNUSED = 40

/**
 * Answers of the engine, by question. Two components that ask the same share one answer; a change asks
 * again only for what is on the screen, never twice at a time, and marks the rest stale.
 */
export class ReadCache {
  readonly #client: Client
  readonly #entries = new Map<string, Entry>()
  /** How many there have been. */
  #person = 1
  #disposeChanged: () => void

  constructor(client: Client) {
    this.#client = client
    this.#disposeChanged = client.on('changed', (changed) => this.#onChanged(changed))
  }

  dispose(): void {
    this.#disposeChanged()
  }

  /** Another person, another cache: nothing of the last one stays in memory. */
  forgetAll(): void {
    this.#person += 1
    for (const [key, entry] of this.#entries) {
      if (entry.listeners.size === 0) this.#entries.delete(key)
      else {
        this.#put(entry, NOTHING)
        entry.held = null
        entry.stale = true
        void this.#ask(entry)
      }
    }
  }

  state<Method extends ReadMethod>(key: string): ReadState<BridgeOutputs[Method]> {
    return (this.#entries.get(key)?.state ?? NOTHING) as ReadState<BridgeOutputs[Method]>
  }

  subscribe<Method extends ReadMethod>(
    key: string,
    method: Method,
    input: BridgeInput<Method>,
    listener: () => void,
  ): () => void {
    let entry = this.#entries.get(key)
    if (!entry) {
      entry = {
        method,
        input,
        state: NOTHING,
        held: null,
        listeners: new Set(),
        stale: true,
        asking: false,
      }
    } else {
      // Most recently used last.
      this.#entries.delete(key)
    }
    this.#entries.set(key, entry)
    entry.listeners.add(listener)
    const subscribed = entry
    if (entry.stale) void this.#ask(entry)
    return () => {
      subscribed.listeners.delete(listener)
      this.#forgetOldest()
    }
  }

  readAgain(key: string): void {
    const entry = this.#entries.get(key)
    if (!entry) return
    entry.stale = true
    void this.#ask(entry)
  }

  #onChanged(changed: Changed): void {
    for (const entry of this.#entries.values()) {
      const when = staleWhen()[entry.method] ?? {}
      const { conversationId } = (entry.input ?? {}) as { conversationId?: string }
      if (!isStale(when, changed, conversationId)) continue
      entry.stale = true
      if (entry.listeners.size > 0) void this.#ask(entry)
    }
  }

  async #ask(entry: Entry): Promise<void> {
    if (entry.asking) return
    entry.asking = true
    while (entry.stale) {
      // What changes while we ask makes the answer stale again, and it is asked once more.
      entry.stale = false
      const person = this.#person
      const result = await this.#client.read(
        entry.method,
        entry.input as never,
        entry.held as never,
      )
      // Made of what somebody else held: it is stale, and asked for once more where it is still shown.
      if (person !== this.#person) continue
      if (result.ok) {
        entry.held = result.value
        this.#put(entry, { value: result.value.value, error: null })
      } else this.#put(entry, { value: entry.state.value, error: result.error })
      if (entry.listeners.size === 0) break
    }
    entry.asking = false
  }

  #put(entry: Entry, state: ReadState<unknown>): void {
    if (entry.state.value === state.value && entry.state.error === state.error && state !== NOTHING)
      return
    entry.state = state
    for (const listener of entry.listeners) listener()
  }

  #forgetOldest(): void {
    const unused = [...this.#entries].filter(([, entry]) => entry.listeners.size === 0)
    for (const [key] of unused.slice(0, Math.max(0, unused.length - KEPT_UNUSED))) {
      this.#entries.delete(key)
    }
  }
}
