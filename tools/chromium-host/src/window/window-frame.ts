import { EventEmitter } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { chromium } from '../chromium/chromium.ts'
import { headless, report } from '../environment.ts'

type State = 'normal' | 'minimized' | 'maximized' | 'fullscreen'
interface ChromiumBounds {
  left: number
  top: number
  width: number
  height: number
  windowState: State
}
type Rectangle = Electron.Rectangle

/** A window without a frame around it, as one that nobody sees may be, is no larger than its content. */
const INSET_KNOWN_WITHIN_MS = headless ? 100 : 3_000
const INSET_PAUSE_MS = 10

const sameSize = (a: Rectangle, b: Rectangle): boolean =>
  a.width === b.width && a.height === b.height
const samePlace = (a: Rectangle, b: Rectangle): boolean => a.x === b.x && a.y === b.y

/** The event of arriving in a state, and of leaving it for normal. */
const ENTERED: Partial<Record<State, string>> = {
  minimized: 'minimize',
  maximized: 'maximize',
  fullscreen: 'enter-full-screen',
}
const LEFT: Partial<Record<State, string>> = {
  minimized: 'restore',
  maximized: 'unmaximize',
  fullscreen: 'leave-full-screen',
}

/**
 * Place, size and state of a window. What the app asks for holds at once for its own questions; events follow when
 * Chromium has done it. Sizes are those of the content: Chromium's own frame around it is not the app's.
 * Emits: resize, move, and those of ENTERED and LEFT.
 */
export class WindowFrame extends EventEmitter {
  #bounds: Rectangle
  #normal: Rectangle
  #reported: Rectangle
  #state: State = 'normal'
  /** What the app asks for; what it asked last may still be waiting in the queue. */
  #hidden = false
  /** What Chromium has been told: while it is so, the window is minimised only to be out of sight. */
  #concealed = false
  #targetId: string | undefined
  #windowId = 0
  #inset = { width: 0, height: 0 }
  #queue: Promise<unknown> = Promise.resolve()

  constructor(bounds: Rectangle) {
    super()
    this.#bounds = this.#normal = this.#reported = bounds
  }

  get bounds(): Rectangle {
    return { ...this.#bounds }
  }
  get normalBounds(): Rectangle {
    return { ...this.#normal }
  }
  get state(): State {
    return this.#state
  }

  /** The window exists now: gives it what was asked for so far. */
  async attach(targetId: string): Promise<void> {
    this.#targetId = targetId
    const { windowId } = await this.#read()
    this.#windowId = windowId
    await this.#place(this.#normal)
    this.#inset = await this.#readInset()
    if (this.#hidden) await this.#conceal(true)
    else if (this.#state !== 'normal') await this.#setWindowState(this.#state)
    await this.#update()
  }

  /**
   * How much larger the window is than its content. Chromium opened it with the content's size for
   * the whole, and for a moment may tell that size still: what is no larger is looked at again.
   */
  async #readInset(): Promise<{ width: number; height: number }> {
    const deadlineMs = performance.now() + INSET_KNOWN_WITHIN_MS
    for (;;) {
      const { bounds } = await this.#read()
      const inset = {
        width: bounds.width - this.#normal.width,
        height: bounds.height - this.#normal.height,
      }
      if (inset.width !== 0 || inset.height !== 0 || performance.now() > deadlineMs) return inset
      await setTimeout(INSET_PAUSE_MS)
    }
  }

  setBounds(wanted: Partial<Rectangle>): void {
    const bounds = { ...this.#bounds, ...wanted }
    this.#bounds = this.#normal = bounds
    // A look that is queued before this still finds the old place, and must not become what is wanted.
    this.#enqueue(() => this.#place(bounds))
  }

  setState(state: State): void {
    if (this.#targetId === undefined) this.#state = state
    this.#enqueue(() => this.#setWindowState(state))
  }

  /** Chromium knows no hidden windows: one is minimised instead, and its state events are kept back. */
  setHidden(hidden: boolean): void {
    if (hidden === this.#hidden) return
    this.#hidden = hidden
    this.#enqueue(() => this.#conceal(hidden))
  }

  async #conceal(hidden: boolean): Promise<void> {
    this.#concealed = hidden
    const shown = this.#state === 'minimized' ? 'normal' : this.#state
    await this.#setWindowState(hidden ? 'minimized' : shown)
  }

  /** Reads what a person, or the window manager, has made of the window. */
  refresh(): void {
    this.#enqueue(async () => {})
  }

  /** One change after the other, each followed by a look at what came of it. */
  #enqueue(change: () => Promise<void>): void {
    if (this.#targetId === undefined) return
    this.#queue = this.#queue
      .then(change)
      .then(() => this.#update())
      .catch((error: Error) => {
        if (!/No window with|No target with|browser is closed/i.test(error.message))
          report('window bounds')(error)
      })
  }

  async #place({ x, y, width, height }: Rectangle): Promise<void> {
    const windowId = this.#windowId
    // Chromium places and sizes normal windows only.
    await chromium.send('Browser.setWindowBounds', { windowId, bounds: { windowState: 'normal' } })
    await chromium.send('Browser.setWindowBounds', { windowId, bounds: { left: x, top: y } })
    await chromium.send('Browser.setContentsSize', { windowId, width, height })
  }

  async #setWindowState(windowState: State): Promise<void> {
    const windowId = this.#windowId
    const now = (await this.#read()).bounds.windowState
    if (now === windowState) return
    if (now !== 'normal')
      await chromium.send('Browser.setWindowBounds', {
        windowId,
        bounds: { windowState: 'normal' },
      })
    if (windowState !== 'normal')
      await chromium.send('Browser.setWindowBounds', { windowId, bounds: { windowState } })
  }

  async #update(): Promise<void> {
    const { bounds } = await this.#read()
    const before = this.#state
    if (!this.#concealed) this.#state = bounds.windowState
    if (bounds.windowState !== 'minimized') {
      const inset = bounds.windowState === 'fullscreen' ? { width: 0, height: 0 } : this.#inset
      this.#bounds = {
        x: bounds.left,
        y: bounds.top,
        width: bounds.width - inset.width,
        height: bounds.height - inset.height,
      }
    }
    if (bounds.windowState === 'normal') this.#normal = this.#bounds
    this.#report(before)
  }

  #report(before: State): void {
    if (before !== this.#state) {
      const event = ENTERED[this.#state] ?? LEFT[before]
      if (event !== undefined) this.emit(event)
    }
    const reported = this.#reported
    this.#reported = this.#bounds
    if (!sameSize(reported, this.#bounds)) this.emit('resize')
    if (!samePlace(reported, this.#bounds)) this.emit('move')
  }

  #read(): Promise<{ windowId: number; bounds: ChromiumBounds }> {
    return chromium.send('Browser.getWindowForTarget', { targetId: this.#targetId })
  }
}
