/**
 * Checked by the compiler, never run: whatever the stand-in offers, Electron has under the same name. A name of
 * ours that Electron lacks makes `None` fail with that name in the message.
 */
import type electron from './electron-module.ts'

type Ours = typeof electron
type Names<T> = Extract<keyof T, string>
type Foreign<Mine, Theirs> = Exclude<Names<Mine>, Names<Theirs>>
type None<Name extends never> = Name

type Checks = [
  None<Exclude<keyof Ours, keyof typeof Electron.Main | keyof typeof Electron.Common>>,
  None<Foreign<Ours['app'], Electron.App>>,
  None<Foreign<InstanceType<Ours['BrowserWindow']>, Electron.BrowserWindow>>,
  None<Foreign<Ours['BrowserWindow'], typeof Electron.BrowserWindow>>,
  None<Foreign<InstanceType<Ours['webContents']>, Electron.WebContents>>,
  None<Foreign<Ours['webContents'], typeof Electron.WebContents>>,
  None<Foreign<InstanceType<Ours['webContents']>['mainFrame'], Electron.WebFrameMain>>,
  None<Foreign<Ours['ipcMain'], Electron.IpcMain>>,
  None<Foreign<InstanceType<Ours['Menu']>, Electron.Menu>>,
  None<Foreign<Ours['Menu'], typeof Electron.Menu>>,
  None<Foreign<InstanceType<Ours['MenuItem']>, Electron.MenuItem>>,
  None<Foreign<Ours['nativeImage'], typeof Electron.NativeImage>>,
  None<Foreign<ReturnType<Ours['nativeImage']['createEmpty']>, Electron.NativeImage>>,
  None<Foreign<Ours['nativeTheme'], Electron.NativeTheme>>,
  None<Foreign<InstanceType<Ours['Notification']>, Electron.Notification>>,
  None<Foreign<Ours['Notification'], typeof Electron.Notification>>,
  None<Foreign<Ours['powerMonitor'], Electron.PowerMonitor>>,
  None<Foreign<Ours['screen'], Electron.Screen>>,
  None<Foreign<Ours['session'], typeof Electron.Session>>,
  None<Foreign<Ours['session']['defaultSession'], Electron.Session>>,
  None<Foreign<Ours['session']['defaultSession']['webRequest'], Electron.WebRequest>>,
  None<Foreign<InstanceType<Ours['Tray']>, Electron.Tray>>,
]
export type { Checks }
