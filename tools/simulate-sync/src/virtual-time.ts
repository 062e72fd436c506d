import nodeTimers from 'node:timers'
import nodeTimersPromises from 'node:timers/promises'
import nodeCrypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'

import { Crashed, currentActor, runAs, type Actor } from './actor.ts'
import { type Random } from './random.ts'
import { threadWork } from './thread-work.ts'
import { trace } from './trace.ts'

/** A working Monday, so that business hours are what they are on the first run and on the thousandth. */
export const BEGINNING_MS = Date.parse('2026-03-02T15:00:00Z')

/** What the simulation itself waits with. */
export const real = {
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  setImmediate: globalThis.setImmediate,
  sleepImmediate: nodeTimersPromises.setImmediate,
  now: performance.now.bind(performance),
}

class Timer {
  dueMs: number
  readonly order: number
  readonly owner: Actor | null
  readonly everyMs: number | null
  readonly fire: () => void
  isCleared = false
  isRef = true
  readonly delayMs: number

  constructor(
    order: number,
    dueMs: number,
    delayMs: number,
    everyMs: number | null,
    owner: Actor | null,
    fire: () => void,
  ) {
    this.order = order
    this.dueMs = dueMs
    this.delayMs = delayMs
    this.everyMs = everyMs
    this.owner = owner
    this.fire = fire
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  hasRef(): boolean {
    return this.isRef
  }

  refresh(): this {
    this.dueMs = time.nowMs + this.delayMs
    if (!time.has(this)) time.add(this)
    return this
  }

  close(): this {
    this.isCleared = true
    time.forget(this)
    return this
  }

  [Symbol.toPrimitive](): number {
    return this.order
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

const isAwake = (owner: Actor | null): boolean => owner === null || owner.asleepSinceMs === null

/** The world's time: it stands still until the simulation moves it, and timers run when it comes to them. */
class VirtualTime {
  nowMs = BEGINNING_MS
  #random: Random | null = null
  #order = 0
  readonly #timers = new Map<number, Timer>()

  begin(random: Random): void {
    this.nowMs = BEGINNING_MS
    this.#random = random
    this.#timers.clear()
    this.#order = 0
  }

  get random(): Random {
    if (this.#random === null) throw new Error('the simulation has not begun')
    return this.#random
  }

  has(timer: Timer): boolean {
    return this.#timers.has(timer.order)
  }

  add(timer: Timer): void {
    this.#timers.set(timer.order, timer)
  }

  forget(timer: Timer): void {
    this.#timers.delete(timer.order)
  }

  schedule(fire: () => void, delayMs: number, isRepeated = false): Timer {
    const owner = currentActor()
    const delay = Number.isFinite(delayMs) && delayMs >= 1 ? Math.min(delayMs, 0x7fff_ffff) : 1
    const order = ++this.#order
    const timer = new Timer(
      order,
      this.nowMs + delay,
      delay,
      isRepeated ? delay : null,
      owner,
      fire,
    )
    this.#timers.set(order, timer)
    return timer
  }

  clear(given: unknown): void {
    const timer = given instanceof Timer ? given : this.#timers.get(Number(given))
    timer?.close()
  }

  /** When the next timer of anybody who is awake is due; null: there is none. */
  nextDueMs(): number | null {
    let next: number | null = null
    for (const timer of this.#timers.values()) {
      if (timer.owner?.isAlive === false) this.#timers.delete(timer.order)
      else if (isAwake(timer.owner) && (next === null || timer.dueMs < next)) next = timer.dueMs
    }
    return next
  }

  /** Runs what is due by now, in its order. */
  runDue(): number {
    const due = [...this.#timers.values()]
      .filter(({ dueMs, owner }) => dueMs <= this.nowMs && isAwake(owner))
      .toSorted((a, b) => a.dueMs - b.dueMs || a.order - b.order)
    for (const timer of due) {
      if (timer.isCleared) continue
      if (timer.everyMs === null) this.#timers.delete(timer.order)
      else timer.dueMs = this.nowMs + timer.everyMs
      if (timer.owner?.isAlive === false) continue
      trace.note(`a timer of ${timer.owner?.name ?? 'the world'} after ${timer.delayMs}`)
      try {
        runAs(timer.owner, timer.fire)
      } catch (error) {
        // Nobody is left to be told of it.
        if (!(error instanceof Crashed)) throw error
      }
    }
    return due.length
  }

  /** It wakes: its timers go on where they stood. */
  wake(actor: Actor): void {
    if (actor.asleepSinceMs === null) return
    const sleptMs = this.nowMs - actor.asleepSinceMs
    actor.sleptMs += sleptMs
    actor.asleepSinceMs = null
    for (const timer of this.#timers.values()) if (timer.owner === actor) timer.dueMs += sleptMs
  }

  monotonicMs(): number {
    const actor = currentActor()
    const at = actor?.asleepSinceMs ?? this.nowMs
    return at - BEGINNING_MS + 1000 - (actor?.sleptMs ?? 0)
  }

  wallMs(): number {
    return Math.floor(this.nowMs + (currentActor()?.clockOffsetMs ?? 0))
  }
}

export const time = new VirtualTime()

/** From now on everybody in this process lives in the simulation's time, and draws by its seed. Not undone. */
export function takeOverTime(): void {
  const timeout = (fire: (...given: unknown[]) => void, ms = 1, ...given: unknown[]) =>
    time.schedule(() => fire(...given), Number(ms))
  const interval = (fire: (...given: unknown[]) => void, ms = 1, ...given: unknown[]) =>
    time.schedule(() => fire(...given), Number(ms), true)
  const clear = (timer: unknown): void => time.clear(timer)
  Object.assign(globalThis, {
    setTimeout: timeout,
    setInterval: interval,
    clearTimeout: clear,
    clearInterval: clear,
  })
  Object.assign(nodeTimers, {
    setTimeout: timeout,
    setInterval: interval,
    clearTimeout: clear,
    clearInterval: clear,
  })
  Object.assign(nodeTimersPromises, { setTimeout: sleep })
  takeOverTurns()
  performance.now = () => time.monotonicMs()
  const RealDate = Date
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, given, newTarget) =>
      Reflect.construct(target, given.length === 0 ? [time.wallMs()] : given, newTarget) as object,
    apply: () => new RealDate(time.wallMs()).toString(),
    get: (target, name, receiver) =>
      name === 'now' ? () => time.wallMs() : (Reflect.get(target, name, receiver) as unknown),
  })
  AbortSignal.timeout = (ms: number) => {
    const controller = new AbortController()
    time.schedule(
      () =>
        controller.abort(
          new DOMException('The operation was aborted due to timeout', 'TimeoutError'),
        ),
      ms,
    )
    return controller.signal
  }
  takeOverChance()
  syncBuiltinESMExports()
}

/** How many of the product's turns are still to come. */
let turnsToCome = 0

function takeOverTurns(): void {
  const immediate = (fire: (...given: unknown[]) => void, ...given: unknown[]): unknown => {
    turnsToCome += 1
    const actor = currentActor()
    return real.setImmediate(() => {
      turnsToCome -= 1
      if (actor?.isAlive !== false) fire(...given)
    })
  }
  const sleepImmediate = async <Value>(value?: Value): Promise<Value | undefined> => {
    turnsToCome += 1
    await real.sleepImmediate()
    turnsToCome -= 1
    return value
  }
  Object.assign(globalThis, { setImmediate: immediate })
  Object.assign(nodeTimers, { setImmediate: immediate })
  Object.assign(nodeTimersPromises, { setImmediate: sleepImmediate })
}

/** Until nobody in this process has anything to go on with. */
export async function quiescence(): Promise<void> {
  // What Node does of its own in later turns is over after a few.
  for (let quiet = 0; quiet < 4; quiet = turnsToCome + threadWork.underWay === 0 ? quiet + 1 : 0) {
    await threadWork.over()
    await new Promise<void>((resolve) => void real.setImmediate(resolve))
  }
}

async function sleep<Value>(
  ms = 1,
  value?: Value,
  { signal }: { signal?: AbortSignal } = {},
): Promise<Value | undefined> {
  signal?.throwIfAborted()
  return await new Promise((resolve, reject) => {
    const timer = time.schedule(() => {
      signal?.removeEventListener('abort', abort)
      resolve(value)
    }, ms)
    const abort = (): void => {
      timer.close()
      reject(new DOMException('The operation was aborted', 'AbortError'))
    }
    signal?.addEventListener('abort', abort, { once: true })
  })
}

/** Ids, keys and jitter. */
function takeOverChance(): void {
  const fill = <Into extends ArrayBufferView>(into: Into): Into => {
    time.random.bytes(new Uint8Array(into.buffer, into.byteOffset, into.byteLength))
    return into
  }
  const uuid = (): string => {
    const bytes = fill(new Uint8Array(16))
    bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40
    bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
    const hex = Buffer.from(bytes).toString('hex')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  }
  Math.random = () => time.random.fraction()
  const { randomBytes } = nodeCrypto
  Object.assign(nodeCrypto, {
    randomUUID: uuid,
    randomFillSync: fill,
    randomBytes: (size: number, ...given: unknown[]) =>
      given.length === 0
        ? Buffer.from(fill(new Uint8Array(size)))
        : (randomBytes as (...all: unknown[]) => unknown)(size, ...given),
  })
  Object.assign(globalThis.crypto, { randomUUID: uuid, getRandomValues: fill })
}
