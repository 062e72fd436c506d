import {
  SHELL_INPUTS,
  type BridgeEvent,
  type BridgeEvents,
  type BridgeResult,
  type Preferences,
  type ShellMethod,
} from '@parley/contracts'

// A whole type import: with an inline one Electron would be loaded.
import type { ShellHandlers } from '../main/bridge.ts'

/** What main answers itself, with a browser's tab for a window. */
export class Shell {
  #preferences: Preferences
  readonly #send: <Event extends BridgeEvent>(event: Event, payload: BridgeEvents[Event]) => void

  constructor(
    preferences: Preferences,
    send: <Event extends BridgeEvent>(event: Event, payload: BridgeEvents[Event]) => void,
  ) {
    this.#preferences = preferences
    this.#send = send
  }

  async call(method: ShellMethod, input: unknown): Promise<BridgeResult<unknown>> {
    const handler = this.#handlers[method] as (given: unknown) => unknown
    return { ok: true, value: await handler(SHELL_INPUTS[method].parse(input)) }
  }

  readonly #handlers: ShellHandlers = {
    'preferences.get': () => this.#preferences,
    'preferences.set': (change) => {
      const given = Object.entries(change).filter(([, value]) => value !== undefined)
      this.#preferences = { ...this.#preferences, ...Object.fromEntries(given) }
      this.#send('preferences', this.#preferences)
      return this.#preferences
    },
    'shell.info': () => ({ version: 'preview', platform: 'linux', maximized: true }),
    'window.minimize': () => null,
    'window.toggleMaximize': () => null,
    'window.close': () => null,
    'window.showsConversation': () => null,
    'window.openConversation': ({ conversationId }) => {
      this.#send('openConversation', { conversationId })
      return null
    },
    'alertWindow.fit': () => null,
    'shell.openExternal': () => null,
  }
}
