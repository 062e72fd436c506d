import { EventEmitter } from 'node:events'
import { setBadge } from '../desktop/badge.ts'
import { log } from '../host-log.ts'
import { chromium } from '../chromium/chromium.ts'
import { preventableEvent } from '../preventable-event.ts'
import { BrowserWindow, requestClose } from '../window/browser-window.ts'
import { lifecycle } from '../window/lifecycle.ts'
import type { WebContents } from '../window/web-contents.ts'
import { commandLine, switches } from './command-line.ts'
import { identity } from './identity.ts'
import { resolveLocale } from './locale.ts'
import { getPath, setPath } from './paths.ts'
import { isReady, whenReady } from './readiness.ts'
import { acquireLock, hasLock, releaseLock, type SecondInstance } from './single-instance.ts'

class App extends EventEmitter {
  readonly isPackaged = false
  readonly commandLine = commandLine
  #quitting = false
  #exiting = false

  constructor() {
    super()
    lifecycle.on('window-created', (window: BrowserWindow) => {
      this.emit('browser-window-created', {}, window)
      this.emit('web-contents-created', {}, window.webContents)
    })
    lifecycle.on('window-focused', (window: BrowserWindow) =>
      this.emit('browser-window-focus', {}, window),
    )
    lifecycle.on('window-blurred', (window: BrowserWindow) =>
      this.emit('browser-window-blur', {}, window),
    )
    lifecycle.on('render-process-gone', (contents: WebContents, details: object) =>
      this.emit('render-process-gone', {}, contents, details),
    )
    lifecycle.on('window-closed', (left: number) => left === 0 && this.#allWindowsClosed())
  }

  get name(): string {
    return identity.name
  }
  set name(name: string) {
    identity.name = name
  }
  getName(): string {
    return identity.name
  }
  setName(name: string): void {
    identity.name = name
  }
  getVersion(): string {
    return identity.version
  }
  getAppPath(): string {
    return identity.appPath
  }
  setDesktopName(name: string): void {
    identity.desktopName = name
  }
  getPath = getPath
  setPath = setPath

  isReady(): boolean {
    return isReady()
  }
  whenReady(): Promise<void> {
    return whenReady()
  }

  getLocale(): string {
    return resolveLocale(switches.get('lang'))
  }
  getSystemLocale(): string {
    return resolveLocale(undefined)
  }
  getPreferredSystemLanguages(): string[] {
    return [resolveLocale(undefined)]
  }

  requestSingleInstanceLock(additionalData: Record<string, unknown> = {}): boolean {
    const mine: SecondInstance = {
      argv: process.argv,
      workingDirectory: process.cwd(),
      additionalData,
    }
    return acquireLock(getPath('userData'), mine, (other) => {
      void whenReady().then(() =>
        this.emit(
          'second-instance',
          preventableEvent({}),
          other.argv,
          other.workingDirectory,
          other.additionalData,
        ),
      )
    })
  }
  hasSingleInstanceLock(): boolean {
    return hasLock()
  }
  releaseSingleInstanceLock(): void {
    releaseLock()
  }

  setBadgeCount(count = 0): boolean {
    return setBadge(count)
  }
  getBadgeCount(): number {
    return log.badge
  }
  get badgeCount(): number {
    return log.badge
  }
  set badgeCount(count: number) {
    setBadge(count)
  }

  /** Nothing on this system would start the stand-in for a link, so this fails, as Electron's may. */
  setAsDefaultProtocolClient(): boolean {
    return false
  }
  removeAsDefaultProtocolClient(): boolean {
    return false
  }
  isDefaultProtocolClient(): boolean {
    return false
  }
  // Without effect in Electron on Linux as well.
  setAppUserModelId(): void {}
  setLoginItemSettings(): void {}
  getLoginItemSettings(): Pick<Electron.LoginItemSettings, 'openAtLogin'> {
    return { openAtLogin: false }
  }
  setAboutPanelOptions(): void {}
  // Every page is sandboxed in its own Chromium process, and there is no GPU process to do without.
  enableSandbox(): void {}
  disableHardwareAcceleration(): void {}

  focus(): void {
    BrowserWindow.getAllWindows().at(0)?.focus()
  }

  /** before-quit, then every window may refuse, then will-quit may. */
  quit(): void {
    if (this.#quitting) return
    const event = preventableEvent({})
    this.emit('before-quit', event)
    if (event.defaultPrevented) return
    this.#quitting = true
    void this.#closeWindowsAndExit()
  }

  exit(exitCode = 0): void {
    if (this.#exiting) return
    this.#exiting = true
    this.emit('quit', {}, exitCode)
    void chromium.stop().finally(() => process.exit(exitCode))
  }

  /** Not told while quitting; an app that does not listen ends with its last window. */
  #allWindowsClosed(): void {
    if (this.#quitting || this.#exiting) return
    if (this.listenerCount('window-all-closed') > 0) this.emit('window-all-closed')
    else this.quit()
  }

  async #closeWindowsAndExit(): Promise<void> {
    for (const window of BrowserWindow.getAllWindows()) {
      if (!(await requestClose(window))) {
        this.#quitting = false
        return
      }
    }
    const event = preventableEvent({})
    this.emit('will-quit', event)
    if (event.defaultPrevented) this.#quitting = false
    else this.exit(0)
  }
}

export const app = new App()
