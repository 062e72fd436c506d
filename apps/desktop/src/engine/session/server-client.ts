import { type AppError, type ErrorCode, type Tokens } from '@parley/contracts'
// A whole type import: with an inline one the unbundled engine would load the server.
import type { AppRouter } from '@parley/server/router'
import {
  TRPCClientError,
  createTRPCClient,
  createWSClient,
  httpLink,
  splitLink,
  wsLink,
  type TRPCClient,
} from '@trpc/client'

/** An expected failure, as the server or this device named it. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly error: AppError

  constructor(error: AppError) {
    super(error.code)
    this.error = error
  }
}

export function refusal(code: ErrorCode, details: Record<string, unknown> = {}): Refusal {
  return new Refusal({ code, details })
}

const REQUEST_TIMEOUT_MS = 15_000
/** Refreshed this long before the token ends, so that no request carries one that is about to. */
const REFRESH_AHEAD_MS = 60_000

export interface TokenKeeper {
  read(): Tokens | null
  /** Durable before it returns: the old refresh token is worthless from then on. */
  write(tokens: Tokens): void
}

export interface ServerClientEvents {
  disconnected(): void
  /** The session is over and will not come back; `reason` as the server gave it. */
  sessionEnded(reason: string | null): void
  /** The server's clock minus this device's, in milliseconds, to about a second. */
  clock(offsetMs: number): void
}

/**
 * The engine's line to one server: requests over HTTP, the feed over WebSocket, with tokens renewed as
 * needed. Requests that cannot reach the server fail as `server_unreachable`.
 */
export class ServerClient {
  readonly trpc: TRPCClient<AppRouter>
  readonly #baseUrl: string
  readonly #tokens: TokenKeeper
  readonly #events: ServerClientEvents
  readonly #webSocket: ReturnType<typeof createWSClient>
  #refreshing: Promise<Tokens> | null = null
  #closed = false

  constructor(baseUrl: string, tokens: TokenKeeper, events: ServerClientEvents) {
    this.#baseUrl = baseUrl.replace(/\/$/, '')
    this.#tokens = tokens
    this.#events = events
    this.#webSocket = createWSClient({
      url: `${this.#baseUrl.replace(/^http/, 'ws')}/trpc`,
      connectionParams: async () => ({ accessToken: await this.#accessToken() }),
      lazy: { enabled: true, closeMs: 0 },
      keepAlive: { enabled: true, intervalMs: 10_000, pongTimeoutMs: 5_000 },
      retryDelayMs: (attempt) => retryDelayMs(attempt, Math.random()),
      onClose: () => {
        if (!this.#closed) this.#events.disconnected()
      },
    })
    this.trpc = createTRPCClient<AppRouter>({
      links: [
        splitLink({
          condition: (operation) => operation.type === 'subscription',
          true: wsLink<AppRouter>({ client: this.#webSocket }),
          false: httpLink<AppRouter>({
            url: `${this.#baseUrl}/trpc`,
            headers: async ({ op }) =>
              op.path === 'session.signIn' || op.path === 'session.refresh'
                ? {}
                : { authorization: `Bearer ${await this.#accessToken()}` },
            fetch: (input, init) => this.#fetch(String(input), init as RequestInit),
          }),
        }),
      ],
    })
  }

  /** Runs a request and turns whatever goes wrong into a Refusal. */
  async ask<Result>(request: (trpc: TRPCClient<AppRouter>) => Promise<Result>): Promise<Result> {
    try {
      return await request(this.trpc)
    } catch (error) {
      const failure = toRefusal(error)
      if (failure.error.code === 'session_ended') {
        this.#events.sessionEnded((failure.error.details['reason'] as string | undefined) ?? null)
      }
      throw failure
    }
  }

  close(): void {
    this.#closed = true
    void this.#webSocket.close()
  }

  async #fetch(input: string, init: RequestInit): Promise<Response> {
    const startedAt = Date.now()
    const response = await fetch(input, {
      ...init,
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    })
    const date = response.headers.get('date')
    if (date !== null) {
      const middle = (startedAt + Date.now()) / 2
      // The header is cut to the second, so half a second is added back.
      this.#events.clock(Math.round(Date.parse(date) + 500 - middle))
    }
    return response
  }

  async #accessToken(): Promise<string> {
    const tokens = this.#tokens.read()
    if (tokens === null) throw refusal('unauthenticated')
    if (Date.parse(tokens.accessExpiresAt) - Date.now() > REFRESH_AHEAD_MS)
      return tokens.accessToken
    this.#refreshing ??= this.#refresh(tokens.refreshToken).finally(() => (this.#refreshing = null))
    return (await this.#refreshing).accessToken
  }

  async #refresh(refreshToken: string): Promise<Tokens> {
    const tokens = await this.ask((trpc) => trpc.session.refresh.mutate({ refreshToken }))
    this.#tokens.write(tokens)
    return tokens
  }
}

/** Quick at first, then up to ten seconds, never in step with everybody else's. */
export function retryDelayMs(attempt: number, jitter: number): number {
  return Math.round(Math.min(10_000, 250 * 2 ** Math.min(attempt, 6)) * (0.5 + jitter))
}

export function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof TRPCClientError) {
    if (error.cause instanceof Refusal) return error.cause
    const data = error.data as { app?: AppError } | null | undefined
    if (data?.app) return new Refusal(data.app)
    return refusal('server_unreachable')
  }
  throw error
}
