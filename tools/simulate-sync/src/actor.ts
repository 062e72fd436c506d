import { AsyncLocalStorage } from 'node:async_hooks'

/**
 * Whose code runs: a workstation's process or a server's. All of them share this one process, so what belongs to one
 * (its timers, its clock, its connections, its files) is known by who runs. What an actor begins stays its own over
 * every await, timer and event.
 */
export class Actor {
  readonly name: string
  readonly kind: 'workstation' | 'server'
  /** False from the moment it crashed: nothing of it goes on, and nothing reaches it. */
  isAlive = true
  /** Its timers stand still, and with them the clock that counts by itself. */
  asleepSinceMs: number | null = null
  sleptMs = 0
  /** Its own clock's error. */
  clockOffsetMs = 0
  /** Before and after each statement on its cache; may throw. */
  onStatement: ((sql: string, when: 'before' | 'after') => void) | null = null
  readonly databases = new Set<{ close(): unknown; readonly open: boolean }>()

  constructor(kind: Actor['kind'], name: string) {
    this.kind = kind
    this.name = name
  }

  run<Result>(work: () => Result): Result {
    return actors.run(this, work)
  }
}

const actors = new AsyncLocalStorage<Actor | null>()

export const currentActor = (): Actor | null => actors.getStore() ?? null

/** As nobody in particular: the world itself. */
export const asWorld = <Result>(work: () => Result): Result => actors.run(null, work)

export const runAs = <Result>(actor: Actor | null, work: () => Result): Result =>
  actors.run(actor, work)

/** A crash, as its own code sees it: whatever comes of it is the crash's doing and no finding. */
export class Crashed extends Error {
  override name = 'Crashed'
}
