import type { UiLanguage } from '@parley/contracts'
import { app, Menu, type MenuItemConstructorOptions } from 'electron'

import { MENU_WORDS } from './menu-words.ts'

/**
 * Never seen on Windows and Linux, where the window draws its own title bar; it is there for its keys: editing,
 * zoom, full screen. Without Ctrl+W and Ctrl+Q on them, which would end a shift by one slip of the hand.
 */
export function setApplicationMenu(platform: NodeJS.Platform, language: UiLanguage): void {
  const words = MENU_WORDS[language]
  const edit: MenuItemConstructorOptions = {
    label: words.edit,
    submenu: [
      { role: 'undo', label: words.undo },
      { role: 'redo', label: words.redo },
      { type: 'separator' },
      { role: 'cut', label: words.cut },
      { role: 'copy', label: words.copy },
      { role: 'paste', label: words.paste },
      { role: 'pasteAndMatchStyle', label: words.pasteAndMatchStyle },
      { role: 'selectAll', label: words.selectAll },
    ],
  }
  const view: MenuItemConstructorOptions = {
    label: words.view,
    submenu: [
      { role: 'resetZoom', label: words.resetZoom },
      { role: 'zoomIn', label: words.zoomIn },
      { role: 'zoomOut', label: words.zoomOut },
      { type: 'separator' },
      { role: 'togglefullscreen', label: words.fullScreen },
      ...developerItems(),
    ],
  }
  const template =
    platform === 'darwin' ? [appMenu(language), edit, view, windowMenu(language)] : [edit, view]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}

function appMenu(language: UiLanguage): MenuItemConstructorOptions {
  const words = MENU_WORDS[language]
  return {
    label: 'Parley',
    submenu: [
      { role: 'about', label: words.about },
      { type: 'separator' },
      { role: 'services', label: words.services },
      { type: 'separator' },
      { role: 'hide', label: words.hide },
      { role: 'hideOthers', label: words.hideOthers },
      { role: 'unhide', label: words.unhide },
      { type: 'separator' },
      { role: 'quit', label: words.quit },
    ],
  }
}

function windowMenu(language: UiLanguage): MenuItemConstructorOptions {
  const words = MENU_WORDS[language]
  return {
    // With the role macOS lists the windows in it.
    role: 'windowMenu',
    label: words.window,
    submenu: [
      { role: 'minimize', label: words.minimize },
      { role: 'zoom', label: words.zoomWindow },
      { type: 'separator' },
      { role: 'front', label: words.front },
    ],
  }
}

function developerItems(): MenuItemConstructorOptions[] {
  if (app.isPackaged) return []
  return [{ type: 'separator' }, { role: 'reload' }, { role: 'toggleDevTools' }]
}
