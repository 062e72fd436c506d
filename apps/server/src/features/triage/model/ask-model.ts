import { type ModelCall, type ModelFailure, type ModelOutcome } from '@parley/domain'

import { type Services } from '../../../platform/services.ts'
import { sql, toJson } from '../../../platform/sql.ts'
import { createCircuitBreaker, type CircuitBreaker } from './circuit-breaker.ts'
import { composeRequest, readReply, type Exchange, type Reply } from './dialects.ts'
import { openGuardedEndpoint, RequestFailed, type GuardedEndpoint } from './guarded-request.ts'
import { INTEGRATION_NAME, type StoredModel } from './model-settings.ts'
import {
  answerJsonSchema,
  parseAnswer,
  systemPrompt,
  userMessage,
  type Choices,
  type Question,
} from './prompt.ts'

/** Beyond this, a slow endpoint would only gather requests whose time is over when they are sent. */
const MAXIMUM_CALLS_AT_ONCE = 50

/** One configured endpoint with what this process knows of it. */
export interface ModelConnection {
  readonly stored: StoredModel
  ask(question: Question, choices: Choices, call: CallLimits): Promise<AskedModel>
  /** Calls that are under way end as they would. */
  close(): void
}

export interface CallLimits {
  /** What triage as a whole has left. */
  remainingMs: number
  /** For the log; null: somebody tries the settings out. */
  conversationId: string | null
  /** An administrator's own attempt is made whatever came before it. */
  ignoreBreaker?: boolean
}

export interface AskedModel {
  outcome: ModelOutcome
  /** For whoever sets it up; it never holds the key nor a customer's words. */
  detail: string
}

/** What came of one request. */
interface Attempt {
  status: number | null
  reply: Reply | null
  failure: ModelFailure | null
  detail: string
}

export function connectModel(services: Services, stored: StoredModel): ModelConnection {
  const { settings, apiKey } = stored
  const endpoint = openGuardedEndpoint(rootOf(settings.baseUrl), settings)
  const breaker = createCircuitBreaker(() => performance.now())
  let underWay = 0
  let isClosing = false

  function ended(): void {
    underWay--
    if (isClosing && underWay === 0) endpoint.close()
  }

  return {
    stored,
    async ask(question, choices, { remainingMs, conversationId, ignoreBreaker = false }) {
      if (underWay >= MAXIMUM_CALLS_AT_ONCE) return notCalled('too_many_calls')
      if (!ignoreBreaker && !breaker.mayTry()) return notCalled('circuit_open')
      const exchange = composeRequest(settings, apiKey, {
        system: systemPrompt(choices),
        user: userMessage(question),
        schema: answerJsonSchema(choices),
      })
      const limitMs = Math.max(1, Math.ceil(Math.min(settings.timeLimitMs, remainingMs)))
      const startedAt = performance.now()
      underWay++
      const attempt = await attemptCall(settings.provider, endpoint, exchange, limitMs).finally(
        ended,
      )
      tellBreaker(services, breaker, attempt)

      const answer = attempt.failure === null ? parseAnswer(attempt.reply?.answer, choices) : null
      const failure = attempt.failure ?? whyUnusable(attempt.reply, answer === null)
      const call: ModelCall = {
        provider: settings.provider,
        model: settings.model,
        durationMs: Math.round(performance.now() - startedAt),
        inputTokens: attempt.reply?.inputTokens ?? null,
        outputTokens: attempt.reply?.outputTokens ?? null,
        costUsd: costOf(attempt.reply, stored),
        messages: question.messages.length,
      }
      const isOverall = failure === 'time_limit' && remainingMs <= settings.timeLimitMs
      const outcome: ModelOutcome =
        answer !== null && failure === null
          ? { ok: true, ...answer, call }
          : {
              ok: false,
              failure: isOverall ? 'overall_limit' : (failure ?? 'invalid_answer'),
              call,
            }
      await record(services, { outcome, attempt, conversationId, question })
      return { outcome, detail: attempt.detail }
    },
    close() {
      isClosing = true
      if (underWay === 0) endpoint.close()
    },
  }
}

/** Endpoints are named with or without their version; it is added to every path. */
function rootOf(baseUrl: string): string {
  return baseUrl.replace(/\/+$/, '').replace(/\/v1$/, '')
}

function notCalled(failure: ModelFailure): AskedModel {
  return { outcome: { ok: false, failure, call: null }, detail: failure }
}

async function attemptCall(
  provider: StoredModel['settings']['provider'],
  endpoint: GuardedEndpoint,
  { path, headers, body }: Exchange,
  limitMs: number,
): Promise<Attempt> {
  try {
    const response = await endpoint.post(path, headers, JSON.stringify(body), limitMs)
    const { status } = response
    const detail = `answered ${status}`
    if (status === 429) return { status, reply: null, failure: 'rate_limited', detail }
    if (status < 200 || status > 299) return { status, reply: null, failure: 'http_error', detail }
    return { status, reply: readReply(provider, response.body), failure: null, detail }
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error
    return { status: error.status, reply: null, failure: error.problem, detail: error.message }
  }
}

function whyUnusable(reply: Reply | null, isInvalid: boolean): ModelFailure | null {
  if (reply === null || reply.answer === undefined) return 'unreadable_answer'
  return isInvalid ? 'invalid_answer' : null
}

/** An answer of the wrong form comes from an endpoint that is there: the customer's words may be the cause. */
function tellBreaker(services: Services, breaker: CircuitBreaker, attempt: Attempt): void {
  if (attempt.failure === null) return breaker.succeeded()
  if (breaker.failed()) {
    services.logger.warn(
      { part: 'triage', failure: attempt.failure, detail: attempt.detail },
      'the language model fails again and again; it is left alone for a while',
    )
  }
}

function costOf(reply: Reply | null, { settings }: StoredModel): number | null {
  if (reply === null || reply.inputTokens === null || reply.outputTokens === null) return null
  const millionths =
    reply.inputTokens * settings.inputPrice + reply.outputTokens * settings.outputPrice
  return millionths / 1_000_000
}

/**
 * A row for each call: what it took and what came of it. Neither the customer's words nor the model's
 * sentence about them: they would outlive the conversation here, and be seen by who may not see it.
 */
async function record(
  { db, logger }: Services,
  {
    outcome,
    attempt,
    conversationId,
    question,
  }: {
    outcome: ModelOutcome
    attempt: Attempt
    conversationId: string | null
    question: Question
  },
): Promise<void> {
  const { call } = outcome
  const request = {
    conversation_id: conversationId,
    provider: call?.provider,
    model: call?.model,
    messages: question.messages.length,
    characters: question.messages.reduce((sum, { length }) => sum + length, 0),
  }
  const response = {
    ...(outcome.ok && {
      team_id: outcome.teamId,
      priority: outcome.priority,
      skills: outcome.skills,
    }),
    input_tokens: call?.inputTokens,
    output_tokens: call?.outputTokens,
    cost_usd: call?.costUsd,
  }
  const error = outcome.ok ? null : `${outcome.failure}: ${attempt.detail}`
  try {
    await db.run(sql`
      INSERT INTO integration_logs (
        id, integration_name, operation, request_payload, response_payload, status_code, duration_ms, error)
      VALUES (new_id(), 
        ${INTEGRATION_NAME}, ${conversationId === null ? 'try_out' : 'classify'},
        ${toJson(request)}, ${toJson(response)}, ${attempt.status},
        ${call?.durationMs ?? null}, ${error})`)
  } catch (failure) {
    // No conversation waits for its log.
    logger.error({ err: failure, conversationId }, 'a call of the language model was not logged')
  }
}
