import { randomUUID } from 'node:crypto'
import { type IncomingMessage, type Server } from 'node:http'
import { type Duplex } from 'node:stream'

import { getWSConnectionHandler, jsonEncoder } from '@trpc/server/adapters/ws'
import { WebSocketServer, type WebSocket } from 'ws'

import { Allowance } from '../platform/allowance.ts'
import { type Context } from '../platform/procedure.ts'
import { type Services } from '../platform/services.ts'
import { TokenBuckets } from '../platform/token-buckets.ts'
import { appRouter, type AppRouter } from '../trpc/router.ts'
import { CONNECTIONS, REFUSAL } from './admission.ts'
import { type ClientAddress } from './client-address.ts'

export const PATH = '/trpc'

/** Over a WebSocket come a token, the place where a feed begins, and little else. */
const FRAME_LIMIT_BYTES = 16 * 1024
const OPERATIONS_PER_FRAME = 10
/** Frames and operations of one connection. A workstation sends one at its start and a ping every ten seconds. */
const FRAMES = { burst: 40, perSecond: 4 }
/** Who has not said by then who they are, is nobody. */
const SIGN_IN_LIMIT_MS = 10_000
/** Lines of whom nobody knows yet; a call centre behind one address comes back at once when a server was restarted. */
const UNKNOWN_LINES = { perAddress: 1_000, inAll: 5_000 }
/** Of one address, known or not: opening one costs more than anything that is sent over it before sign-in. */
const OPENED = { burst: 2_000, perSecond: 50 }
/** A frame may come in pieces, and nobody of ours sends any. */
const PIECES_PER_FRAME = 8
/** A workstation that comes back may have its lost connection beside the new one for a while. */
const CONNECTIONS_PER_SESSION = 3
const PING_INTERVAL_MS = 15_000
const PONG_WAIT_MS = 10_000
/** For a polite end; after that the connection is cut. */
const CLOSE_LIMIT_MS = 2_000

const POLICY_VIOLATION = 1008
const GOING_AWAY = 1001

export interface WebSockets {
  /** Tells all to come again elsewhere, and is rid of them within two seconds. */
  stop(): void
}

/** The feed's line. Nothing that comes over it throws past here, and nobody fills it. */
export function serveWebSockets(
  server: Server,
  { logger, metrics }: Services,
  createContext: (
    request: IncomingMessage,
    requestId: string,
    token: string | null,
  ) => Promise<Context>,
  clientAddress: ClientAddress,
): WebSockets {
  const webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: FRAME_LIMIT_BYTES,
    maxFragments: PIECES_PER_FRAME,
  })
  const lines = new Allowance(CONNECTIONS)
  const opened = new TokenBuckets(OPENED)
  const unknownLines = new Allowance(UNKNOWN_LINES)
  const bySession = new Map<string, Set<WebSocket>>()

  function accept(webSocket: WebSocket, request: IncomingMessage, known: () => void): void {
    const refuse = (limit: string): void => {
      if (webSocket.readyState !== webSocket.OPEN) return
      metrics.turnedAway.inc({ limit })
      close(webSocket, POLICY_VIOLATION, limit)
    }
    const frames = new TokenBuckets(FRAMES)
    const count = (): void => {
      if (frames.take('') > 0) refuse('frames')
    }
    // What asks for an answer of the protocol itself is a frame as well: whoever does not take the answers fills us.
    webSocket.on('message', count).on('ping', count).on('pong', count)
    const signInTimer = setTimeout(() => refuse('sign-in time'), SIGN_IN_LIMIT_MS)
    webSocket.once('close', () => clearTimeout(signInTimer))

    getWSConnectionHandler<AppRouter>({
      wss: webSockets,
      router: appRouter,
      keepAlive: { enabled: true, pingMs: PING_INTERVAL_MS, pongWaitMs: PONG_WAIT_MS },
      createContext: async ({ info }) => {
        const token = info.connectionParams?.['accessToken']
        const context = await createContext(
          request,
          randomUUID(),
          typeof token === 'string' ? token : null,
        )
        if (context.sessionId !== null) {
          clearTimeout(signInTimer)
          known()
          remember(context.sessionId, webSocket)
        }
        return context
      },
      onError: ({ error, path }) =>
        logger.debug({ err: error, path: declared(path) }, 'WebSocket operation failed'),
      experimental_encoder: {
        encode: jsonEncoder.encode,
        decode(data) {
          // The connection is on its way out; what still comes over it is not read.
          if (webSocket.readyState !== webSocket.OPEN) return []
          const message = jsonEncoder.decode(data)
          const operations = Array.isArray(message) ? message.length : 1
          if (operations > OPERATIONS_PER_FRAME) {
            refuse('operations')
            return []
          }
          for (let further = 1; further < operations; further++) {
            if (frames.take('') > 0) refuse('frames')
          }
          return message
        },
      },
    })(webSocket, request)
  }

  /** The oldest go: whoever comes back does not want them any more. */
  function remember(sessionId: string, webSocket: WebSocket): void {
    const ofSession = bySession.get(sessionId) ?? new Set()
    bySession.set(sessionId, ofSession.add(webSocket))
    webSocket.once('close', () => {
      ofSession.delete(webSocket)
      if (ofSession.size === 0) bySession.delete(sessionId)
    })
    for (const oldest of [...ofSession].slice(0, -CONNECTIONS_PER_SESSION)) {
      // One that is on its way out already is not told again.
      if (oldest.readyState !== oldest.OPEN) continue
      metrics.turnedAway.inc({ limit: 'connections of a session' })
      close(oldest, POLICY_VIOLATION, 'replaced by a newer connection')
    }
  }

  /** By the address of whoever it is, which behind a proxy the connection does not tell. */
  function admit(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const address = clientAddress(request)
    if (opened.take(address) > 0) return turnAway(socket)
    const leave = lines.take(address, 1)
    const known = unknownLines.take(address, 1)
    socket.once('close', () => {
      leave?.()
      known?.()
    })
    if (leave === null || known === null) return turnAway(socket)
    webSockets.handleUpgrade(request, socket, head, (webSocket) =>
      accept(webSocket, request, known),
    )
  }

  function turnAway(socket: Duplex): void {
    metrics.turnedAway.inc({ limit: 'lines' })
    socket.end(REFUSAL, () => socket.destroy())
  }

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // A socket that breaks has nobody left to be told.
    socket.on('error', () => {})
    try {
      // A page in a browser says where it is from: none of ours is in one.
      const isForeign = request.headers.origin !== undefined
      if (pathOf(request) === PATH && !isForeign) admit(request, socket, head)
      else socket.destroy()
    } catch (error) {
      logger.debug({ err: error }, 'upgrade refused')
      socket.destroy()
    }
  })

  return {
    stop() {
      const again = jsonEncoder.encode({ id: null, method: 'reconnect' })
      for (const client of webSockets.clients) {
        if (client.readyState === client.OPEN) client.send(again)
        close(client, GOING_AWAY, 'server is stopping')
      }
      webSockets.close()
    },
  }
}

/** A path that is no procedure's is whatever somebody wrote. */
function declared(path: string | undefined): string | undefined {
  return Object.keys(appRouter._def.procedures).find((one) => one === path)
}

/** Not by URL: a request's target may be anything, and most of what may be sent is none. */
function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?', 1)[0] as string
}

function close(webSocket: WebSocket, code: number, reason: string): void {
  webSocket.close(code, reason)
  const cut = setTimeout(() => webSocket.terminate(), CLOSE_LIMIT_MS)
  webSocket.once('close', () => clearTimeout(cut))
}
