import { type BridgeEvent, type BridgeEvents, type Preferences } from '@parley/contracts'

// A whole type import: with an inline one Electron would be loaded.
import type { ShellHandlers } from '../main/bridge.ts'

/** What main answers itself, with a browser's tab for a window. */
export function shellOf(
  preferences: Preferences,
  send: <Event extends BridgeEvent>(event: Event, payload: BridgeEvents[Event]) => void,
): ShellHandlers {
  return {
    'preferences.get': () => preferences,
    'preferences.set': (change) => {
      const given = Object.entries(change).filter(([, value]) => value !== undefined)
      Object.assign(preferences, Object.fromEntries(given))
      send('preferences', preferences)
      return preferences
    },
    'shell.info': () => ({ version: 'preview', platform: 'linux', maximized: true }),
    'window.minimize': () => null,
    'window.toggleMaximize': () => null,
    'window.close': () => null,
    'window.showsConversation': () => null,
    'window.openConversation': ({ conversationId }) => {
      send('openConversation', { conversationId })
      return null
    },
    'alertWindow.fit': () => null,
    'shell.openExternal': () => null,
    'invitation.take': () => null,
    'auditExport.start': () => ({ outcome: 'left' }),
    'auditExport.stop': () => null,
  }
}
