import { EventEmitter } from 'node:events'
import { log } from '../host-log.ts'
import type { BrowserWindow } from '../window/browser-window.ts'

type Template = Electron.MenuItemConstructorOptions | MenuItem

let applicationMenu: Menu | null = null
let lastCommandId = 0

/** Kept and clickable by tests, not drawn: there is no menu bar and no accelerator. */
export class MenuItem {
  readonly commandId = ++lastCommandId
  id: string
  label: string
  type: NonNullable<Electron.MenuItemConstructorOptions['type']>
  role: Electron.MenuItemConstructorOptions['role']
  accelerator: string | null
  enabled: boolean
  visible: boolean
  checked: boolean
  toolTip: string
  submenu: Menu | undefined
  /** Runs the app's handler; a role without one does nothing here. */
  click: (event?: object, focusedWindow?: BrowserWindow) => void

  constructor(options: Electron.MenuItemConstructorOptions) {
    const { submenu, click } = options
    this.id = options.id ?? ''
    this.label = options.label ?? options.role ?? ''
    this.type = options.type ?? (submenu ? 'submenu' : 'normal')
    this.role = options.role
    this.accelerator = options.accelerator ?? null
    this.enabled = options.enabled ?? true
    this.visible = options.visible ?? true
    this.checked = options.checked ?? false
    this.toolTip = options.toolTip ?? ''
    this.submenu = Array.isArray(submenu)
      ? Menu.buildFromTemplate(submenu)
      : (submenu as unknown as Menu | undefined)
    this.click = (event = {}, focusedWindow) => {
      if (this.type === 'checkbox') this.checked = !this.checked
      ;(
        click as
          | ((item: MenuItem, window: BrowserWindow | undefined, event: object) => void)
          | undefined
      )?.(this, focusedWindow, event)
    }
  }
}

export class Menu extends EventEmitter {
  items: MenuItem[] = []

  static buildFromTemplate(template: Template[]): Menu {
    const menu = new Menu()
    for (const item of template) menu.append(item instanceof MenuItem ? item : new MenuItem(item))
    return menu
  }
  static setApplicationMenu(menu: Menu | null): void {
    applicationMenu = menu
  }
  static getApplicationMenu(): Menu | null {
    return applicationMenu
  }

  append(item: MenuItem): void {
    this.items.push(item)
  }
  insert(position: number, item: MenuItem): void {
    this.items.splice(position, 0, item)
  }
  getMenuItemById(id: string): MenuItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id)
      if (found) return found
    }
    return null
  }
  /** Not drawn; the events come as if it had been opened and left again. */
  popup(options: { callback?: () => void } = {}): void {
    log.menus.push(this.items.map(({ label, type }) => (type === 'separator' ? '-' : label)))
    this.emit('menu-will-show', {})
    this.emit('menu-will-close', {})
    options.callback?.()
  }
  closePopup(): void {}
}
