import { IPC, type BridgeEvent, type BridgeEvents, type UiLanguage } from '@parley/contracts'
import { BrowserWindow, app, nativeTheme, screen, type Rectangle, type WebContents } from 'electron'

import { ESCALATION_URL } from '../app-identity.ts'
import { backgroundColor } from '../background-color.ts'
import { offerContextMenu } from '../context-menu.ts'
import type { Log } from '../log.ts'
import { loadPage, watchPage } from '../page-watch.ts'
import { RendererRecovery } from '../renderer-recovery.ts'
import { secureWebPreferences } from '../security.ts'

export interface AlertWindowOptions {
  preload: string
  platform: NodeJS.Platform
  language(): UiLanguage
  log: Log
}

const WIDTH = 372
/** Until the page has said how high its content is. */
const FIRST_HEIGHT = 220
const MARGIN = 16
/** A page that died twice in a row is given this long before it is tried again. */
const REST_MS = 60_000

/**
 * The small window that stands while an escalation is open, above whatever the person works in, because not
 * every system gives notifications buttons, and some keep them back. It comes without taking the focus: what
 * is being typed elsewhere is not its business. Its page sounds until somebody acknowledges.
 *
 * It shows what the workstation shows, whatever the policy says of notifications: it is a window of the
 * session and is covered with it when the screen is locked.
 */
export class AlertWindow {
  readonly #options: AlertWindowOptions
  #window: BrowserWindow | null = null
  #isHeld = true
  #isWanted = false
  #isQuitting = false
  #height = FIRST_HEIGHT
  #recovery = new RendererRecovery()
  #rest: NodeJS.Timeout | undefined

  constructor(options: AlertWindowOptions) {
    this.#options = options
    app.on('before-quit', () => (this.#isQuitting = true))
    nativeTheme.on('updated', () => this.#window?.setBackgroundColor(backgroundColor()))
    for (const event of ['display-metrics-changed', 'display-added', 'display-removed'] as const)
      screen.on(event as 'display-added', () => this.#place())
  }

  /** From now on it comes up when it is wanted, and at once if it is already. */
  release(): void {
    this.#isHeld = false
    if (this.#isWanted) this.show(true)
  }

  /** Up from the first escalation to the last one. */
  show(isWanted: boolean): void {
    this.#isWanted = isWanted
    if (!isWanted) this.close()
    else if (!this.#isHeld && this.#window === null) this.#open()
  }

  /** @param height of its content, in CSS pixels */
  fit(height: number): void {
    this.#height = height
    this.#place()
  }

  owns(contents: WebContents): boolean {
    return this.#window?.webContents === contents
  }

  send<Event extends BridgeEvent>(event: Event, payload: BridgeEvents[Event]): void {
    this.#window?.webContents.send(IPC.event, event, payload)
  }

  close(): void {
    this.#isWanted = false
    clearTimeout(this.#rest)
    this.#window?.destroy()
  }

  #open(): void {
    const { preload, platform, log } = this.#options
    clearTimeout(this.#rest)
    this.#height = FIRST_HEIGHT
    const window = new BrowserWindow({
      ...this.#bounds(),
      title: 'Parley',
      show: false,
      frame: false,
      resizable: false,
      minimizable: false,
      maximizable: false,
      fullscreenable: false,
      // An escalation is put away by acknowledging it.
      closable: false,
      skipTaskbar: true,
      alwaysOnTop: true,
      backgroundColor: backgroundColor(),
      // A panel of macOS comes over full screens and on every desktop, and does not bring its app to the front.
      ...(platform === 'darwin' ? { type: 'panel' } : {}),
      webPreferences: {
        ...secureWebPreferences(preload),
        // It sounds before anybody has clicked in it, and goes on while it is covered.
        autoplayPolicy: 'no-user-gesture-required',
        backgroundThrottling: false,
      },
    })
    this.#window = window
    offerContextMenu(window, this.#options)
    // The level of screen savers: lower ones stay under the task bar of Windows and under full screens.
    window.setAlwaysOnTop(true, 'screen-saver')
    if (platform === 'linux') window.setVisibleOnAllWorkspaces(true)
    window.once('ready-to-show', () => window.showInactive())
    window.on('closed', () => this.#closed(window))
    watchPage(window, { onGone: () => {}, recover: () => this.#recover(window), log })
    loadPage(window, ESCALATION_URL, log)
  }

  /** Closed by other than ourselves, it comes back: what it stands for is still open. */
  #closed(window: BrowserWindow): void {
    if (this.#window === window) this.#window = null
    setImmediate(() => {
      if (this.#isWanted && !this.#isQuitting && this.#window === null) this.#open()
    })
  }

  #recover(window: BrowserWindow): void {
    if (this.#recovery.next(Date.now()) === 'reload') {
      loadPage(window, ESCALATION_URL, this.#options.log)
      return
    }
    // A failure page would be no help in it: the workstation and the notification say the same.
    this.#options.log.error('the window of escalations is given a rest')
    clearTimeout(this.#rest)
    this.#rest = setTimeout(() => {
      if (!window.isDestroyed()) loadPage(window, ESCALATION_URL, this.#options.log)
    }, REST_MS)
  }

  #place(): void {
    this.#window?.setBounds(this.#bounds())
  }

  /** In the upper right corner of where the person looks first, never higher than that is. */
  #bounds(): Rectangle {
    const { workArea } = screen.getPrimaryDisplay()
    return {
      x: workArea.x + Math.max(0, workArea.width - WIDTH - MARGIN),
      y: workArea.y + MARGIN,
      width: WIDTH,
      height: Math.min(Math.ceil(this.#height), workArea.height - 2 * MARGIN),
    }
  }
}
