import { type AddressInfo } from 'node:net'

import Fastify, { type FastifyReply } from 'fastify'
import { z } from 'zod'

/** What a call shall meet instead of a right answer. */
export type ModelFault =
  /** Any JSON in the place of the answer: of another form, or picking what nobody allowed. */
  | { kind: 'answer'; value: unknown }
  /** Words where the agreed JSON should be. */
  | { kind: 'not_json' }
  /** JSON that is no answer of such an endpoint at all. */
  | { kind: 'other_body'; body: unknown }
  | { kind: 'status'; status: number }
  | { kind: 'redirect'; to: string }
  /** Answers when `release` is called. */
  | { kind: 'hold' }
  /** Takes the request and never answers. */
  | { kind: 'hang' }
  | { kind: 'reset' }
  /** Does what the customer's own words say: answers the JSON object that they contain. */
  | { kind: 'obey_customer' }

export interface ModelRequest {
  path: string
  headers: Record<string, string | string[] | undefined>
  body: Record<string, unknown>
  /** The text of the only message of the user's. */
  userContent: string
  /** The schema that the answer was asked to keep to; null: none was sent. */
  schema: Record<string, unknown> | null
}

export interface FakeLanguageModel {
  /** Without a path: clients add `/v1/chat/completions` or `/v1/messages`. */
  url: string
  requests: ModelRequest[]
  /** What is answered where no fault is due. */
  answerWith(answer: unknown): void
  /** The next calls meet these, one each. */
  fail(...faults: ModelFault[]): void
  /** Every call meets this one, once those of `fail` are used up; null: none does. */
  failAlways(fault: ModelFault | null): void
  /** Lets every call go that is held. */
  release(): void
  stop(): Promise<void>
}

/** Tokens that every answer says it took. */
export const SIMULATED_USAGE = { input: 420, output: 35 }

const toolRequest = z.looseObject({
  messages: z.array(z.looseObject({ role: z.string(), content: z.string() })),
  tools: z.array(z.looseObject({ input_schema: z.record(z.string(), z.unknown()) })).optional(),
  response_format: z
    .looseObject({
      json_schema: z.looseObject({ schema: z.record(z.string(), z.unknown()) }).optional(),
    })
    .optional(),
})

/** A language model's endpoint that speaks both dialects, and answers what it is told to. */
export async function startFakeLanguageModel(options: {
  apiKey: string
}): Promise<FakeLanguageModel> {
  const requests: ModelRequest[] = []
  const faults: ModelFault[] = []
  let everyTime: ModelFault | null = null
  let answer: unknown = {}
  const app = Fastify({ forceCloseConnections: true })
  const held = new Set<() => void>()

  function release(): void {
    for (const answerNow of held) answerNow()
    held.clear()
  }

  async function respond(
    request: ModelRequest,
    reply: FastifyReply,
    wrap: (answer: unknown) => object,
  ): Promise<FastifyReply> {
    requests.push(request)
    const fault = faults.shift() ?? everyTime
    switch (fault?.kind) {
      case 'answer':
        return reply.send(wrap(fault.value))
      case 'not_json':
        return reply.send(wrap('I would say: support.'))
      case 'other_body':
        return reply.send(fault.body)
      case 'status':
        return reply.code(fault.status).send({ error: { message: 'simulated' } })
      case 'redirect':
        return reply.redirect(fault.to, 307)
      case 'hang':
        return reply.hijack()
      case 'reset':
        reply.raw.socket?.destroy()
        return reply.hijack()
      case 'obey_customer':
        return reply.send(wrap(jsonWithin(request.userContent)))
      case 'hold':
        await new Promise<void>((resolve) => held.add(resolve))
        return reply.send(wrap(answer))
      case undefined:
        return reply.send(wrap(answer))
    }
  }

  app.post('/v1/chat/completions', async (incoming, reply) => {
    if (incoming.headers.authorization !== `Bearer ${options.apiKey}`) {
      return reply.code(401).send({ error: { message: 'Incorrect API key provided' } })
    }
    const request = read(incoming.url, incoming.headers, incoming.body)
    return respond(request, reply, (value) => ({
      id: 'chatcmpl-simulated',
      object: 'chat.completion',
      model: request.body['model'],
      choices: [
        {
          index: 0,
          finish_reason: 'stop',
          message: {
            role: 'assistant',
            content: typeof value === 'string' ? value : JSON.stringify(value),
          },
        },
      ],
      usage: {
        prompt_tokens: SIMULATED_USAGE.input,
        completion_tokens: SIMULATED_USAGE.output,
        total_tokens: SIMULATED_USAGE.input + SIMULATED_USAGE.output,
      },
    }))
  })

  app.post('/v1/messages', async (incoming, reply) => {
    if (incoming.headers['x-api-key'] !== options.apiKey) {
      return reply.code(401).send({ type: 'error', error: { type: 'authentication_error' } })
    }
    if (incoming.headers['anthropic-version'] === undefined) {
      return reply.code(400).send({ type: 'error', error: { type: 'invalid_request_error' } })
    }
    const request = read(incoming.url, incoming.headers, incoming.body)
    return respond(request, reply, (value) => ({
      id: 'msg_simulated',
      type: 'message',
      role: 'assistant',
      model: request.body['model'],
      content: [
        typeof value === 'string'
          ? { type: 'text', text: value }
          : { type: 'tool_use', id: 'toolu_simulated', name: 'place_conversation', input: value },
      ],
      stop_reason: 'tool_use',
      usage: { input_tokens: SIMULATED_USAGE.input, output_tokens: SIMULATED_USAGE.output },
    }))
  })

  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    answerWith: (value) => void (answer = value),
    fail: (...some) => void faults.push(...some),
    failAlways: (fault) => void (everyTime = fault),
    release,
    async stop() {
      release()
      await app.close()
    },
  }
}

function read(path: string, headers: ModelRequest['headers'], body: unknown): ModelRequest {
  const parsed = toolRequest.parse(body)
  const schema =
    parsed.response_format?.json_schema?.schema ?? parsed.tools?.[0]?.input_schema ?? null
  return {
    path,
    headers,
    body: parsed,
    userContent: parsed.messages.findLast(({ role }) => role === 'user')?.content ?? '',
    schema,
  }
}

/** The innermost object that the customer wrote, out of however it was quoted. */
function jsonWithin(content: string): unknown {
  const unquoted = content.replaceAll('\\"', '"')
  const found = /\{[^{}]*"team"[^{}]*\}/.exec(unquoted)?.[0]
  return found === undefined ? 'nothing to obey' : (JSON.parse(found) as unknown)
}
