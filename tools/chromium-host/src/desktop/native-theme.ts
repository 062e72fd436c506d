import { EventEmitter } from 'node:events'
import type { DevToolsSession } from '../chromium/devtools-pipe.ts'

type Source = Electron.NativeTheme['themeSource']
const SOURCES: Source[] = ['system', 'light', 'dark']
const pages = new Set<DevToolsSession>()

class NativeTheme extends EventEmitter {
  #source: Source = 'system'

  get themeSource(): Source {
    return this.#source
  }
  set themeSource(source: Source) {
    if (!SOURCES.includes(source))
      throw new TypeError(
        `Error processing argument at index 0, conversion failure from ${String(source)}`,
      )
    if (source === this.#source) return
    this.#source = source
    for (const page of pages) emulate(page)
    this.emit('updated')
  }
  /** The desktop's own preference is not read: 'system' is light here. */
  get shouldUseDarkColors(): boolean {
    return this.#source === 'dark'
  }
}
export const nativeTheme = new NativeTheme()

/** Gives a page the app's theme. A test runner emulates one too, so this is repeated for each document. */
export function applyTheme(page: DevToolsSession): void {
  pages.add(page)
  if (nativeTheme.themeSource !== 'system') emulate(page)
}

export function forgetPage(page: DevToolsSession): void {
  pages.delete(page)
}

function emulate(page: DevToolsSession): void {
  const source = nativeTheme.themeSource
  page.tell('Emulation.setEmulatedMedia', {
    features: source === 'system' ? [] : [{ name: 'prefers-color-scheme', value: source }],
  })
}
