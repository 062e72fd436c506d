import { shell } from 'electron'

import type { Log } from './log.ts'

const ALLOWED = new Set(['http:', 'https:', 'mailto:', 'tel:'])
const MAXIMUM_LENGTH = 2048

/** Anything else could start a program of this machine with words that a customer wrote. */
export function isExternalUrl(url: string): boolean {
  return url.length <= MAXIMUM_LENGTH && URL.canParse(url) && ALLOWED.has(new URL(url).protocol)
}

/** Gives a link to the system's browser, mail or telephone. What may not be opened is only logged. */
export async function openExternal(url: string, log: Log): Promise<void> {
  if (!isExternalUrl(url)) {
    log.warn('a link was not opened', { scheme: /^[a-z][a-z0-9+.-]*:/i.exec(url)?.[0] ?? null })
    return
  }
  try {
    await shell.openExternal(new URL(url).href)
  } catch (error) {
    log.error('the system could not open a link', error)
  }
}
