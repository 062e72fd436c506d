import { IDLE_AFTER_SECONDS, type DeviceState } from '@parley/domain'
import { powerMonitor } from 'electron'

export interface DeviceWatchOptions {
  report(state: DeviceState): void
  /** The machine is about to sleep. */
  onSleep(): void
  /** Sleep is over: what was connected before it is so no longer. */
  onWake(): void
}

const MOST_BETWEEN_LOOKS_MS = 15_000

/**
 * Whether somebody is before this machine, by the operating system's count of idle time, its sleep and its
 * lock. That somebody has gone is noticed when it is so; that they are back, within a quarter of a minute,
 * or at once where they come back to our own window.
 */
export class DeviceWatch {
  readonly #options: DeviceWatchOptions
  #isSuspended = false
  #isLocked = false
  /** Whoever has just opened the lid is there, whatever the idle time counts through the sleep. */
  #wokeAtMs = -Infinity
  #reported: DeviceState | null = null
  #nextLook: NodeJS.Timeout | undefined

  constructor(options: DeviceWatchOptions) {
    this.#options = options
  }

  start(): void {
    powerMonitor.on('suspend', () => {
      this.#options.onSleep()
      this.#sleep({ isSuspended: true })
    })
    powerMonitor.on('lock-screen', () => this.#sleep({ isLocked: true }))
    powerMonitor.on('resume', () => {
      this.#isSuspended = false
      this.#wake()
    })
    powerMonitor.on('unlock-screen', () => {
      this.#isLocked = false
      this.#wake()
    })
    this.look()
  }

  stop(): void {
    clearTimeout(this.#nextLook)
  }

  look(): void {
    clearTimeout(this.#nextLook)
    const idleSeconds = this.#idleSeconds()
    const state = this.#stateAt(idleSeconds)
    if (state !== this.#reported) {
      this.#reported = state
      this.#options.report(state)
    }
    if (state === 'asleep') return
    // Exactly when it would become idle; while it is idle, often enough to see the person come back.
    const untilIdleMs = Math.max(1, IDLE_AFTER_SECONDS - idleSeconds) * 1000
    const delayMs =
      state === 'active' ? Math.min(untilIdleMs, MOST_BETWEEN_LOOKS_MS) : MOST_BETWEEN_LOOKS_MS
    this.#nextLook = setTimeout(() => this.look(), delayMs)
  }

  #sleep(how: { isSuspended?: true; isLocked?: true }): void {
    this.#isSuspended ||= how.isSuspended ?? false
    this.#isLocked ||= how.isLocked ?? false
    this.look()
  }

  #wake(): void {
    this.#wokeAtMs = Date.now()
    this.#options.onWake()
    this.look()
  }

  #idleSeconds(): number {
    const sinceWake = (Date.now() - this.#wokeAtMs) / 1000
    return Math.min(powerMonitor.getSystemIdleTime(), sinceWake)
  }

  #stateAt(idleSeconds: number): DeviceState {
    if (this.#isSuspended || this.#isLocked) return 'asleep'
    return idleSeconds >= IDLE_AFTER_SECONDS ? 'idle' : 'active'
  }
}
