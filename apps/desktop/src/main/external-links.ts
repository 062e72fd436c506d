import { inspectLink, SIGN_ON_PATHS } from '@parley/domain'
import { shell } from 'electron'

import type { Log } from './log.ts'

/** One after the other, as somebody clicks: a page that opens them by itself gets nowhere with what it has to say. */
const MOST_AT_ONCE = 3
const WITHIN_MS = 15_000

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
 * Where a server's single sign-on begins, as the engine says it, which alone knows the server.
 * @throws where it is no such page, or the system could not open it
 */
export async function openSignOn(url: string): Promise<void> {
  const { protocol, pathname } = new URL(url)
  if (!/^https?:$/.test(protocol) || !pathname.endsWith(SIGN_ON_PATHS.start)) {
    throw new Error('this is no page of single sign-on')
  }
  await shell.openExternal(url)
}

/** Gives links to the system's browser, mail or telephone. */
export class ExternalLinks {
  readonly #log: Log
  readonly #nowMs: () => number
  /** When those that still count were opened, by the monotonic clock. */
  #opened: number[] = []

  constructor(log: Log, nowMs: () => number = () => performance.now()) {
    this.#log = log
    this.#nowMs = nowMs
  }

  /**
   * @returns whether it was given: a person did not ask for it, or may not be led there
   * @throws where the system could not open it
   */
  async open(written: string, isAskedFor: () => Promise<boolean>): Promise<boolean> {
    const url = externalUrl(written)
    const hindrance = url === null ? 'unsafe' : await this.#hindrance(isAskedFor)
    if (url === null || hindrance !== null) {
      const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(written)?.[0] ?? null
      this.#log.warn('a link was not opened', { scheme, because: hindrance })
      return false
    }
    await shell.openExternal(url)
    return true
  }

  async #hindrance(isAskedFor: () => Promise<boolean>): Promise<'no gesture' | 'too many' | null> {
    if (!(await isAskedFor())) return 'no gesture'
    const now = this.#nowMs()
    this.#opened = this.#opened.filter((at) => now - at < WITHIN_MS)
    if (this.#opened.length >= MOST_AT_ONCE) return 'too many'
    this.#opened.push(now)
    return null
  }
}
