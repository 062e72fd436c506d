import { EventEmitter } from 'node:events'
import { identity } from '../app/identity.ts'
import { type AttachedPage, chromium } from '../chromium/chromium.ts'
import { measureDisplay, primaryDisplay } from '../desktop/screen.ts'
import type { NativeImage } from '../desktop/native-image.ts'
import { headless, report, warn } from '../environment.ts'
import { log } from '../host-log.ts'
import type { PageMessage } from '../page/preload-environment.ts'
import { preventableEvent } from '../preventable-event.ts'
import { lifecycle } from './lifecycle.ts'
import { watchOpenRequests } from './open-requests.ts'
import { Page, type PageOptions } from './page.ts'
import { startPageUrl } from './start-page.ts'
import { internals, WebContents } from './web-contents.ts'
import { WindowFrame } from './window-frame.ts'
import { checkWebPreferences, initialBounds } from './window-options.ts'

type Options = Electron.BrowserWindowConstructorOptions
type Rectangle = Electron.Rectangle

const CLOSED_AGAIN_AFTER_MS = 1_000

let lastId = 0
const all = new Map<number, BrowserWindow>()
let focused: BrowserWindow | null = null

const FRAME_EVENTS = [
  'resize',
  'move',
  'minimize',
  'restore',
  'maximize',
  'unmaximize',
  'enter-full-screen',
  'leave-full-screen',
]

export class BrowserWindow extends EventEmitter {
  readonly id = ++lastId
  readonly webContents: WebContents
  #pageOptions: PageOptions
  #frame: WindowFrame
  #page: Page | undefined
  #title: string
  #visible: boolean
  #alwaysOnTop: boolean
  #onAllWorkspaces = false
  #resizable: boolean
  #minimumSize: [number, number]
  #closing = false
  #destroyed = false
  #readyToShow = false

  /** `adopted` is a window that a page has opened. It is not part of Electron's surface. */
  constructor(options: Options = {}, adopted?: AttachedPage) {
    super()
    checkWebPreferences(options.webPreferences)
    const { preload, additionalArguments = [] } = options.webPreferences ?? {}
    this.#pageOptions = { preload, additionalArguments }
    this.#title = options.title ?? identity.name
    this.#visible = options.show !== false
    this.#alwaysOnTop = options.alwaysOnTop ?? false
    this.#resizable = options.resizable ?? true
    this.#minimumSize = [options.minWidth ?? 0, options.minHeight ?? 0]
    this.#frame = new WindowFrame(initialBounds(options, primaryDisplay().workArea))
    // A window that waits to be shown must not be seen; without a display nobody can see it anyway.
    if (!this.#visible && !headless) this.#frame.setHidden(true)
    if (options.fullscreen) this.#frame.setState('fullscreen')
    for (const event of FRAME_EVENTS) this.#frame.on(event, () => this.emit(event))
    this.#frame.on('minimize', () => this.blur())

    this.webContents = new WebContents({
      openPage: (firstUrl) => this.#openPage(firstUrl),
      close: () => this.close(),
      focus: () => this.focus(),
      isFocused: () => this.isFocused(),
      contentSize: () => this.#frame.bounds,
    })
    this.#frame.on('resize', () => this.webContents[internals].resized())
    this.webContents.on('dom-ready', () => this.#domReady())
    this.webContents.on('page-title-updated', (_event, title: string) => this.#pageTitled(title))
    all.set(this.id, this)
    if (this.#visible) this.#takeFocus()
    lifecycle.emit('window-created', this)
    if (adopted) void this.#wire(adopted).catch(report('a window opened by a page'))
  }

  static getAllWindows(): BrowserWindow[] {
    return [...all.values()]
  }
  static fromId(id: number): BrowserWindow | null {
    return all.get(id) ?? null
  }
  static fromWebContents(contents: WebContents): BrowserWindow | null {
    return [...all.values()].find((window) => window.webContents === contents) ?? null
  }
  static getFocusedWindow(): BrowserWindow | null {
    return focused
  }

  loadURL(url: string): Promise<void> {
    return this.webContents.loadURL(url)
  }
  loadFile(file: string, options?: Electron.LoadFileOptions): Promise<void> {
    return this.webContents.loadFile(file, options)
  }
  reload(): void {
    this.webContents.reload()
  }
  capturePage(rect?: Rectangle): Promise<NativeImage> {
    return this.webContents.capturePage(rect)
  }

  show(): void {
    this.#reveal()
    this.focus()
  }
  showInactive(): void {
    this.#reveal()
  }
  hide(): void {
    if (!this.#visible) return
    this.#visible = false
    this.#frame.setHidden(true)
    this.blur()
    this.emit('hide')
  }
  isVisible(): boolean {
    return this.#visible
  }
  focus(): void {
    this.#page?.session.tell('Page.bringToFront')
    this.#takeFocus()
  }
  blur(): void {
    if (focused !== this) return
    focused = null
    this.emit('blur')
    lifecycle.emit('window-blurred', this)
  }
  isFocused(): boolean {
    return focused === this
  }

  minimize(): void {
    this.#frame.setState('minimized')
  }
  restore(): void {
    this.#frame.setState('normal')
  }
  maximize(): void {
    this.#frame.setState('maximized')
  }
  unmaximize(): void {
    if (this.isMaximized()) this.#frame.setState('normal')
  }
  setFullScreen(flag: boolean): void {
    if (flag !== this.isFullScreen()) this.#frame.setState(flag ? 'fullscreen' : 'normal')
  }
  isMinimized(): boolean {
    return this.#frame.state === 'minimized'
  }
  isMaximized(): boolean {
    return this.#frame.state === 'maximized'
  }
  isFullScreen(): boolean {
    return this.#frame.state === 'fullscreen'
  }

  getBounds(): Rectangle {
    return this.#frame.bounds
  }
  getContentBounds(): Rectangle {
    return this.#frame.bounds
  }
  getNormalBounds(): Rectangle {
    return this.#frame.normalBounds
  }
  getSize(): number[] {
    const { width, height } = this.#frame.bounds
    return [width, height]
  }
  getContentSize(): number[] {
    return this.getSize()
  }
  getPosition(): number[] {
    const { x, y } = this.#frame.bounds
    return [x, y]
  }
  setBounds(bounds: Partial<Rectangle>): void {
    const [minWidth, minHeight] = this.#minimumSize
    const wanted = { ...this.#frame.bounds, ...bounds }
    this.#frame.setBounds({
      ...wanted,
      width: Math.max(wanted.width, minWidth),
      height: Math.max(wanted.height, minHeight),
    })
  }
  setSize(width: number, height: number): void {
    this.setBounds({ width, height })
  }
  setContentSize(width: number, height: number): void {
    this.setBounds({ width, height })
  }
  setPosition(x: number, y: number): void {
    this.setBounds({ x, y })
  }
  center(): void {
    this.setBounds(initialBounds(this.#frame.bounds, primaryDisplay().workArea, 'center'))
  }
  getMinimumSize(): number[] {
    return [...this.#minimumSize]
  }
  setMinimumSize(width: number, height: number): void {
    this.#minimumSize = [width, height]
  }
  setResizable(resizable: boolean): void {
    this.#resizable = resizable
  }
  isResizable(): boolean {
    return this.#resizable
  }

  getTitle(): string {
    return this.#title
  }
  setTitle(title: string): void {
    this.#title = title
  }
  flashFrame(flag: boolean): void {
    log.flashing = log.flashing.filter((id) => id !== this.id)
    if (flag) log.flashing.push(this.id)
  }
  /** Remembered, with no level: Chromium's window has none. */
  setAlwaysOnTop(flag: boolean, _level?: string): void {
    if (flag === this.#alwaysOnTop) return
    this.#alwaysOnTop = flag
    this.emit('always-on-top-changed', {}, flag)
  }
  isAlwaysOnTop(): boolean {
    return this.#alwaysOnTop
  }
  setVisibleOnAllWorkspaces(visible: boolean): void {
    this.#onAllWorkspaces = visible
  }
  isVisibleOnAllWorkspaces(): boolean {
    return this.#onAllWorkspaces
  }
  // What Chromium's window cannot wear; the README has them as not shown.
  setMenu(): void {}
  removeMenu(): void {}
  setMenuBarVisibility(): void {}
  setAutoHideMenuBar(): void {}
  setIcon(): void {}
  setOverlayIcon(): void {}
  setProgressBar(): void {}
  setSkipTaskbar(): void {}
  setBackgroundColor(): void {}
  setTitleBarOverlay(): void {}
  setContentProtection(): void {}

  close(): void {
    void requestClose(this)
  }
  destroy(): void {
    this.#closing = true
    this.#closeTarget()
    this.#gone()
  }
  isDestroyed(): boolean {
    return this.#destroyed
  }

  /** Resolves to false when the app prevented it. For `app.quit`. */
  async [internals](): Promise<boolean> {
    if (this.#destroyed) return true
    const event = preventableEvent({})
    this.emit('close', event)
    if (event.defaultPrevented) return false
    this.#closing = true
    if (!this.#page) {
      this.#gone()
    } else if (!this.#destroyed) {
      const closed = new Promise<void>((resolve) => this.once('closed', resolve))
      this.#closeTarget()
      // Of a page that has just come Chromium says that it is closed, and now and then leaves it open.
      const again = setInterval(() => this.#closeTarget(), CLOSED_AGAIN_AFTER_MS)
      await closed
      clearInterval(again)
    }
    return true
  }

  async #openPage(firstUrl: string): Promise<Page> {
    const { width, height } = this.#frame.bounds
    const attached = await chromium.openWindow(startPageUrl(firstUrl, headless), width, height)
    return this.#wire(attached)
  }

  async #wire(attached: AttachedPage): Promise<Page> {
    const page = await Page.wire(attached, this.#pageOptions)
    this.#page = page
    page.on('gone', () => this.#pageGone())
    page.on('resized', () => this.#frame.refresh())
    page.on('message', (message: PageMessage) => {
      // Without a display every page believes that it has the focus.
      if (message.kind !== 'focus' || headless) return
      if (message.focused) this.#takeFocus()
      else this.blur()
    })
    watchOpenRequests(this.webContents, page)
    this.webContents[internals].adopt(page)
    attached.resume()
    await this.#frame.attach(page.targetId)
    if (!headless) await measureDisplay(page.session)
    return page
  }

  #domReady(): void {
    if (this.#readyToShow) return
    this.#readyToShow = true
    setImmediate(() => this.emit('ready-to-show'))
  }

  #pageTitled(title: string): void {
    const event = preventableEvent({})
    this.emit('page-title-updated', event, title, true)
    if (!event.defaultPrevented) this.#title = title
  }

  #reveal(): void {
    if (this.#visible) return
    this.#visible = true
    this.#frame.setHidden(false)
    this.emit('show')
  }

  #takeFocus(): void {
    if (focused === this || this.#destroyed) return
    focused?.blur()
    focused = this
    // A new window's owner has had no time to listen yet.
    queueMicrotask(() => {
      this.emit('focus')
      lifecycle.emit('window-focused', this)
    })
  }

  #closeTarget(): void {
    if (this.#page)
      chromium
        .send('Target.closeTarget', { targetId: this.#page.targetId })
        .catch(report('closing a window'))
  }

  /** The window is gone already when Chromium tells: the app hears its 'close', but a veto comes too late. */
  #pageGone(): void {
    if (!this.#closing && !this.#destroyed) {
      const event = preventableEvent({})
      this.emit('close', event)
      if (event.defaultPrevented)
        warn(`window ${this.id} was closed from outside: preventDefault() came too late`)
    }
    this.#gone()
  }

  #gone(): void {
    if (this.#destroyed) return
    this.blur()
    this.#destroyed = true
    all.delete(this.id)
    this.flashFrame(false)
    this.webContents[internals].destroy()
    this.emit('closed')
    lifecycle.emit('window-closed', all.size)
  }
}

export function requestClose(window: BrowserWindow): Promise<boolean> {
  return window[internals]()
}
