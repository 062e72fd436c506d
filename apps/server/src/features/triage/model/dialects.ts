import { type TriageModelSettings } from '@parley/contracts'
import { z } from 'zod'

/** The two ways in which endpoints are asked and answer. */

export interface Exchange {
  path: string
  headers: Record<string, string>
  body: object
}

export interface Prompt {
  system: string
  user: string
  schema: Record<string, unknown>
}

export interface Reply {
  /** What stands where the answer belongs; undefined: nothing that could be read. */
  answer: unknown
  inputTokens: number | null
  outputTokens: number | null
}

/** Enough for the answer's form with a sentence; a model that writes on is cut short. */
const MAXIMUM_ANSWER_TOKENS = 400
const ANSWER_NAME = 'place_conversation'

export function composeRequest(
  settings: TriageModelSettings,
  apiKey: string,
  prompt: Prompt,
): Exchange {
  const temperature = settings.temperature === null ? {} : { temperature: settings.temperature }
  const common = { 'content-type': 'application/json', accept: 'application/json' }
  if (settings.provider === 'anthropic') {
    return {
      path: '/v1/messages',
      headers: { ...common, 'x-api-key': apiKey, 'anthropic-version': '2023-06-01' },
      body: {
        model: settings.model,
        max_tokens: MAXIMUM_ANSWER_TOKENS,
        ...temperature,
        system: prompt.system,
        messages: [{ role: 'user', content: prompt.user }],
        // No tool in truth: the form of the answer, which is all that it can give.
        tools: [
          {
            name: ANSWER_NAME,
            description: 'Where the conversation belongs.',
            input_schema: prompt.schema,
          },
        ],
        tool_choice: { type: 'tool', name: ANSWER_NAME },
      },
    }
  }
  return {
    path: '/v1/chat/completions',
    headers: { ...common, authorization: `Bearer ${apiKey}` },
    body: {
      model: settings.model,
      max_completion_tokens: MAXIMUM_ANSWER_TOKENS,
      ...temperature,
      messages: [
        { role: 'system', content: systemFor(settings, prompt) },
        { role: 'user', content: prompt.user },
      ],
      ...(settings.responseFormat === 'json_schema' && {
        response_format: {
          type: 'json_schema',
          json_schema: { name: ANSWER_NAME, strict: true, schema: prompt.schema },
        },
      }),
    },
  }
}

/** Where no schema can be sent along, it is told in words. */
function systemFor({ responseFormat }: TriageModelSettings, { system, schema }: Prompt): string {
  return responseFormat === 'json_schema'
    ? system
    : `${system}\n\nThe answer's form as JSON Schema: ${JSON.stringify(schema)}`
}

const tokens = z.int().nonnegative().nullable().catch(null).default(null)

const chatCompletion = z.looseObject({
  choices: z.array(
    z.looseObject({ message: z.looseObject({ content: z.string().nullable().catch(null) }) }),
  ),
  usage: z.looseObject({ prompt_tokens: tokens, completion_tokens: tokens }).nullish().catch(null),
})
const message = z.looseObject({
  content: z.array(
    z.looseObject({ type: z.string(), name: z.string().optional(), input: z.unknown().optional() }),
  ),
  usage: z.looseObject({ input_tokens: tokens, output_tokens: tokens }).nullish().catch(null),
})

/** @returns null where the body is not what such an endpoint answers */
export function readReply(provider: TriageModelSettings['provider'], body: string): Reply | null {
  const json = parseJson(body)
  if (provider === 'anthropic') {
    const parsed = message.safeParse(json)
    if (!parsed.success) return null
    const { content, usage } = parsed.data
    const use = content.find(({ type, name }) => type === 'tool_use' && name === ANSWER_NAME)
    return {
      answer: use?.input,
      inputTokens: usage?.input_tokens ?? null,
      outputTokens: usage?.output_tokens ?? null,
    }
  }
  const parsed = chatCompletion.safeParse(json)
  if (!parsed.success) return null
  const { choices, usage } = parsed.data
  return {
    answer: parseJson(withoutFence(choices[0]?.message.content ?? '')),
    inputTokens: usage?.prompt_tokens ?? null,
    outputTokens: usage?.completion_tokens ?? null,
  }
}

/** Models that were not held to a form like to put JSON into a code block. */
function withoutFence(text: string): string {
  return /^\s*```(?:json)?\s*([\s\S]*?)```\s*$/.exec(text)?.[1] ?? text
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    // Whoever asks treats "nothing" as an answer that cannot be read.
    return undefined
  }
}
