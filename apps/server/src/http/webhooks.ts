import { type Channel } from '@parley/domain'
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { timingSafeEqual } from 'node:crypto'
import { z } from 'zod'

import { isSignedBy } from '../features/channels/index.ts'
import { type Intake } from '../features/intake/index.ts'
import { type Services } from '../platform/services.ts'
import { passed } from '../platform/stages.ts'

/** Meta sends up to 3 MB. */
const BODY_LIMIT_BYTES = 3 * 1024 * 1024 + 1024

export interface WebhookSettings {
  whatsapp: { appSecrets: string[]; verifyToken: string } | null
  chatApp: { secrets: string[] } | null
}

/** The channels' entrances: signature over the raw bytes, then durable, then 200; processed afterwards. */
export function registerWebhooks(
  app: FastifyInstance,
  services: Services,
  intake: Intake,
  settings: WebhookSettings,
): void {
  void app.register((scope, _options, done) => {
    // Raw bytes whatever the content type says: the signature is made over them.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: BODY_LIMIT_BYTES },
      (_request, body, parsed) => parsed(null, body),
    )
    const { whatsapp, chatApp } = settings
    if (whatsapp !== null) {
      scope.get('/webhooks/whatsapp', (request, reply) =>
        verify(request, reply, whatsapp.verifyToken),
      )
      scope.post(
        '/webhooks/whatsapp',
        { bodyLimit: BODY_LIMIT_BYTES },
        accept('whatsapp', whatsapp.appSecrets, 'x-hub-signature-256'),
      )
    }
    if (chatApp !== null) {
      scope.post(
        '/webhooks/chat-app',
        { bodyLimit: BODY_LIMIT_BYTES },
        accept('chat_app', chatApp.secrets, 'x-parley-signature'),
      )
    }
    done()
  })

  function accept(channel: Channel, secrets: string[], header: string) {
    return async (request: FastifyRequest, reply: FastifyReply) => {
      passed('webhook received')
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      const signature = request.headers[header]
      if (!isSignedBy(secrets, body, typeof signature === 'string' ? signature : undefined)) {
        services.metrics.webhookBodies.inc({ channel, outcome: 'wrong_signature' })
        return reply.code(401).send({ error: 'wrong or missing signature' })
      }
      const problem = notJsonObject(body)
      if (problem !== null) {
        services.metrics.webhookBodies.inc({ channel, outcome: 'unreadable' })
        return reply.code(400).send({ error: problem })
      }
      await intake.receive(channel, body)
      return reply.code(200).send()
    }
  }
}

/** Signed and yet not JSON: nothing that a redelivery could mend, so it is refused and named. */
function notJsonObject(body: Buffer): string | null {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'))
    return parsed !== null && typeof parsed === 'object' ? null : 'the body is not a JSON object'
  } catch (error) {
    return `the body is not JSON: ${(error as Error).message}`
  }
}

const challenge = z.object({
  'hub.mode': z.literal('subscribe'),
  'hub.verify_token': z.string(),
  'hub.challenge': z.string(),
})

/** Meta asks once, when the address is saved. */
function verify(request: FastifyRequest, reply: FastifyReply, verifyToken: string): FastifyReply {
  const query = challenge.safeParse(request.query)
  if (!query.success || !isSame(query.data['hub.verify_token'], verifyToken)) {
    return reply.code(403).send({ error: 'wrong verify token' })
  }
  return reply.type('text/plain').send(query.data['hub.challenge'])
}

function isSame(given: string, expected: string): boolean {
  const a = Buffer.from(given)
  const b = Buffer.from(expected)
  return a.length === b.length && timingSafeEqual(a, b)
}
