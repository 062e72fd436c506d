import { EventEmitter } from 'node:events'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { identity } from '../app/identity.ts'
import { createFromBuffer, type NativeImage } from '../desktop/native-image.ts'
import { primaryDisplay } from '../desktop/screen.ts'
import { warn } from '../environment.ts'
import { codec, receiveFromPage } from '../ipc-main.ts'
import type { PageMessage } from '../page/preload-environment.ts'
import { preventableEvent } from '../preventable-event.ts'
import { toChromiumUrl } from '../web/schemes.ts'
import { type DefaultSession, session } from '../web/session.ts'
import { lifecycle } from './lifecycle.ts'
import { loadError } from './load-error.ts'
import { navigateAsMain, unwatchNavigation, watchNavigation } from './navigation.ts'
import type { ConsoleMessage, Page } from './page.ts'
import { WebFrameMain } from './web-frame-main.ts'

/** What the window behind the contents provides; not part of Electron's surface. */
export interface ContentsHost {
  /** Opens the page at the first load, on a start page fit for this URL. */
  openPage(firstUrl: string): Promise<Page>
  close(): void
  focus(): void
  isFocused(): boolean
  /** In CSS pixels at zoom 1. */
  contentSize(): { width: number; height: number }
}
/** For the window's own modules only. */
export const internals = Symbol('internals')
type OpenHandler = Parameters<Electron.WebContents['setWindowOpenHandler']>[0]

let lastId = 0
const all = new Map<number, WebContents>()

export class WebContents extends EventEmitter {
  readonly id = ++lastId
  readonly session: DefaultSession = session.defaultSession
  readonly mainFrame = new WebFrameMain(this)
  readonly [internals]: {
    adopt: (page: Page) => void
    destroy: () => void
    openHandler: OpenHandler | undefined
    resized: () => void
  }
  #host: ContentsHost
  #page: Page | undefined
  #opening: Promise<Page> | undefined
  #url = ''
  #title = ''
  #loading = false
  #crashed = false
  #destroyed = false
  #zoom = 1
  #zoomUsed = false

  constructor(host: ContentsHost) {
    super()
    this.#host = host
    this[internals] = {
      adopt: (page) => this.#adopt(page),
      destroy: () => this.#destroy(),
      openHandler: undefined,
      resized: () => this.#applyZoom(),
    }
    all.set(this.id, this)
  }

  static getAllWebContents(): WebContents[] {
    return [...all.values()]
  }
  static fromId(id: number): WebContents | undefined {
    return all.get(id)
  }
  static fromFrame(frame: WebFrameMain): WebContents | undefined {
    return [...all.values()].find((contents) => contents.mainFrame === frame)
  }
  static fromDevToolsTargetId(targetId: string): WebContents | undefined {
    return [...all.values()].find((contents) => contents.#page?.targetId === targetId)
  }
  static getFocusedWebContents(): WebContents | null {
    return [...all.values()].find((contents) => contents.isFocused()) ?? null
  }

  async loadURL(url: string): Promise<void> {
    const page = await this.#open(url)
    this.#startLoading()
    const loaded = new Promise<void>((resolve, reject) => {
      this.once('did-stop-loading', resolve)
      page.once('gone', () => reject(loadError('net::ERR_FAILED', url)))
    })
    loaded.catch(() => {}) // awaited below, unless the navigation itself fails first
    const target = toChromiumUrl(url)
    const { errorText, loaderId } = await navigateAsMain(page.targetId, () =>
      page.session.send<{ errorText?: string; loaderId?: string }>('Page.navigate', {
        url: target,
      }),
    )
    if (errorText !== undefined) throw this.#loadFailed(errorText, url)
    if (loaderId === undefined) this.#loaded() // a step within the document
    await loaded
  }

  loadFile(file: string, options: Electron.LoadFileOptions = {}): Promise<void> {
    const url = pathToFileURL(path.resolve(identity.appPath, file))
    if (options.search !== undefined) url.search = options.search
    for (const [key, value] of Object.entries(options.query ?? {}))
      url.searchParams.set(key, String(value))
    if (options.hash !== undefined) url.hash = options.hash
    return this.loadURL(url.href)
  }

  reload(): void {
    const page = this.#page
    if (!page) return
    // A crashed page cannot reload itself, but it can be sent to where it was.
    const [method, params] = this.#crashed
      ? (['Page.navigate', { url: toChromiumUrl(this.#url) }] as const)
      : (['Page.reload', {}] as const)
    this.#crashed = false
    this.#startLoading()
    const committed = new Promise<void>((resolve) => page.once('navigated', () => resolve()))
    void navigateAsMain(page.targetId, () => {
      page.session.tell(method, params)
      return committed
    })
  }

  send(channel: string, ...args: unknown[]): void {
    const encoded = codec.encode(args)
    this.#page?.deliver({ kind: 'event', channel, args: encoded })
  }

  /** The result arrives as JSON can carry it; Electron clones it with its types. */
  executeJavaScript(code: string, userGesture = false): Promise<unknown> {
    return this.#evaluate(code, { userGesture })
  }

  async #evaluate(
    code: string,
    how: { userGesture?: boolean; contextId?: number },
  ): Promise<unknown> {
    const page = this.#requirePage()
    const { result, exceptionDetails } = await page.session.send<{
      result: { value?: unknown }
      exceptionDetails?: { text: string; exception?: { description?: string } }
    }>('Runtime.evaluate', {
      expression: code,
      awaitPromise: true,
      returnByValue: true,
      ...how,
    })
    if (exceptionDetails)
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
    return result.value
  }

  /** A world beside the page's own, with the same document: what the page has changed of it is not to be seen there. */
  async executeJavaScriptInIsolatedWorld(
    worldId: number,
    scripts: Electron.WebSource[],
  ): Promise<unknown> {
    const { session: devTools, targetId } = this.#requirePage()
    const { executionContextId } = await devTools.send<{ executionContextId: number }>(
      'Page.createIsolatedWorld',
      // The main frame has its page's id.
      { frameId: targetId, worldName: `world ${worldId}` },
    )
    return this.#evaluate(scripts.map(({ code }) => code).join('\n'), {
      contextId: executionContextId,
    })
  }

  /** The mechanism is shown by the switch of the same name, which the app gives Chromium at its start. */
  setWebRTCIPHandlingPolicy(): void {}

  async capturePage(rect?: Electron.Rectangle): Promise<NativeImage> {
    const clip = rect && { ...rect, scale: 1 }
    const { data } = await this.#requirePage().session.send<{ data: string }>(
      'Page.captureScreenshot',
      { format: 'png', ...(clip && { clip }) },
    )
    return createFromBuffer(Buffer.from(data, 'base64'))
  }

  setZoomFactor(factor: number): void {
    if (!(factor > 0)) throw new Error("'zoomFactor' must be a double greater than 0.0")
    this.#zoom = factor
    this.#zoomUsed ||= factor !== 1
    this.#applyZoom()
  }
  getZoomFactor(): number {
    return this.#zoom
  }
  setZoomLevel(level: number): void {
    this.setZoomFactor(1.2 ** level)
  }
  getZoomLevel(): number {
    return Math.log(this.#zoom) / Math.log(1.2)
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this[internals].openHandler = handler
  }
  forcefullyCrashRenderer(): void {
    // The answer never comes: the page that should give it is gone.
    this.#requirePage()
      .session.send('Page.crash')
      .catch(() => {})
  }
  close(): void {
    this.#host.close()
  }
  focus(): void {
    this.#host.focus()
  }
  isFocused(): boolean {
    return !this.#destroyed && this.#host.isFocused()
  }
  getURL(): string {
    return this.#url
  }
  getTitle(): string {
    return this.#title
  }
  getType(): 'window' {
    return 'window'
  }
  isDestroyed(): boolean {
    return this.#destroyed
  }
  isCrashed(): boolean {
    return this.#crashed
  }
  isLoading(): boolean {
    return this.#loading
  }
  isLoadingMainFrame(): boolean {
    return this.#loading
  }
  /** DevTools are not opened here: a test runner or a person attaches from outside. */
  openDevTools(): void {}
  closeDevTools(): void {}
  isDevToolsOpened(): boolean {
    return false
  }

  #requirePage(): Page {
    if (!this.#page) throw new Error(`web contents ${this.id} have no page: load one first`)
    return this.#page
  }

  #open(firstUrl: string): Promise<Page> {
    this.#opening ??= this.#host.openPage(toChromiumUrl(firstUrl))
    return this.#opening
  }

  #adopt(page: Page): void {
    this.#page = page
    this.#opening ??= Promise.resolve(page)
    watchNavigation(page.targetId, this)
    this.#applyZoom()
    page.on('message', (message: PageMessage) => this.#receive(page, message))
    page.on('navigated', (url: string) => {
      this.#url = url
      this.emit('did-navigate', {}, url, 200, 'OK')
    })
    page.on('navigated-in-page', (url: string) => {
      this.#url = url
      this.emit(
        'did-navigate-in-page',
        {},
        url,
        true,
        this.mainFrame.processId,
        this.mainFrame.routingId,
      )
    })
    page.on('dom-ready', () => this.emit('dom-ready', {}))
    page.on('loaded', () => this.#loaded())
    page.on('console', (message: ConsoleMessage) =>
      this.emit('console-message', { ...message, frame: this.mainFrame }),
    )
    page.on('crashed', () => this.#crash())
    page.on('title', (title: string) => {
      if (title === this.#title) return
      this.#title = title
      this.emit('page-title-updated', preventableEvent({}), title, true)
    })
  }

  #receive(page: Page, message: PageMessage): void {
    this.#url = message.url
    if (message.kind === 'preload-error') {
      const error = codec.decode(message.error) as Error
      warn(`unable to load the preload script: ${error.stack ?? error.message}`)
      this.emit('preload-error', {}, page.preload ?? '', error)
    } else {
      receiveFromPage(this, this.mainFrame, message, (reply) => page.deliver(reply))
    }
  }

  #startLoading(): void {
    this.#loading = true
    this.emit('did-start-loading')
  }

  #loaded(): void {
    this.#loading = false
    this.emit('did-finish-load')
    this.emit('did-stop-loading')
  }

  #loadFailed(errorText: string, url: string): Error {
    this.#loading = false
    const error = loadError(errorText, url)
    this.emit(
      'did-fail-load',
      {},
      error.errno,
      error.code,
      url,
      true,
      this.mainFrame.processId,
      this.mainFrame.routingId,
    )
    this.emit('did-stop-loading')
    return error
  }

  #crash(): void {
    this.#crashed = true
    this.#loading = false
    const details = { reason: 'crashed', exitCode: 1 }
    this.emit('render-process-gone', {}, details)
    lifecycle.emit('render-process-gone', this, details)
  }

  /**
   * Zoomed by a factor, a page has that many fewer CSS pixels, and more device pixels to each. Once used this stays
   * on, with factor 1 too: Chromium would go back to the size that the page had before.
   */
  #applyZoom(): void {
    if (!this.#page || !this.#zoomUsed) return
    const { width, height } = this.#host.contentSize()
    this.#page.session.tell('Emulation.setDeviceMetricsOverride', {
      width: Math.round(width / this.#zoom),
      height: Math.round(height / this.#zoom),
      deviceScaleFactor: this.#zoom * primaryDisplay().scaleFactor,
      mobile: false,
    })
  }

  #destroy(): void {
    if (this.#destroyed) return
    this.#destroyed = true
    all.delete(this.id)
    if (this.#page) unwatchNavigation(this.#page.targetId)
    this.emit('destroyed')
  }
}
