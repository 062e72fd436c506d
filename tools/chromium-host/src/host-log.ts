import type { EventEmitter } from 'node:events'

type RecordedNotification = EventEmitter &
  Pick<Electron.Notification, 'title' | 'body' | 'urgency' | 'timeoutType' | 'silent' | 'actions'>
/** What the app gave its tray icon last; tests emit the icon's events on `tray`. */
export interface RecordedTray {
  tray: EventEmitter
  image: unknown
  toolTip: string
  title: string
  menu: unknown
  destroyed: boolean
}

/** What the app asked of the desktop, for tests: `electronApp.evaluate(() => globalThis.__electronHost.log)`. */
export interface HostLog {
  notifications: RecordedNotification[]
  openedExternal: string[]
  badge: number
  trays: RecordedTray[]
  dialogs: { kind: string; options: object }[]
  /** Ids of the windows whose task-bar entry is asked to flash now. */
  flashing: number[]
  /** Handlers of the session that the stand-in keeps but never calls. */
  sessionHandlers: string[]
  /** What was asked of it last; null where nothing was. */
  spellChecker: { isOn: boolean | null; languages: string[]; dictionariesFrom: string | null }
  /** What stood in the menus that were popped up, by their labels or roles. */
  menus: string[][]
}

export const log: HostLog = {
  notifications: [],
  openedExternal: [],
  badge: 0,
  trays: [],
  dialogs: [],
  flashing: [],
  sessionHandlers: [],
  spellChecker: { isOn: null, languages: [], dictionariesFrom: null },
  menus: [],
}

declare global {
  var __electronHost: { log: HostLog }
}
globalThis.__electronHost = { log }
