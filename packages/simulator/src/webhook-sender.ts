import { createHmac } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

/** Meta escapes what is not ASCII before it signs, so the bytes on the wire are these and no others. */
export function toSignedBody(
  payload: object,
  appSecret: string,
): { body: string; signature: string } {
  const body = JSON.stringify(payload).replace(
    /[\u0080-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  const hmac = createHmac('sha256', appSecret).update(body).digest('hex')
  return { body, signature: `sha256=${hmac}` }
}

export interface WebhookSender {
  /** Resolves when the server has answered 200, however often that took. */
  send(payload: object): Promise<void>
  /** One attempt. */
  post(payload: object): Promise<number>
  /** Deliveries that are still being tried. */
  readonly pending: number
  /** Deliveries that were begun, and those that the server has answered 200. */
  readonly begun: number
  readonly accepted: number
  /** Why the last attempt failed that did; null while all goes well. */
  readonly lastFailure: string | null
  stop(): void
}

const FIRST_RETRY_MS = 200
const LONGEST_RETRY_MS = 5000

/** Delivers signed webhooks as Meta does: anything but 200 and the whole body comes again. */
export function createWebhookSender(options: {
  url: () => string
  appSecret: string
}): WebhookSender {
  let pending = 0
  let begun = 0
  let accepted = 0
  let lastFailure: string | null = null
  const stopping = new AbortController()

  async function post(payload: object): Promise<number> {
    const { body, signature } = toSignedBody(payload, options.appSecret)
    const response = await fetch(options.url(), {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': signature },
      body,
      signal: AbortSignal.any([AbortSignal.timeout(10_000), stopping.signal]),
    })
    await response.arrayBuffer()
    return response.status
  }

  return {
    post,
    get pending() {
      return pending
    },
    get begun() {
      return begun
    },
    get accepted() {
      return accepted
    },
    get lastFailure() {
      return lastFailure
    },
    async send(payload) {
      pending++
      begun++
      try {
        for (
          let delayMs = FIRST_RETRY_MS;
          !stopping.signal.aborted;
          delayMs = Math.min(delayMs * 2, LONGEST_RETRY_MS)
        ) {
          const answer = await post(payload).catch(describeFailure)
          if (answer === 200) {
            accepted++
            lastFailure = null
            return
          }
          if (stopping.signal.aborted) return
          lastFailure = typeof answer === 'number' ? `answered ${answer}` : answer
          // Nobody waits any more once it is stopped.
          await sleep(delayMs, undefined, { signal: stopping.signal }).catch(() => {})
        }
      } finally {
        pending--
      }
    },
    stop() {
      stopping.abort()
    },
  }
}

/** fetch says only "fetch failed"; what happened is in its cause. */
function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  if (!(cause instanceof Error)) return error.message
  return cause.message === ''
    ? ((cause as NodeJS.ErrnoException).code ?? cause.name)
    : cause.message
}
