import { inspectLink } from '@parley/domain'
import { shell } from 'electron'

import type { Log } from './log.ts'

/** Beside addresses of the web, which are looked at more closely: mail and telephone, in plain letters. */
const OTHERS = /^(?:mailto:[!->@-~]+|tel:[+\d().\-*#;=a-z]+)$/i
const LONGEST_OTHER = 320

/**
 * As it may be given to the system; null for what could start a program of this machine with words that a customer
 * wrote, and for what leads elsewhere than it reads. The page has looked already: it is not believed.
 */
export function externalUrl(written: string): string | null {
  const link = inspectLink(written)
  if (link !== null) return link.danger === null ? link.url : null
  return written.length <= LONGEST_OTHER && OTHERS.test(written) ? written : null
}

/**
 * Gives a link to the system's browser, mail or telephone.
 * @returns whether it was given: a person did not ask for it, or may not be led there
 * @throws where the system could not open it
 */
export async function openExternal(
  written: string,
  isAskedFor: () => Promise<boolean>,
  log: Log,
): Promise<boolean> {
  const url = externalUrl(written)
  if (url === null || !(await isAskedFor())) {
    const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(written)?.[0] ?? null
    log.warn('a link was not opened', { scheme, because: url === null ? 'unsafe' : 'no gesture' })
    return false
  }
  await shell.openExternal(url)
  return true
}
