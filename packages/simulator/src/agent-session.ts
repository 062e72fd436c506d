import { setTimeout } from 'node:timers/promises'

import {
  appError,
  bootstrapPage,
  feedMessage,
  PROTOCOL_VERSION,
  signInOutput,
  tokens as tokensSchema,
  type AppError,
  type BootstrapPage,
  type FeedItem,
  type PutItem,
  type Tokens,
} from '@parley/contracts'
import {
  createTRPCUntypedClient,
  createWSClient,
  httpLink,
  splitLink,
  TRPCClientError,
  wsLink,
} from '@trpc/client'
import { v7 as newId } from 'uuid'
import { z } from 'zod'

const REQUEST_TIMEOUT_MS = 15_000
const REFRESH_AHEAD_MS = 60_000

/** An expected failure as the server named it, or `server_unreachable`. */
export class AgentFailure extends Error {
  override name = 'AgentFailure'
  readonly error: AppError

  constructor(error: AppError) {
    super(error.code)
    this.error = error
  }
}

/** Somebody signed in as a workstation would be, without the workstation. */
export interface AgentSession {
  userId: string
  fullName: string
  /** Rows of the initial load and then changes, as they come. The person is online while this runs. */
  follow(listener: (items: readonly (FeedItem | PutItem)[]) => void): Promise<void>
  /** @throws AgentFailure */
  mutate(procedure: string, input: unknown): Promise<void>
  /** Signs out; does not fail where the server is gone already. */
  end(): Promise<void>
}

const retryAfterMs = z.number().min(0).max(60_000).catch(1000)
const trackedFeedMessage = z.object({ data: feedMessage })

/**
 * The types of the server's router are not used: a package does not know an app. What comes back is parsed
 * by the contracts instead.
 * @throws AgentFailure
 */
export async function signInAgent(options: {
  serverUrl: string
  email: string
  password: string
  /** What goes wrong while nobody waits for it. */
  onProblem: (problem: string) => void
}): Promise<AgentSession> {
  const base = options.serverUrl.replace(/\/$/, '')
  let tokens: Tokens | null = null
  /** By the monotonic clock: this machine's may not be the server's. */
  let renewAtMs = 0
  let refreshing: Promise<string> | null = null
  let stopFeed: (() => void) | null = null
  let ended = false

  const webSocket = createWSClient({
    url: `${base.replace(/^http/, 'ws')}/trpc`,
    connectionParams: async () => ({ accessToken: await accessToken() }),
    lazy: { enabled: true, closeMs: 0 },
    keepAlive: { enabled: true, intervalMs: 10_000, pongTimeoutMs: 5_000 },
    retryDelayMs: (attempt) => Math.min(5_000, 250 * 2 ** attempt),
  })
  const client = createTRPCUntypedClient({
    links: [
      splitLink({
        condition: ({ type }) => type === 'subscription',
        true: wsLink({ client: webSocket }),
        false: httpLink({
          url: `${base}/trpc`,
          headers: async ({ op }) =>
            op.path === 'session.signIn' || op.path === 'session.refresh'
              ? {}
              : { authorization: `Bearer ${await accessToken()}` },
          fetch: (input, init) =>
            fetch(String(input), {
              ...(init as RequestInit),
              signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
            }),
        }),
      }),
    ],
  })

  async function accessToken(): Promise<string> {
    if (tokens === null) throw new AgentFailure({ code: 'unauthenticated', details: {} })
    if (performance.now() < renewAtMs) return tokens.accessToken
    const { refreshToken } = tokens
    refreshing ??= ask(() => client.mutation('session.refresh', { refreshToken }))
      .then((answer) => keepTokens(tokensSchema.parse(answer)))
      .finally(() => (refreshing = null))
    return refreshing
  }

  function keepTokens(fresh: Tokens): string {
    tokens = fresh
    renewAtMs = performance.now() + fresh.accessExpiresInSeconds * 1000 - REFRESH_AHEAD_MS
    return fresh.accessToken
  }

  const answer = await ask(() =>
    client.mutation('session.signIn', {
      email: options.email,
      password: options.password,
      device: { id: newId(), name: 'Parley simulator', platform: 'linux' },
      protocolVersion: PROTOCOL_VERSION,
    }),
  )
  const session = signInOutput.parse(answer)
  keepTokens(session.tokens)

  /** Comes back when it is told to: a server takes only so many fresh loads at a time. */
  async function loadedPage(page: string | null): Promise<BootstrapPage> {
    for (;;) {
      try {
        return bootstrapPage.parse(await ask(() => client.query('sync.bootstrap', { page })))
      } catch (error) {
        const isTooSoon = error instanceof AgentFailure && error.error.code === 'try_later'
        if (!isTooSoon || ended) throw error
        await setTimeout(retryAfterMs.parse(error.error.details['retryAfterMs']))
      }
    }
  }

  async function load(listener: (items: readonly (FeedItem | PutItem)[]) => void): Promise<string> {
    let cursor: string | null = null
    let page: string | null = null
    do {
      const loaded = await loadedPage(page)
      listener(loaded.items)
      cursor ??= loaded.cursor
      page = loaded.nextPage
    } while (page !== null)
    if (cursor === null) throw new Error('the bootstrap brought no cursor')
    return cursor
  }

  async function follow(listener: (items: readonly (FeedItem | PutItem)[]) => void): Promise<void> {
    const cursor = await load(listener)
    if (ended) return
    const subscription = client.subscription(
      'sync.feed',
      { cursor },
      {
        onData(value: unknown) {
          const { data } = trackedFeedMessage.parse(value)
          if (data.type === 'batch') listener(data.batch.items)
          if (data.type !== 'reset') return
          subscription.unsubscribe()
          follow(listener).catch((error: unknown) => options.onProblem(describe(error)))
        },
        onError: (error) => options.onProblem(describe(error)),
      },
    )
    stopFeed = () => subscription.unsubscribe()
  }

  return {
    userId: session.person.id,
    fullName: session.person.fullName,
    follow,
    mutate: async (procedure, input) => void (await ask(() => client.mutation(procedure, input))),
    async end() {
      ended = true
      stopFeed?.()
      await webSocket.close()
      try {
        await ask(() => client.mutation('session.signOut'))
      } catch (error) {
        // The session then ends by itself; nothing else hangs on it.
        options.onProblem(`${session.person.fullName} could not sign out: ${describe(error)}`)
      }
    },
  }
}

async function ask<Result>(request: () => Promise<Result>): Promise<Result> {
  try {
    return await request()
  } catch (error) {
    throw toFailure(error)
  }
}

function toFailure(error: unknown): AgentFailure {
  if (error instanceof AgentFailure) return error
  if (!(error instanceof TRPCClientError)) throw error
  if (error.cause instanceof AgentFailure) return error.cause
  const known = z.looseObject({ app: appError }).safeParse(error.data)
  return new AgentFailure(
    known.success ? known.data.app : { code: 'server_unreachable', details: {} },
  )
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
