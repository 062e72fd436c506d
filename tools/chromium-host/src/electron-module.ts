import { app } from './app/app.ts'
import { clipboard } from './desktop/clipboard.ts'
import { crashReporter } from './desktop/crash-reporter.ts'
import { dialog } from './desktop/dialog.ts'
import { globalShortcut } from './desktop/global-shortcut.ts'
import { Menu, MenuItem } from './desktop/menu.ts'
import { nativeImage } from './desktop/native-image.ts'
import { nativeTheme } from './desktop/native-theme.ts'
import { Notification } from './desktop/notification.ts'
import { powerMonitor } from './desktop/power-monitor.ts'
import { safeStorage } from './desktop/safe-storage.ts'
import { screen } from './desktop/screen.ts'
import { shell } from './desktop/shell.ts'
import { Tray } from './desktop/tray.ts'
import { ipcMain } from './ipc-main.ts'
import { net } from './web/net.ts'
import { protocol } from './web/protocol.ts'
import { session } from './web/session.ts'
import { BrowserWindow } from './window/browser-window.ts'
import { WebContents as webContents } from './window/web-contents.ts'

export {
  app,
  BrowserWindow,
  clipboard,
  crashReporter,
  dialog,
  globalShortcut,
  ipcMain,
  Menu,
  MenuItem,
  nativeImage,
  nativeTheme,
  net,
  Notification,
  powerMonitor,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  Tray,
  webContents,
}

const electron = {
  app,
  BrowserWindow,
  clipboard,
  crashReporter,
  dialog,
  globalShortcut,
  ipcMain,
  Menu,
  MenuItem,
  nativeImage,
  nativeTheme,
  net,
  Notification,
  powerMonitor,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  Tray,
  webContents,
}

/** `import electron from 'electron'` gets it, and so does `require('electron')`. */
export { electron as default, electron as 'module.exports' }
