import { type AddressInfo } from 'node:net'

import Fastify from 'fastify'
import { z } from 'zod'

import {
  newWamid,
  receiptBody,
  type BusinessNumber,
  type ReceiptStatus,
  type SimulatedReceipt,
} from './payloads.ts'
import { createWebhookSender, type WebhookSender } from './webhook-sender.ts'

/** What the next send shall meet instead of success. */
export type Fault =
  /** Refused with this error. */
  | { kind: 'error'; code: number; httpStatus?: number; message?: string }
  /** Accepted, delivered to the customer, and the answer is lost. */
  | { kind: 'lose_answer' }
  /** Accepted, and the answer comes so late that receipts overtake it. */
  | { kind: 'delay_answer'; ms: number }
  /** Accepted, and some time later it turns out that it could not be delivered. */
  | { kind: 'fail_later'; code: number }

export interface AcceptedSend {
  wamid: string
  to: string
  text: string
  callbackData: string | undefined
  at: Date
}

export interface FakeGraphApiOptions {
  business: BusinessNumber
  accessToken: string
  appSecret: string
  /** Where the server's webhook is; asked at each delivery, since it may start later. */
  webhookUrl: () => string
  port?: number
  /** Time until the answer, and from there to each receipt; null: it never comes. Milliseconds. */
  latencyMs?: number
  receiptsMs?: { sent: number | null; delivered: number | null; read: number | null }
  /** Messages for one customer within 6 s, beyond which code 131056 is answered; null: no limit. */
  pairLimit?: number | null
}

export interface FakeGraphApi {
  /** For WHATSAPP_GRAPH_URL. */
  url: string
  /** Everything that was accepted, in order: what customers have received. */
  accepted: AcceptedSend[]
  webhooks: WebhookSender
  /** The next sends meet these, one each. */
  fail(...faults: Fault[]): void
  /** Told of every message that a customer receives. */
  onMessage(listener: (send: AcceptedSend) => void): void
  stop(): Promise<void>
}

const sendRequest = z.looseObject({
  messaging_product: z.literal('whatsapp'),
  to: z.string().optional(),
  recipient: z.string().optional(),
  type: z.literal('text'),
  text: z.looseObject({ body: z.string().min(1).max(4096) }),
  biz_opaque_callback_data: z.string().max(512).optional(),
})

const PAIR_WINDOW_MS = 6000

/** The part of Meta's Graph API that a support system needs, behaving as its documentation says. */
export async function startFakeGraphApi(options: FakeGraphApiOptions): Promise<FakeGraphApi> {
  const { business, latencyMs = 20 } = options
  const receiptsMs = options.receiptsMs ?? { sent: 30, delivered: 120, read: 400 }
  const webhooks = createWebhookSender({ url: options.webhookUrl, appSecret: options.appSecret })
  const accepted: AcceptedSend[] = []
  const faults: Fault[] = []
  const listeners: ((send: AcceptedSend) => void)[] = []
  const timers = new Set<NodeJS.Timeout>()
  const app = Fastify({ forceCloseConnections: true })

  function later(delayMs: number, work: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer)
      work()
    }, delayMs)
    timers.add(timer)
  }

  function sendReceipt(
    send: AcceptedSend,
    status: ReceiptStatus,
    error?: SimulatedReceipt['error'],
  ): void {
    const receipt = {
      messageId: send.wamid,
      status,
      recipient: send.to,
      occurredAt: new Date(),
      callbackData: send.callbackData,
      error,
    }
    void webhooks.send(receiptBody(business, [receipt]))
  }

  function scheduleReceipts(send: AcceptedSend, fault: Fault | undefined): void {
    if (fault?.kind === 'fail_later') {
      later(receiptsMs.sent ?? 0, () =>
        sendReceipt(send, 'failed', { code: fault.code, title: `simulated ${fault.code}` }),
      )
      return
    }
    for (const status of ['sent', 'delivered', 'read'] as const) {
      const delayMs = receiptsMs[status]
      if (delayMs !== null) later(delayMs, () => sendReceipt(send, status))
    }
  }

  function isOverPairLimit(to: string): boolean {
    if (options.pairLimit === undefined || options.pairLimit === null) return false
    const since = Date.now() - PAIR_WINDOW_MS
    return (
      accepted.filter((send) => send.to === to && send.at.getTime() > since).length >=
      options.pairLimit
    )
  }

  app.post<{ Params: { phoneNumberId: string } }>(
    '/:phoneNumberId/messages',
    async (request, reply) => {
      await new Promise((resolve) => setTimeout(resolve, latencyMs))
      if (request.headers.authorization !== `Bearer ${options.accessToken}`) {
        return reply.code(401).send(graphError(190, 'Invalid OAuth access token'))
      }
      if (request.params.phoneNumberId !== business.phoneNumberId) {
        return reply.code(400).send(graphError(100, 'Unsupported post request'))
      }
      const parsed = sendRequest.safeParse(request.body)
      const to = parsed.data?.to ?? parsed.data?.recipient
      if (!parsed.success || to === undefined) {
        return reply.code(400).send(graphError(100, 'Invalid parameter'))
      }
      const fault = faults.shift()
      if (fault?.kind === 'error') {
        return reply
          .code(fault.httpStatus ?? 400)
          .send(graphError(fault.code, fault.message ?? 'simulated'))
      }
      if (isOverPairLimit(to)) {
        return reply
          .code(400)
          .send(graphError(131056, 'Business account, consumer account pair rate limit hit'))
      }
      const send = {
        wamid: newWamid(),
        to,
        text: parsed.data.text.body,
        callbackData: parsed.data.biz_opaque_callback_data,
        at: new Date(),
      }
      accepted.push(send)
      for (const listener of listeners) listener(send)
      scheduleReceipts(send, fault)
      if (fault?.kind === 'delay_answer') {
        await new Promise((resolve) => setTimeout(resolve, fault.ms))
      }
      if (fault?.kind === 'lose_answer') {
        request.raw.socket.destroy()
        return reply.hijack()
      }
      return reply.send({
        messaging_product: 'whatsapp',
        contacts: [{ input: to, wa_id: to.replace(/^\+/, '') }],
        messages: [{ id: send.wamid }],
      })
    },
  )

  await app.listen({ host: '127.0.0.1', port: options.port ?? 0 })
  const { port } = app.server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    accepted,
    webhooks,
    fail: (...some) => void faults.push(...some),
    onMessage: (listener) => void listeners.push(listener),
    async stop() {
      for (const timer of timers) clearTimeout(timer)
      webhooks.stop()
      await app.close()
    },
  }
}

function graphError(code: number, message: string): object {
  return {
    error: {
      message: `(#${code}) ${message}`,
      type: 'OAuthException',
      code,
      error_data: { messaging_product: 'whatsapp', details: message },
      fbtrace_id: 'simulated',
    },
  }
}
