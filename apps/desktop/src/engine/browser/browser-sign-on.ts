import { createHash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { type AddressInfo } from 'node:net'

import { SIGN_ON_PATHS } from '@parley/domain'

import { type EngineHost } from '../host.ts'
import { refusal } from '../session/refusal.ts'
import { showReturned } from './returned-page.ts'

/** As long as the server keeps the attempt. */
const PATIENCE_MS = 10 * 60_000
/** A page that was taken over opens no browsers in heaps. */
const MOST_AT_ONCE = 5
const WITHIN_MS = 60_000

/** What the browser brought back, and what only this workstation has. */
export interface BroughtBack {
  ticket: string
  verifier: string
}

/**
 * Sends the person to their company's sign-in in the system's browser, and waits on this machine alone for what comes back
 * (RFC 8252): no password of the company's is ever typed into this program.
 */
export class BrowserSignOn {
  readonly #host: Pick<EngineHost, 'openBrowser' | 'cameBack'>
  /** The one who waits. */
  #waiting = new AbortController()
  #opened: number[] = []

  constructor(host: Pick<EngineHost, 'openBrowser' | 'cameBack'>) {
    this.#host = host
  }

  /** Whoever began before does not wait any more. @throws Refusal `sign_on_failed`, `too_many_attempts` */
  async wait(serverUrl: string, providerId: string): Promise<BroughtBack> {
    this.cancel()
    this.#count()
    const { signal } = (this.#waiting = new AbortController())
    const verifier = randomBytes(32).toString('base64url')
    const challenge = createHash('sha256').update(verifier).digest('base64url')
    const server = createServer()
    const port = await listening(server)
    try {
      const ticket = this.#ticketFrom(server, { challenge, host: `127.0.0.1:${port}` }, signal)
      // Heard below, whichever of the two fails first.
      ticket.catch(() => {})
      if (!signal.aborted) {
        await this.#host
          .openBrowser(startAddress(serverUrl, { providerId, challenge, port }))
          .catch(() => {
            throw refusal('sign_on_failed', { reason: 'no_browser' })
          })
      }
      return { ticket: await ticket, verifier }
    } finally {
      // The browser has its page: whoever still holds the line holds nothing.
      server.close()
      setTimeout(() => server.closeAllConnections(), 1_000).unref()
    }
  }

  cancel(): void {
    this.#waiting.abort()
  }

  #count(): void {
    const now = performance.now()
    this.#opened = this.#opened.filter((at) => now - at < WITHIN_MS)
    const [first] = this.#opened
    if (first !== undefined && this.#opened.length >= MOST_AT_ONCE) {
      throw refusal('too_many_attempts', { retryAfterMs: Math.ceil(WITHIN_MS - (now - first)) })
    }
    this.#opened.push(now)
  }

  #ticketFrom(
    server: Server,
    expected: { challenge: string; host: string },
    signal: AbortSignal,
  ): Promise<string> {
    return new Promise((resolve, reject) => {
      const fail = (reason: string): void => reject(refusal('sign_on_failed', { reason }))
      const timer = setTimeout(() => fail('over'), PATIENCE_MS)
      server.once('close', () => clearTimeout(timer))
      // Also one that was given up before it listened.
      if (signal.aborted) fail('cancelled')
      signal.addEventListener('abort', () => fail('cancelled'))
      server.on('request', (request, response) => {
        const found = returnedBy(request, expected)
        if (found === null) {
          response.writeHead(404).end()
          return
        }
        showReturned(request, response, found.ticket !== null)
        this.#host.cameBack()
        if (found.ticket === null) fail(found.problem)
        else resolve(found.ticket)
      })
    })
  }
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return (server.address() as AddressInfo).port
}

function startAddress(
  serverUrl: string,
  { providerId, challenge, port }: { providerId: string; challenge: string; port: number },
): string {
  const url = new URL(`${serverUrl}${SIGN_ON_PATHS.start}`)
  url.search = new URLSearchParams({
    provider: providerId,
    challenge,
    port: String(port),
  }).toString()
  return url.href
}

/** Null for what is none of ours: other programs and pages of this machine can reach this address, too. */
function returnedBy(
  { method, url = '', headers }: IncomingMessage,
  { challenge, host }: { challenge: string; host: string },
): { ticket: string; problem: null } | { ticket: null; problem: string } | null {
  if (method !== 'GET' || headers.host !== host) return null
  const asked = URL.parse(`http://${host}${url}`)
  if (asked?.host !== host || asked.pathname !== '/') return null
  const { searchParams } = asked
  if (searchParams.get('for') !== challenge) return null
  const ticket = searchParams.get('ticket')
  if (ticket !== null && /^[\w-]{20,128}$/.test(ticket)) return { ticket, problem: null }
  return { ticket: null, problem: searchParams.get('problem')?.slice(0, 40) ?? 'over' }
}
