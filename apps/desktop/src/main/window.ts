import { IPC, type BridgeEvent, type BridgeEvents, type UiLanguage } from '@parley/contracts'
import { BrowserWindow, nativeTheme, screen, type Rectangle, type WebContents } from 'electron'

import { START_URL } from './app-identity.ts'
import { backgroundColor } from './background-color.ts'
import { offerContextMenu } from './context-menu.ts'
import { failurePageUrl } from './failure-page.ts'
import type { Log } from './log.ts'
import { loadPage, watchPage } from './page-watch.ts'
import { RendererRecovery } from './renderer-recovery.ts'
import { secureWebPreferences } from './security.ts'
import {
  boundsOnNewDisplays,
  initialBounds,
  minimumSizeOn,
  readWindowState,
  writeWindowState,
} from './window-state.ts'

export interface WorkstationWindowOptions {
  preload: string
  stateFile: string
  platform: NodeJS.Platform
  language(): UiLanguage
  /** It has the focus or is maximised now, or no longer. */
  onState(state: BridgeEvents['window']): void
  /** The page is gone or begins anew: nothing is on the screen and nobody listens. */
  onPageLeft(): void
  /** It is before the person's eyes for the first time since it was opened. */
  onShown(): void
  onClosed(): void
  log: Log
}

/** In the middle of the page's title bar of 40 px. */
const TRAFFIC_LIGHTS = { x: 14, y: 13 } as const
/** A page that is not ready by then is shown as it is, so that a failed start can be seen. */
const SHOW_AT_LATEST_MS = 4_000
const SAVE_DELAY_MS = 500

/** The workstation's one window: made when it is needed, where it was when it was last seen. */
export class WorkstationWindow {
  readonly #options: WorkstationWindowOptions
  #window: BrowserWindow | null = null

  constructor(options: WorkstationWindowOptions) {
    this.#options = options
    nativeTheme.on('updated', () => this.#window?.setBackgroundColor(backgroundColor()))
    for (const event of ['display-metrics-changed', 'display-added', 'display-removed'] as const)
      screen.on(event as 'display-added', () => this.#fitDisplays())
  }

  /** In front of the person, with the focus, whatever it was before. */
  show(): void {
    if (this.#window === null) {
      this.#open()
      return
    }
    if (this.#window.isMinimized()) this.#window.restore()
    this.#window.show()
    this.#window.focus()
  }

  owns(contents: WebContents): boolean {
    return this.#window?.webContents === contents
  }

  send<Event extends BridgeEvent>(event: Event, payload: BridgeEvents[Event]): void {
    if (this.#window !== null) this.#window.webContents.send(IPC.event, event, payload)
  }

  isFocused(): boolean {
    return this.#window !== null && this.#window.isFocused() && !this.#window.isMinimized()
  }

  isMaximized(): boolean {
    return this.#window?.isMaximized() ?? false
  }

  minimize(): void {
    this.#window?.minimize()
  }

  toggleMaximize(): void {
    if (this.isMaximized()) this.#window?.unmaximize()
    else this.#window?.maximize()
  }

  close(): void {
    this.#window?.close()
  }

  /** Its entry in the task bar or the dock asks for attention, until told otherwise. */
  flash(isFlashing: boolean): void {
    this.#window?.flashFrame(isFlashing)
  }

  #open(): void {
    const { platform, preload, stateFile, log } = this.#options
    const state = readWindowState(stateFile, log)
    const bounds = initialBounds(state, workAreas())
    const { x, y } = bounds
    const isPlaced = x !== undefined && y !== undefined
    const least = minimumSizeOn(
      isPlaced ? areaOf({ ...bounds, x, y }) : screen.getPrimaryDisplay().workArea,
    )
    const window = new BrowserWindow({
      ...bounds,
      minWidth: least.width,
      minHeight: least.height,
      title: 'Parley',
      show: false,
      backgroundColor: backgroundColor(),
      // The page draws the title bar; macOS keeps its three buttons over it.
      ...(platform === 'darwin'
        ? { titleBarStyle: 'hidden' as const, trafficLightPosition: TRAFFIC_LIGHTS }
        : { frame: false }),
      webPreferences: secureWebPreferences(preload),
    })
    this.#window = window
    // A window is made at the primary display's scale: on another one its first size is wrong.
    if (isPlaced) window.setBounds({ ...bounds, x, y })
    offerContextMenu(window, this.#options)
    window.on('move', () => this.#fitLeastSize(window))
    showWhenReady(window, state?.maximized ?? false, () => this.#options.onShown())
    this.#tellState(window)
    this.#keepState(window)
    this.#recover(window)
    window.on('closed', () => {
      this.#window = null
      this.#options.onPageLeft()
      this.#options.onClosed()
    })
    loadPage(window, START_URL, log)
  }

  /** A display has come, gone, or changed its scale. */
  #fitDisplays(): void {
    const window = this.#window
    if (window === null || window.isDestroyed()) return
    this.#fitLeastSize(window)
    // What fills a display is the system's business.
    if (window.isMaximized() || window.isFullScreen() || window.isMinimized()) return
    const next = boundsOnNewDisplays(window.getBounds(), workAreas())
    if (next !== null) window.setBounds(next)
  }

  #fitLeastSize(window: BrowserWindow): void {
    const { width, height } = minimumSizeOn(areaOf(window.getBounds()))
    const [presentWidth, presentHeight] = window.getMinimumSize()
    if (presentWidth !== width || presentHeight !== height) window.setMinimumSize(width, height)
  }

  #tellState(window: BrowserWindow): void {
    const tell = (): void => {
      if (window.isDestroyed()) return
      this.#options.onState({ maximized: window.isMaximized(), focused: window.isFocused() })
    }
    window.on('maximize', tell)
    window.on('unmaximize', tell)
    window.on('focus', tell)
    window.on('blur', tell)
    window.on('minimize', tell)
    window.on('restore', tell)
  }

  #keepState(window: BrowserWindow): void {
    const { stateFile, log } = this.#options
    let saving: NodeJS.Timeout | undefined
    const save = (): void => {
      clearTimeout(saving)
      if (window.isDestroyed()) return
      try {
        const bounds = window.getNormalBounds()
        writeWindowState(stateFile, { bounds, maximized: window.isMaximized() })
      } catch (error) {
        // The window's place is not worth more than a line: the person goes on working.
        log.error('the window state could not be saved', error)
      }
    }
    const saveSoon = (): void => {
      clearTimeout(saving)
      saving = setTimeout(save, SAVE_DELAY_MS)
    }
    window.on('resize', saveSoon)
    window.on('move', saveSoon)
    window.on('maximize', saveSoon)
    window.on('unmaximize', saveSoon)
    window.on('close', save)
    window.on('closed', () => clearTimeout(saving))
  }

  #recover(window: BrowserWindow): void {
    const { log, onPageLeft, language } = this.#options
    const recovery = new RendererRecovery()
    window.webContents.on('did-navigate', onPageLeft)
    watchPage(window, {
      onGone: onPageLeft,
      recover: () => {
        const next = recovery.next(Date.now())
        loadPage(window, next === 'reload' ? START_URL : failurePageUrl(language()), log)
      },
      log,
    })
  }
}

/** The primary display's first. */
function workAreas(): Rectangle[] {
  const primary = screen.getPrimaryDisplay()
  const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id)
  return [primary, ...others].map(({ workArea }) => workArea)
}

const areaOf = (bounds: Rectangle): Rectangle => screen.getDisplayMatching(bounds).workArea

function showWhenReady(window: BrowserWindow, maximized: boolean, onShown: () => void): void {
  let isShown = false
  const show = (): void => {
    clearTimeout(limit)
    if (isShown || window.isDestroyed()) return
    isShown = true
    if (maximized) window.maximize()
    window.show()
    onShown()
  }
  const limit = setTimeout(show, SHOW_AT_LATEST_MS)
  window.once('ready-to-show', show)
  window.once('closed', () => clearTimeout(limit))
}
