import type { BridgeEvent, BridgeEvents } from '@parley/contracts'
import { app, nativeTheme } from 'electron'

import type { AuditExport } from './audit-export.ts'
import type { ShellHandlers } from './bridge.ts'
import { ExternalLinks } from './external-links.ts'
import type { Log } from './log.ts'
import type { PreferencesFile } from './preferences.ts'
import type { WorkstationWindow } from './window.ts'

export interface ShellOptions {
  window: WorkstationWindow
  preferences: PreferencesFile
  platform: 'linux' | 'darwin' | 'win32'
  /** To every page of ours. */
  send<Event extends BridgeEvent>(event: Event, payload: BridgeEvents[Event]): void
  onPreferences(): void
  onConversationShown(conversationId: string | null): void
  openConversation(conversationId: string): void
  fitAlertWindow(height: number): void
  auditExport: AuditExport
  takeInvitation(): string | null
  log: Log
}

/** What the page asks of main itself. */
export function createShellHandlers(options: ShellOptions): ShellHandlers {
  const { window, preferences, platform, log } = options
  const links = new ExternalLinks(log)
  return {
    'preferences.get': () => preferences.get(),
    'preferences.set': (change) => {
      const next = preferences.set(change)
      nativeTheme.themeSource = next.theme
      options.send('preferences', next)
      options.onPreferences()
      return next
    },
    'shell.info': () => ({ version: app.getVersion(), platform, maximized: window.isMaximized() }),
    'window.minimize': () => {
      window.minimize()
      return null
    },
    'window.toggleMaximize': () => {
      window.toggleMaximize()
      return null
    },
    'window.close': () => {
      window.close()
      return null
    },
    'window.showsConversation': ({ conversationId }) => {
      options.onConversationShown(conversationId)
      return null
    },
    'window.openConversation': ({ conversationId }) => {
      options.openConversation(conversationId)
      return null
    },
    'alertWindow.fit': ({ height }) => {
      options.fitAlertWindow(height)
      return null
    },
    'shell.openExternal': async ({ url }, caller) => {
      await links.open(url, () => caller.hasGesture())
      return null
    },
    'invitation.take': () => options.takeInvitation(),
    'auditExport.start': async (filter, caller) =>
      (await caller.hasGesture()) ? options.auditExport.start(filter) : { outcome: 'left' },
    'auditExport.stop': () => {
      options.auditExport.stop()
      return null
    },
  }
}
