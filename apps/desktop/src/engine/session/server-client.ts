import { refusalAnswer, type AppError, type Tokens } from '@parley/contracts'
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

import { CacheTrouble } from '../store/cache-trouble.ts'
import { fetchPatiently } from './patient-fetch.ts'
import { patientWebSocket } from './patient-web-socket.ts'
import { Refusal, refusal } from './refusal.ts'
import { understandingLink } from './understanding.ts'

export { Refusal, refusal } from './refusal.ts'

/** Renewed this long before the token ends, so that no request carries one that is about to. */
const REFRESH_AHEAD_MS = 60_000

/**
 * A socket that nobody follows anything on is closed, before the soonest retry: another one is opened with another token.
 * While somebody does, tRPC looks this often whether it is so.
 */
const UNUSED_MS = 100

/** What is asked without a token. */
const BEFORE_A_SESSION: ReadonlySet<string> = new Set([
  'session.signIn',
  'session.lookAtLink',
  'session.useLink',
  'session.refresh',
  'signOn.options',
  'signOn.useTicket',
])

/** No clock is as wrong as that; of what is further off no instant can be made. */
const FURTHEST_CLOCK_MS = 100 * 366 * 86_400_000

export interface TokenKeeper {
  read(): Tokens | null
  /** Durable before it returns: the old refresh token is worthless from then on. */
  write(tokens: Tokens): void
}

export interface ServerClientEvents {
  disconnected(): void
  /** The session is over and will not come back; `reason` as the server gave it. */
  sessionEnded(reason: string | null): void
  /** The server has said something that was understood. */
  heard(): void
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
  readonly #closing = new AbortController()
  /**
   * When the token is to be renewed, by the monotonic clock: the device's may be hours wrong, and may jump. Of a token
   * that is older than this line nobody knows its age: it is used until the server says that it is over.
   */
  #renewAtMs = Number.POSITIVE_INFINITY
  #refreshing: Promise<Tokens> | null = null
  /** How often the token was renewed. */
  #renewals = 0

  constructor(baseUrl: string, tokens: TokenKeeper, events: ServerClientEvents) {
    this.#baseUrl = baseUrl.replace(/\/$/, '')
    this.#tokens = tokens
    this.#events = events
    this.#webSocket = createWSClient({
      url: `${this.#baseUrl.replace(/^http/, 'ws')}/trpc`,
      WebSocket: patientWebSocket(),
      connectionParams: async () => ({ accessToken: await this.#accessToken() }),
      lazy: { enabled: true, closeMs: UNUSED_MS },
      keepAlive: { enabled: true, intervalMs: 10_000, pongTimeoutMs: 5_000 },
      retryDelayMs: (attempt) => retryDelayMs(attempt, Math.random()),
      onClose: () => {
        if (!this.#isClosed) this.#events.disconnected()
      },
    })
    this.trpc = createTRPCClient<AppRouter>({
      links: [
        understandingLink(() => this.#events.heard()),
        splitLink({
          condition: (operation) => operation.type === 'subscription',
          true: wsLink<AppRouter>({ client: this.#webSocket }),
          false: httpLink<AppRouter>({
            url: `${this.#baseUrl}/trpc`,
            // What is searched for belongs in no address: proxies write those down.
            methodOverride: 'POST',
            headers: async ({ op }) =>
              BEFORE_A_SESSION.has(op.path)
                ? {}
                : { authorization: `Bearer ${await this.#accessToken()}` },
            fetch: (input, init) => this.#fetch(String(input), init as RequestInit),
          }),
        }),
      ],
    })
  }

  /**
   * Runs a request and turns whatever goes wrong into a Refusal. A token that the server does not take is renewed once
   * and the request made once more, whatever either's clock says.
   */
  async ask<Result>(request: (trpc: TRPCClient<AppRouter>) => Promise<Result>): Promise<Result> {
    const renewals = this.#renewals
    try {
      return await this.#request(request)
    } catch (error) {
      const { code } = toRefusal(error).error
      const hasToken = code === 'unauthenticated' && !this.#isClosed && this.#tokens.read() !== null
      if (!hasToken) throw error
      // Another request's refusal may have had it renewed meanwhile.
      if (renewals === this.#renewals) this.distrustToken()
      return await this.#request(request)
    }
  }

  /** The server did not take it: it is renewed before it is used again. */
  distrustToken(): void {
    this.#renewAtMs = Number.NEGATIVE_INFINITY
  }

  /** Whatever is still under way fails at once: nobody waits for a line that was given up. */
  close(): void {
    this.#closing.abort()
    void this.#webSocket.close()
  }

  get #isClosed(): boolean {
    return this.#closing.signal.aborted
  }

  async #request<Result>(
    request: (trpc: TRPCClient<AppRouter>) => Promise<Result>,
  ): Promise<Result> {
    try {
      return await request(this.trpc)
    } catch (error) {
      const failure = toRefusal(error)
      if (failure.error.code === 'session_ended') {
        this.#events.sessionEnded(endReasonOf(failure.error))
      }
      throw failure
    }
  }

  async #fetch(input: string, init: RequestInit): Promise<Response> {
    const startedMs = performance.now()
    const response = await fetchPatiently(input, init, this.#closing.signal)
    const retryAfterMs = retryAfterOf(response)
    if (!response.ok && retryAfterMs !== null) {
      await response.body?.cancel()
      throw refusal('try_later', { retryAfterMs })
    }
    // A gateway's refusal carries its own clock.
    const serverMs = response.ok ? Date.parse(response.headers.get('date') ?? '') : Number.NaN
    // The device's clock may have jumped in between: it is read once.
    const middle = Date.now() - (performance.now() - startedMs) / 2
    // The header is cut to the second, so half a second is added back.
    const offsetMs = Math.round(serverMs + 500 - middle)
    if (Math.abs(offsetMs) < FURTHEST_CLOCK_MS) this.#events.clock(offsetMs)
    return response
  }

  async #accessToken(): Promise<string> {
    if (this.#isClosed) throw refusal('server_unreachable')
    const tokens = this.#tokens.read()
    if (tokens === null) throw refusal('unauthenticated')
    // Not reached either where an older server did not say how long it is good.
    const isDue = performance.now() >= this.#renewAtMs
    if (!isDue) return tokens.accessToken
    this.#refreshing ??= this.#refresh(tokens.refreshToken).finally(() => (this.#refreshing = null))
    return (await this.#refreshing).accessToken
  }

  async #refresh(refreshToken: string): Promise<Tokens> {
    const askedMs = performance.now()
    const tokens = await this.#request((trpc) => trpc.session.refresh.mutate({ refreshToken }))
    // Of two lines only the newer one keeps tokens.
    if (this.#isClosed) throw refusal('server_unreachable')
    this.#tokens.write(tokens)
    this.#renewals += 1
    const lifetimeMs = tokens.accessExpiresInSeconds * 1000
    this.#renewAtMs = askedMs + lifetimeMs - Math.min(REFRESH_AHEAD_MS, lifetimeMs / 2)
    return tokens
  }
}

const LONGEST_RETRY_MS = 10_000
const SHORTEST_RETRY_MS = 250
/** A gateway that asks for more is asked again all the same. */
const LONGEST_ASKED_FOR_MS = 60_000

/**
 * Quick at first, then up to ten seconds, never in step with everybody else's; longer only where whoever failed asked
 * for it.
 * @param jitter from 0 to 1
 */
export function retryDelayMs(failures: number, jitter: number, error?: AppError): number {
  const delayMs =
    Math.min(LONGEST_RETRY_MS, SHORTEST_RETRY_MS * 2 ** Math.min(failures, 6)) * (0.5 + jitter / 2)
  const askedForMs = Math.min(Number(error?.details['retryAfterMs'] ?? 0), LONGEST_ASKED_FOR_MS)
  // Our server keeps a place until then, however often it has sent us away; not all come at the very same moment.
  const isOurs = error?.code === 'try_later' && askedForMs > 0
  const keptMs = Math.max(SHORTEST_RETRY_MS, askedForMs * (1 + jitter / 10))
  return Math.round(isOurs ? keptMs : Math.max(delayMs, askedForMs))
}

export function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof CacheTrouble) return refusal('not_kept', { reason: error.reason })
  if (error instanceof TRPCClientError) {
    if (error.cause instanceof Refusal || error.cause instanceof CacheTrouble) {
      return toRefusal(error.cause)
    }
    const data = error.data as { app?: unknown } | null | undefined
    // Not our server's words: a proxy's or a gateway's, half an answer, or none.
    if (data?.app === undefined) return refusal('server_unreachable')
    const said = refusalAnswer.safeParse(data.app)
    return said.success ? new Refusal(said.data as AppError) : refusal('not_understood')
  }
  throw error
}

export function endReasonOf({ details: { reason } }: AppError): string | null {
  return typeof reason === 'string' ? reason : null
}

/** Null where it does not say. Seconds, or an instant by the clock of whoever answered. */
function retryAfterOf({ headers }: Response): number | null {
  const after = headers.get('retry-after')
  if (after === null) return null
  const delayMs = /^\d+$/.test(after)
    ? Number(after) * 1000
    : Date.parse(after) - Date.parse(headers.get('date') ?? '')
  return Number.isNaN(delayMs) ? null : Math.max(0, delayMs)
}

/** A request before there is a session. */
export async function askOnce<Result>(
  serverUrl: string,
  request: Parameters<ServerClient['ask']>[0] extends (trpc: infer Trpc) => unknown
    ? (trpc: Trpc) => Promise<Result>
    : never,
): Promise<Result> {
  const client = new ServerClient(
    serverUrl,
    { read: () => null, write: () => {} },
    { disconnected: () => {}, sessionEnded: () => {}, heard: () => {}, clock: () => {} },
  )
  try {
    return await client.ask(request)
  } finally {
    client.close()
  }
}
