import { EventEmitter } from 'node:events'

import type {
  BrowserWindowConstructorOptions,
  CustomScheme,
  NotificationConstructorOptions,
  Rectangle,
} from 'electron'

/**
 * Electron's border as the unit tests of main see it: `vi.mock('electron', () => import('./electron.fake.ts'))`.
 * It records what main asks for and emits what a test emits. `resetElectron` begins anew.
 */

type Handler = (...args: never[]) => unknown

class FakeApp extends EventEmitter {
  isPackaged = false
  locale = 'es-MX'
  getVersion(): string {
    return '9.9.9'
  }
  getLocale(): string {
    return this.locale
  }
}
export const app = new FakeApp()

class FakeIpcMain {
  readonly handlers = new Map<string, Handler>()
  handle(channel: string, handler: Handler): void {
    this.handlers.set(channel, handler)
  }
}
export const ipcMain = new FakeIpcMain()

export class Notification extends EventEmitter {
  static all: Notification[] = []
  static supported = true
  static isSupported(): boolean {
    return Notification.supported
  }
  /** Those that are on the desktop now. */
  static get open(): Notification[] {
    return Notification.all.filter(({ state }) => state === 'shown')
  }

  readonly title: string
  readonly body: string
  state: 'new' | 'shown' | 'closed' = 'new'

  constructor({ title = '', body = '' }: NotificationConstructorOptions) {
    super()
    this.title = title
    this.body = body
    Notification.all.push(this)
  }
  show(): void {
    this.state = 'shown'
  }
  close(): void {
    this.state = 'closed'
    this.emit('close', { reason: 'applicationHidden' })
  }
}

class FakePowerMonitor extends EventEmitter {
  getSystemIdleTime = (): number => 0
}
export const powerMonitor = new FakePowerMonitor()

class FakeProtocol {
  schemes: CustomScheme[] = []
  readonly handlers = new Map<string, (request: Request) => Promise<Response>>()
  registerSchemesAsPrivileged(schemes: CustomScheme[]): void {
    this.schemes.push(...schemes)
  }
  handle(scheme: string, handler: (request: Request) => Promise<Response>): void {
    this.handlers.set(scheme, handler)
  }
}
export const protocol = new FakeProtocol()

export const shell = {
  opened: [] as string[],
  failure: null as Error | null,
  async openExternal(url: string): Promise<void> {
    if (shell.failure !== null) throw shell.failure
    shell.opened.push(url)
  },
}

class FakeNativeTheme extends EventEmitter {
  shouldUseDarkColors = false
}
export const nativeTheme = new FakeNativeTheme()

const DISPLAY = { id: 1, workArea: { x: 0, y: 0, width: 1920, height: 1040 } }
export const screen = {
  getPrimaryDisplay: () => DISPLAY,
  getAllDisplays: () => [DISPLAY],
}

/** What main gave the session to decide with. */
export const decisions = {
  request: null as Handler | null,
  check: null as Handler | null,
  device: null as Handler | null,
  webRequest: null as Handler | null,
}
export const session = {
  defaultSession: {
    setPermissionRequestHandler: (handler: Handler) => void (decisions.request = handler),
    setPermissionCheckHandler: (handler: Handler) => void (decisions.check = handler),
    setDevicePermissionHandler: (handler: Handler) => void (decisions.device = handler),
    webRequest: { onBeforeRequest: (handler: Handler) => void (decisions.webRequest = handler) },
  },
}

export class FakeContents extends EventEmitter {
  readonly mainFrame = { origin: 'app://parley', parent: null, url: 'app://parley/index.html' }
  readonly sent: unknown[][] = []
  openHandler: ((details: { url: string }) => { action: string }) | null = null
  isCrashForced = false
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openHandler = handler
  }
  send(...args: unknown[]): void {
    this.sent.push(args)
  }
  forcefullyCrashRenderer(): void {
    this.isCrashForced = true
  }
}

export class BrowserWindow extends EventEmitter {
  static all: BrowserWindow[] = []
  readonly webContents = new FakeContents()
  readonly options: BrowserWindowConstructorOptions
  readonly loaded: string[] = []
  bounds: Rectangle
  isShown = false
  maximized = false
  minimized = false
  focused = false
  destroyed = false

  constructor(options: BrowserWindowConstructorOptions) {
    super()
    this.options = options
    const { x = 0, y = 0, width = 0, height = 0 } = options
    this.bounds = { x, y, width, height }
    BrowserWindow.all.push(this)
  }
  async loadURL(url: string): Promise<void> {
    this.loaded.push(url)
  }
  show(): void {
    this.isShown = true
    this.focus()
  }
  focus(): void {
    this.focused = true
    this.emit('focus')
  }
  restore(): void {
    this.minimized = false
    this.emit('restore')
  }
  minimize(): void {
    this.minimized = true
    this.emit('minimize')
  }
  maximize(): void {
    this.maximized = true
    this.emit('maximize')
  }
  unmaximize(): void {
    this.maximized = false
    this.emit('unmaximize')
  }
  isFocused(): boolean {
    return this.focused
  }
  isMinimized(): boolean {
    return this.minimized
  }
  isMaximized(): boolean {
    return this.maximized
  }
  isDestroyed(): boolean {
    return this.destroyed
  }
  getNormalBounds(): Rectangle {
    return this.bounds
  }
  setBackgroundColor(): void {}
  close(): void {
    this.emit('close')
    this.destroyed = true
    this.emit('closed')
  }
}

export function resetElectron(): void {
  app.removeAllListeners()
  app.isPackaged = false
  ipcMain.handlers.clear()
  Notification.all = []
  Notification.supported = true
  protocol.schemes = []
  protocol.handlers.clear()
  shell.opened = []
  shell.failure = null
  powerMonitor.removeAllListeners()
  nativeTheme.removeAllListeners()
  nativeTheme.shouldUseDarkColors = false
  BrowserWindow.all = []
}
