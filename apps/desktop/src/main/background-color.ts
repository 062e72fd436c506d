import { nativeTheme } from 'electron'

/** The token --bg-chrome of both themes: what is seen of a window before its page is. */
const BACKGROUND = { light: '#F0F0ED', dark: '#121315' } as const

export function backgroundColor(): string {
  return nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light
}
