import { EventEmitter } from 'node:events'

import type {
  BrowserWindowConstructorOptions,
  CustomScheme,
  MenuItemConstructorOptions,
  NotificationConstructorOptions,
  PopupOptions,
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
  /** Each number that was asked for. */
  badges: number[] = []
  isQuit = false
  /** Of Chromium's command line. */
  readonly switches = new Map<string, string>()
  readonly commandLine = {
    appendSwitch: (name: string, value: string) => void this.switches.set(name, value),
  }
  getVersion(): string {
    return '9.9.9'
  }
  getLocale(): string {
    return this.locale
  }
  getPath(name: string): string {
    return `/home/somebody/${name}`
  }
  setBadgeCount(count: number): void {
    this.badges.push(count)
  }
  quit(): void {
    this.isQuit = true
  }
}
export const app = new FakeApp()

/** What the person answers. */
export const dialog = {
  saveTo: '',
  async showSaveDialog(): Promise<{ canceled: boolean; filePath: string }> {
    return { canceled: dialog.saveTo === '', filePath: dialog.saveTo }
  },
}

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
  readonly options: NotificationConstructorOptions
  state: 'new' | 'shown' | 'closed' = 'new'

  constructor(options: NotificationConstructorOptions) {
    super()
    this.title = options.title ?? ''
    this.body = options.body ?? ''
    this.options = options
    Notification.all.push(this)
  }
  get buttons(): (string | undefined)[] {
    return (this.options.actions ?? []).map(({ text }) => text)
  }
  press(button: string): void {
    const actionIndex = this.buttons.indexOf(button)
    if (actionIndex < 0) throw new Error(`there is no button ${button}`)
    this.emit('action', { actionIndex, selectionIndex: -1 })
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

const WORK_AREA = { x: 0, y: 0, width: 1920, height: 1040 }
class FakeScreen extends EventEmitter {
  display = { id: 1, workArea: WORK_AREA }
  /** Beside the primary one. */
  others: { id: number; workArea: Rectangle }[] = []
  getPrimaryDisplay = () => this.display
  getAllDisplays = () => [this.display, ...this.others]
  getDisplayMatching = ({ x, y }: Rectangle) =>
    this.others.find(
      ({ workArea }) =>
        x >= workArea.x &&
        x < workArea.x + workArea.width &&
        y >= workArea.y &&
        y < workArea.y + workArea.height,
    ) ?? this.display
}
export const screen = new FakeScreen()

export class Tray extends EventEmitter {
  static all: Tray[] = []
  /** Each that it was given, the first included. */
  readonly images: FakeImage[] = []
  toolTip = ''
  menu: MenuItemConstructorOptions[] = []
  constructor(image: FakeImage) {
    super()
    this.images.push(image)
    Tray.all.push(this)
  }
  setImage(image: FakeImage): void {
    this.images.push(image)
  }
  setToolTip(toolTip: string): void {
    this.toolTip = toolTip
  }
  setContextMenu(menu: MenuItemConstructorOptions[]): void {
    this.menu = menu
  }
}

/** A menu is its template; popped up, it is kept with how. */
type FakeMenu = MenuItemConstructorOptions[] & { popup(options: PopupOptions): void }
export const Menu = {
  application: null as FakeMenu | null,
  poppedUp: [] as { items: MenuItemConstructorOptions[]; options: PopupOptions }[],
  buildFromTemplate: (template: MenuItemConstructorOptions[]): FakeMenu =>
    Object.assign(template, {
      popup: (options: PopupOptions) => void Menu.poppedUp.push({ items: template, options }),
    }),
  setApplicationMenu: (menu: FakeMenu) => void (Menu.application = menu),
}

export const clipboard = {
  text: '',
  async writeText(text: string): Promise<void> {
    clipboard.text = text
  },
}

export class FakeImage {
  readonly png: Buffer
  readonly scaleFactor: number
  isTemplate = false
  constructor(png: Buffer, scaleFactor: number) {
    this.png = png
    this.scaleFactor = scaleFactor
  }
  setTemplateImage(isTemplate: boolean): void {
    this.isTemplate = isTemplate
  }
}
export const nativeImage = {
  createFromBuffer: (png: Buffer, { scaleFactor = 1 } = {}) => new FakeImage(png, scaleFactor),
}

/** What main gave the session to decide with. */
export const decisions = {
  request: null as Handler | null,
  check: null as Handler | null,
  device: null as Handler | null,
  webRequest: null as Handler | null,
}
/** What main asks of the spell checker, each time in its order. */
class FakeSession extends EventEmitter {
  readonly availableSpellCheckerLanguages = ['de', 'en-GB', 'en-US', 'es', 'es-MX', 'fr']
  asked: unknown[][] = []
  words: string[] = []
  proxy: unknown = null
  setProxy = async (proxy: unknown) => void (this.proxy = proxy)
  setSpellCheckerEnabled = (isOn: boolean) => void this.asked.push(['enabled', isOn])
  setSpellCheckerLanguages = (languages: string[]) =>
    void this.asked.push(['languages', ...languages])
  setSpellCheckerDictionaryDownloadURL = (url: string) => void this.asked.push(['from', url])
  addWordToSpellCheckerDictionary = (word: string) => this.words.push(word) > 0
  listWordsInSpellCheckerDictionary = async () => [...this.words]
  removeWordFromSpellCheckerDictionary(word: string): boolean {
    this.words = this.words.filter((one) => one !== word)
    return true
  }
}
export const session = {
  defaultSession: Object.assign(new FakeSession(), {
    setPermissionRequestHandler: (handler: Handler) => void (decisions.request = handler),
    setPermissionCheckHandler: (handler: Handler) => void (decisions.check = handler),
    setDevicePermissionHandler: (handler: Handler) => void (decisions.device = handler),
    webRequest: { onBeforeRequest: (handler: Handler) => void (decisions.webRequest = handler) },
  }),
}

export class FakeContents extends EventEmitter {
  /** A person has just clicked. */
  hasGesture = true
  readonly mainFrame = {
    origin: 'app://parley',
    parent: null,
    url: 'app://parley/index.html',
  }
  async executeJavaScriptInIsolatedWorld(
    worldId: number,
    [script]: { code: string }[],
  ): Promise<unknown> {
    // Of a page's own world (0) nothing that it says of itself is true.
    if (worldId === 0) return true
    return script?.code === 'navigator.userActivation.isActive' && this.hasGesture
  }
  webRtcPolicy = 'default'
  setWebRTCIPHandlingPolicy(policy: string): void {
    this.webRtcPolicy = policy
  }
  readonly sent: unknown[][] = []
  openHandler: ((details: { url: string }) => { action: string }) | null = null
  isCrashForced = false
  /** Which words a misspelling was replaced by. */
  readonly corrections: string[] = []
  lookedUp = 0
  readonly session = session.defaultSession
  replaceMisspelling(word: string): void {
    this.corrections.push(word)
  }
  showDefinitionForSelection(): void {
    this.lookedUp += 1
  }
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
  fullScreen = false
  destroyed = false
  minimumSize: number[]
  /** Each time that it was asked to begin or to end. */
  readonly flashes: boolean[] = []
  level: string | null = null
  isEverywhere = false

  constructor(options: BrowserWindowConstructorOptions) {
    super()
    this.options = options
    const { x = 0, y = 0, width = 0, height = 0 } = options
    this.bounds = { x, y, width, height }
    this.minimumSize = [options.minWidth ?? 0, options.minHeight ?? 0]
    BrowserWindow.all.push(this)
  }
  async loadURL(url: string): Promise<void> {
    this.loaded.push(url)
  }
  show(): void {
    this.isShown = true
    this.focus()
  }
  showInactive(): void {
    this.isShown = true
  }
  focus(): void {
    this.focused = true
    this.emit('focus')
  }
  blur(): void {
    this.focused = false
    this.emit('blur')
  }
  flashFrame(isFlashing: boolean): void {
    this.flashes.push(isFlashing)
  }
  setAlwaysOnTop(isOnTop: boolean, level = 'floating'): void {
    this.level = isOnTop ? level : null
  }
  setVisibleOnAllWorkspaces(isEverywhere: boolean): void {
    this.isEverywhere = isEverywhere
  }
  setBounds(bounds: Rectangle): void {
    this.bounds = bounds
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
  isFullScreen(): boolean {
    return this.fullScreen
  }
  getBounds(): Rectangle {
    return this.bounds
  }
  getMinimumSize(): number[] {
    return this.minimumSize
  }
  setMinimumSize(width: number, height: number): void {
    this.minimumSize = [width, height]
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
    this.destroy()
  }
  destroy(): void {
    this.destroyed = true
    this.emit('closed')
  }
}

export function resetElectron(): void {
  app.removeAllListeners()
  app.isPackaged = false
  app.badges = []
  app.isQuit = false
  screen.removeAllListeners()
  screen.display = { id: 1, workArea: WORK_AREA }
  screen.others = []
  Menu.application = null
  Menu.poppedUp = []
  clipboard.text = ''
  session.defaultSession.removeAllListeners()
  session.defaultSession.asked = []
  session.defaultSession.words = []
  app.switches.clear()
  Tray.all = []
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
