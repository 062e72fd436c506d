import { createHmac } from 'node:crypto'

import { classifySendFailure } from '@parley/domain'
import { z } from 'zod'

import { type ChannelAdapter, type OutgoingMessage, type SendResult } from '../adapter.ts'
import { plausibleInstant, storable } from '../text.ts'
import { UnreadableBody, type Update } from '../updates.ts'

/**
 * The company's own app. Its format is ours to define; docs/chat-app.md is its description:
 * events in, `POST {CHAT_APP_URL}/messages` out, both signed with `X-Parley-Signature: sha256=…`.
 */

const SEND_TIMEOUT_MS = 10_000

const body = z.object({
  account: z.string().min(1).max(100),
  events: z.array(z.unknown()).max(1000),
})
const event = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('message'),
    id: z.string().min(1).max(120),
    customer: z.object({ id: z.string().min(1).max(200), name: z.string().max(255).nullish() }),
    sentAt: z.iso.datetime({ offset: true }),
    text: z.string().max(20_000),
  }),
  z.object({
    type: z.literal('receipt'),
    id: z.string().min(1).max(120),
    status: z.enum(['sent', 'delivered', 'read', 'failed']),
    occurredAt: z.iso.datetime({ offset: true }),
    reason: z.string().max(500).nullish(),
  }),
])

export function createChatAppAdapter(options: { url: string; secret: string }): ChannelAdapter {
  return {
    channel: 'chat_app',
    send: (message) => send(options, message),
  }
}

/** @throws UnreadableBody */
export function parseEvents(raw: Buffer): Update[] {
  let parsed: unknown
  try {
    parsed = JSON.parse(raw.toString('utf8'))
  } catch (error) {
    throw new UnreadableBody(`not JSON: ${(error as Error).message}`)
  }
  const whole = body.safeParse(parsed)
  if (!whole.success) throw new UnreadableBody('not { account, events }')
  return whole.data.events.map((item, index) =>
    parseEvent(item, whole.data.account, `events[${index}]`),
  )
}

function parseEvent(item: unknown, account: string, path: string): Update {
  const readable = event.safeParse(item)
  if (!readable.success) {
    const detail = readable.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    return { path, kind: 'invalid', reason: 'malformed_event', detail: detail.join('; ') }
  }
  const data = storable(readable.data)
  if (data.type === 'receipt') {
    return {
      path,
      kind: 'receipt',
      receipt: {
        channelMessageId: prefixed(account, data.id),
        attemptId: z.guid().safeParse(data.id).success ? data.id.toLowerCase() : null,
        status: data.status,
        occurredAt: plausibleInstant(Date.parse(data.occurredAt)),
        failedReason: data.reason ?? null,
      },
    }
  }
  return {
    path,
    kind: 'message',
    message: {
      channel: 'chat_app',
      accountExternalId: account,
      channelMessageId: prefixed(account, data.id),
      customer: {
        identities: [{ kind: 'app_id', externalId: data.customer.id }],
        name: data.customer.name ?? null,
      },
      sentAt: plausibleInstant(Date.parse(data.sentAt)),
      contentType: 'text',
      text: data.text,
      content: {},
      isQuiet: false,
      quotedChannelMessageId: null,
      aboutChannelMessageId: null,
    },
  }
}

/** Message ids are unique over all channels in the database, and the app's are only unique in the app. */
function prefixed(account: string, messageId: string): string {
  return `chat_app:${account}:${messageId}`
}

async function send(
  { url, secret }: { url: string; secret: string },
  { attemptId, accountExternalId, to, text }: OutgoingMessage,
): Promise<SendResult> {
  const payload = JSON.stringify({
    account: accountExternalId,
    id: attemptId,
    customerId: to.externalId,
    text,
  })
  try {
    const response = await fetch(`${url.replace(/\/$/, '')}/messages`, {
      method: 'POST',
      redirect: 'error',
      headers: {
        'content-type': 'application/json',
        'x-parley-signature': `sha256=${createHmac('sha256', secret).update(payload).digest('hex')}`,
      },
      body: payload,
      signal: AbortSignal.timeout(SEND_TIMEOUT_MS),
    })
    // The app takes each id once, so an accepted repetition is harmless; its own id is ours.
    if (response.ok) {
      return { outcome: 'accepted', channelMessageId: prefixed(accountExternalId, attemptId) }
    }
    return {
      outcome: 'failed',
      failure:
        response.status >= 500
          ? { kind: 'retry', pace: 'backoff', mayHaveArrived: true }
          : classifySendFailure(null, response.status),
      detail: `HTTP ${response.status}`,
    }
  } catch (error) {
    return {
      outcome: 'failed',
      failure: { kind: 'retry', pace: 'backoff', mayHaveArrived: true },
      detail: `no answer (${(error as Error).name})`,
    }
  }
}
