import { classifySendFailure } from '@parley/domain'
import { z } from 'zod'

import { type ChannelAdapter, type OutgoingMessage, type SendResult } from '../adapter.ts'
import { storable } from '../text.ts'

const SEND_TIMEOUT_MS = 20_000

const accepted = z.looseObject({
  messages: z.tuple([z.looseObject({ id: z.string().min(1).max(255) })]),
})
const refused = z.looseObject({
  error: z.looseObject({
    code: z.number(),
    message: z.string().catch(''),
    error_data: z
      .looseObject({ details: z.string().catch('') })
      .nullish()
      .catch(null),
  }),
})

/** WhatsApp through Meta's Cloud API. */
export function createWhatsAppAdapter(options: {
  /** Base URL with the version, such as https://graph.facebook.com/v24.0 */
  graphUrl: string
  accessToken: string
}): ChannelAdapter {
  return {
    channel: 'whatsapp',
    send: (message) => send(options, message),
  }
}

async function send(
  { graphUrl, accessToken }: { graphUrl: string; accessToken: string },
  { attemptId, accountExternalId, to, text }: OutgoingMessage,
): Promise<SendResult> {
  let response: Response
  let body: unknown
  try {
    response = await fetch(`${graphUrl}/${accountExternalId}/messages`, {
      method: 'POST',
      redirect: 'error',
      headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        messaging_product: 'whatsapp',
        ...recipientOf(to),
        type: 'text',
        text: { body: text, preview_url: false },
        // Comes back in receipts: it identifies a message whose answer was lost.
        biz_opaque_callback_data: attemptId,
      }),
      signal: AbortSignal.timeout(SEND_TIMEOUT_MS),
    })
    body = await response.json().catch(() => null)
  } catch (error) {
    return noAnswer(error)
  }

  const success = accepted.safeParse(body)
  if (response.ok && success.success) {
    return { outcome: 'accepted', channelMessageId: storable(success.data.messages[0].id) }
  }
  const failure = refused.safeParse(body)
  if (failure.success) {
    const { code, message, error_data: data } = failure.data.error
    return {
      outcome: 'failed',
      failure: classifySendFailure(code, response.status),
      // Meta quotes a malformed token in its answer.
      detail: storable(`${code}: ${data?.details || message}`)
        .replaceAll(accessToken, '[token]')
        .slice(0, 500),
    }
  }
  // An answer nobody foresaw, a 200 without an id included: it may have gone out.
  return {
    outcome: 'failed',
    failure: classifySendFailure(null, response.ok ? null : response.status),
    detail: `HTTP ${response.status} with an unreadable body`,
  }
}

/** Numbers and groups go into `to`; a business-scoped user id there is dropped without a word. */
function recipientOf({ kind, externalId }: OutgoingMessage['to']): object {
  if (kind === 'group') return { recipient_type: 'group', to: externalId }
  const recipient = kind === 'phone' ? { to: externalId } : { recipient: externalId }
  return { recipient_type: 'individual', ...recipient }
}

/** Connections that were never made carried nothing; any other loss leaves it open what happened. */
function noAnswer(error: unknown): SendResult {
  const cause =
    error instanceof Error ? (error.cause as NodeJS.ErrnoException | undefined) : undefined
  const code = cause?.code ?? (error instanceof Error ? error.name : 'unknown')
  const neverConnected = [
    'ECONNREFUSED',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'UND_ERR_CONNECT_TIMEOUT',
  ]
  return {
    outcome: 'failed',
    failure: neverConnected.includes(code)
      ? { kind: 'retry', pace: 'backoff' }
      : { kind: 'ambiguous' },
    detail: `no answer (${code})`,
  }
}
