import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { type Server } from 'node:http'
import { type Socket } from 'node:net'

import { fastifyTRPCPlugin, type FastifyTRPCPluginOptions } from '@trpc/server/adapters/fastify'
import { applyWSSHandler } from '@trpc/server/adapters/ws'
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import { WebSocketServer } from 'ws'

import { type Intake } from '../features/intake/index.ts'
import { sql } from '../platform/sql.ts'
import { type Features } from '../platform/features.ts'
import { type Context } from '../platform/procedure.ts'
import { type Services } from '../platform/services.ts'
import { appRouter, type AppRouter } from '../trpc/router.ts'
import { registerWebhooks, type WebhookSettings } from './webhooks.ts'

/** A procedure's input: a reply of 4,096 characters with room to spare, never a file. */
const PROCEDURE_BODY_LIMIT_BYTES = 256 * 1024
const WEBSOCKET_MESSAGE_LIMIT_BYTES = 256 * 1024
const PING_INTERVAL_MS = 15_000
const PONG_WAIT_MS = 10_000

export interface HttpApp {
  app: FastifyInstance
  /** Takes no more connections, lets requests finish and closes WebSockets with "going away". */
  stop(): Promise<void>
}

export function createHttpApp(
  services: Services,
  features: Features,
  intake: Intake,
  settings: WebhookSettings,
  isReady: () => boolean,
): HttpApp {
  const app = Fastify({
    loggerInstance: services.logger.child({ part: 'http' }, { level: 'warn' }) as FastifyBaseLogger,
    bodyLimit: PROCEDURE_BODY_LIMIT_BYTES,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 5000 },
    forceCloseConnections: 'idle',
  })

  const createContext = async (
    request: { socket: Socket },
    requestId: string,
    token: string | null,
  ): Promise<Context> => ({
    services,
    features,
    requestId,
    sessionId: token === null ? null : await features.accounts.verifyAccessToken(token),
    address: request.socket.remoteAddress ?? 'unknown',
    drained: (signal) => drained(request.socket, signal),
  })

  registerWebhooks(app, services, intake, settings)
  registerHealth(app, services, isReady)
  void app.register(fastifyTRPCPlugin, {
    prefix: '/trpc',
    trpcOptions: {
      router: appRouter,
      createContext: ({ req }) => createContext(req, req.id, bearerOf(req.headers.authorization)),
    },
  } satisfies FastifyTRPCPluginOptions<AppRouter>)

  const webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: WEBSOCKET_MESSAGE_LIMIT_BYTES,
  })
  const webSocketHandler = applyWSSHandler<AppRouter>({
    wss: webSockets,
    router: appRouter,
    keepAlive: { enabled: true, pingMs: PING_INTERVAL_MS, pongWaitMs: PONG_WAIT_MS },
    createContext: ({ req, info }) => {
      const token = info.connectionParams?.['accessToken']
      return createContext(req, randomUUID(), typeof token === 'string' ? token : null)
    },
  })
  ;(app.server as Server).on('upgrade', (request, socket, head) => {
    if (new URL(request.url ?? '/', 'http://server').pathname !== '/trpc') {
      socket.destroy()
      return
    }
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      webSockets.emit('connection', webSocket, request)
    })
  })

  return {
    app,
    async stop() {
      webSocketHandler.broadcastReconnectNotification()
      for (const client of webSockets.clients) client.close(1001, 'server is stopping')
      webSockets.close()
      await app.close()
    },
  }
}

async function drained(socket: Socket, signal: AbortSignal): Promise<void> {
  if (!socket.writableNeedDrain) return
  // A socket that breaks ends what is sent over it by the signal, so its error says nothing new here.
  await once(socket, 'drain', { signal }).catch(() => {})
}

function bearerOf(header: string | undefined): string | null {
  return /^Bearer (\S+)$/.exec(header ?? '')?.[1] ?? null
}

function registerHealth(app: FastifyInstance, services: Services, isReady: () => boolean): void {
  /** The process lives. */
  app.get('/healthz', () => ({ status: 'ok' }))
  /** It can do its work: not starting, not stopping, and the database answers. */
  app.get('/readyz', async (_request, reply) => {
    if (!isReady()) return reply.code(503).send({ status: 'not ready' })
    try {
      await services.db.one(sql`SELECT 1 AS alive`)
      return { status: 'ready' }
    } catch (error) {
      services.logger.warn({ err: error }, 'readiness: the database does not answer')
      return reply.code(503).send({ status: 'database unreachable' })
    }
  })
  app.get('/metrics', async (_request, reply) =>
    reply
      .type(services.metrics.registry.contentType)
      .send(await services.metrics.registry.metrics()),
  )
}
