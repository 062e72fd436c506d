import { app, Menu, type MenuItemConstructorOptions } from 'electron'

/**
 * Never seen on Windows and Linux, where the window draws its own title bar; it is there for its keys: editing,
 * zoom, full screen. Without Ctrl+W and Ctrl+Q on them, which would end a shift by one slip of the hand.
 */
export function setApplicationMenu(platform: NodeJS.Platform): void {
  const view: MenuItemConstructorOptions = {
    role: 'viewMenu',
    submenu: [
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { type: 'separator' },
      { role: 'togglefullscreen' },
      ...developerItems(),
    ],
  }
  const template: MenuItemConstructorOptions[] =
    platform === 'darwin'
      ? [{ role: 'appMenu' }, { role: 'editMenu' }, view, { role: 'windowMenu' }]
      : [{ role: 'editMenu' }, view]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}

function developerItems(): MenuItemConstructorOptions[] {
  if (app.isPackaged) return []
  return [{ type: 'separator' }, { role: 'reload' }, { role: 'toggleDevTools' }]
}
