import { receiptBody, toSignedBody } from '@parley/simulator'

import { type Random } from './random.ts'
import { APP_SECRET, BUSINESS } from './servers.ts'
import { time } from './virtual-time.ts'

/** Meta, as far as messages and receipts go: accepts, refuses, loses its answer, and tells later. */
export class Graph {
  /** What customers received, in its order. */
  readonly received: { to: string; text: string }[] = []
  /** Bodies that the server has not answered 200 yet. */
  waiting = 0
  /** Refuses everything now and then, and loses answers. */
  isTroubled = false
  readonly #random: Random
  readonly #post: (body: string, signature: string) => Promise<boolean>
  #count = 0

  /** @param post one try; whether it was taken */
  constructor(random: Random, post: (body: string, signature: string) => Promise<boolean>) {
    this.#random = random
    this.#post = post
  }

  newId(): string {
    return `wamid.${Buffer.from(`simulated ${++this.#count}`).toString('base64')}`
  }

  /** Delivered until it is taken, and now and then once more. */
  send(payload: object): void {
    const { body, signature } = toSignedBody(payload, APP_SECRET)
    const copies = this.#random.chance(0.1) ? 2 : 1
    for (let copy = 0; copy < copies; copy++) {
      this.waiting += 1
      this.#try(body, signature, this.#random.int(0, 50), 500)
    }
  }

  #try(body: string, signature: string, afterMs: number, nextMs: number): void {
    time.schedule(() => {
      void this.#post(body, signature).then((isTaken) => {
        if (isTaken) this.waiting -= 1
        else this.#try(body, signature, nextMs, Math.min(nextMs * 2, 5000))
      })
    }, afterMs)
  }

  /** A reply on its way to a customer. */
  async answer(_url: URL, init: RequestInit): Promise<Response> {
    const sent = JSON.parse(String(init.body)) as {
      to: string
      text: { body: string }
      biz_opaque_callback_data?: string
    }
    if (this.isTroubled && this.#random.chance(0.3)) {
      return this.#random.chance(0.5)
        ? refused(131_016, 'Service unavailable', 500)
        : refused(131_026, 'Message undeliverable', 400)
    }
    const id = this.newId()
    this.received.push({ to: sent.to, text: sent.text.body })
    const callbackData = sent.biz_opaque_callback_data
    const statuses = this.#random.chance(0.9)
      ? (['sent', 'delivered', 'read'] as const)
      : (['sent'] as const)
    statuses.forEach((status, place) =>
      time.schedule(
        () =>
          this.send(
            receiptBody(BUSINESS, [
              { messageId: id, status, recipient: sent.to, occurredAt: new Date(), callbackData },
            ]),
          ),
        200 * (place + 1),
      ),
    )
    if (this.isTroubled && this.#random.chance(0.2)) throw new TypeError('fetch failed')
    return Response.json({ messages: [{ id }] })
  }
}

function refused(code: number, message: string, status: number): Response {
  return Response.json(
    { error: { code, message, type: 'OAuthException', fbtrace_id: 'x' } },
    { status },
  )
}
