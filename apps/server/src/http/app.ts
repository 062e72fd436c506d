import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { STATUS_CODES, type IncomingMessage } from 'node:http'
import { type Server as TlsServer } from 'node:https'
import { type Socket } from 'node:net'

import {
  fastifyRequestHandler,
  fastifyTRPCPlugin,
  type FastifyTRPCPluginOptions,
} from '@trpc/server/adapters/fastify'
import Fastify, { type FastifyBaseLogger, type FastifyReply, type FastifyRequest } from 'fastify'

import { createKeyAuthentication } from '../features/api-keys/index.ts'
import { type Intake } from '../features/intake/index.ts'
import { CallLimits } from '../platform/call-limits.ts'
import { isTransient } from '../platform/database.ts'
import { strangerAt } from '../platform/doer.ts'
import { type Features } from '../platform/features.ts'
import { type Context } from '../platform/procedure.ts'
import { type Services } from '../platform/services.ts'
import { appRouter, type AppRouter } from '../trpc/router.ts'
import { limitAdmission } from './admission.ts'
import { createBareServer } from './bare-server.ts'
import { type Certificate } from './certificate.ts'
import { clientAddressBehind, exactAddressBehind, isProxy } from './client-address.ts'
import { compressAnswers } from './compressed-answers.ts'
import { registerDictionaries } from './dictionaries.ts'
import { registerHealth } from './health.ts'
import { registerJoinPage } from './join-page.ts'
import { serveLoadPages } from './load-pages.ts'
import { registerScim } from './scim.ts'
import { registerSignOn } from './sign-on.ts'
import { PATH, serveWebSockets } from './web-sockets.ts'
import { registerWebhooks, type WebhookSettings } from './webhooks.ts'

/** A procedure's input: a reply of 4,096 characters with room to spare, never a file. */
const PROCEDURE_BODY_LIMIT_BYTES = 256 * 1024
/** For requests to be answered when the server stops; after that their connections are cut. */
const STOP_GRACE_MS = 2_000

export interface HttpSettings extends WebhookSettings {
  /** Addresses and networks of reverse proxies. */
  trustedProxies: readonly string[]
  /** Where the workstations' dictionaries are; null: nowhere. */
  dictionariesFolder: string | null
  /** With it the server speaks TLS, and nothing else. */
  tls: Certificate['context'] | null
}

export interface HttpApp {
  /** @returns where it listens, as a URL */
  listen(at: { host: string; port: number }): Promise<string>
  /** For those who connect from now on. */
  useCertificate(context: Certificate['context']): void
  /** Takes no more connections, lets requests finish for a moment and closes WebSockets with "going away". */
  stop(): Promise<void>
}

export function createHttpApp(
  services: Services,
  features: Features,
  intake: Intake,
  settings: HttpSettings,
  isReady: () => boolean,
): HttpApp {
  const app = Fastify({
    loggerInstance: services.logger.child({ part: 'http' }, { level: 'warn' }) as FastifyBaseLogger,
    bodyLimit: PROCEDURE_BODY_LIMIT_BYTES,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 5000 },
    forceCloseConnections: 'idle',
    // A target that no route can be looked for by; Fastify would answer it with the target in its words.
    frameworkErrors: (error, request, reply) => answerFailure(services, error, request, reply),
    serverFactory: (answer) => createBareServer(answer, settings.tls, services.metrics),
  })
  const { server } = app
  const clientAddress = clientAddressBehind(settings.trustedProxies)
  limitAdmission(app, services.metrics, clientAddress, isProxy(settings.trustedProxies))
  app.addHook('onSend', async (_request, reply) => {
    // Workstations set their countdowns by it.
    void reply.header('date', services.clock.now().toUTCString())
  })
  compressAnswers(app, queryPaths())
  app.setErrorHandler((error, request, reply) => answerFailure(services, error, request, reply))

  const limits = new CallLimits(services.metrics)
  const createContext = async (
    request: IncomingMessage,
    requestId: string,
    token: string | null,
  ): Promise<Context> => ({
    services,
    features,
    requestId,
    connection: request,
    sessionId: token === null ? null : await features.accounts.sessions.verifyAccessToken(token),
    address: clientAddress(request),
    limits,
    drained: (signal) => drained(request.socket, signal),
  })

  registerWebhooks(app, services, intake, settings)
  registerHealth(app, services, isReady)
  registerJoinPage(app)
  registerSignOn(app, features.signOn, (request, call) => {
    const address = clientAddress(request.raw)
    return limits.ofDirectory(address, () => call(strangerAt(address, request.id)))
  })
  registerDictionaries(app, services, settings.dictionariesFolder)
  registerScim(app, services, {
    sessions: features.accounts.sessions,
    authenticate: createKeyAuthentication(services),
    clientAddress,
    exactAddress: exactAddressBehind(settings.trustedProxies),
  })
  const contextOf = (request: FastifyRequest): Promise<Context> =>
    createContext(request.raw, request.id, bearerOf(request.headers.authorization))
  const trpcOptions = {
    router: appRouter,
    // Limits count requests, and nobody of ours puts several calls into one.
    allowBatching: false,
    // What is asked may be words of a customer's: a body is in no proxy's log, as an address is.
    allowMethodOverride: true,
    createContext: ({ req }) => contextOf(req),
  } satisfies FastifyTRPCPluginOptions<AppRouter>['trpcOptions']
  void app.register(fastifyTRPCPlugin, {
    prefix: PATH,
    trpcOptions,
  } satisfies FastifyTRPCPluginOptions<AppRouter>)
  serveLoadPages(app, PATH, contextOf, (req, res, path) =>
    fastifyRequestHandler({ ...trpcOptions, req, res, path }),
  )
  const webSockets = serveWebSockets(server, services, createContext, clientAddress)

  return {
    async listen(at) {
      const url = await app.listen(at)
      // Fastify does not see what its server speaks.
      return settings.tls === null ? url : url.replace('http:', 'https:')
    },
    useCertificate: (context) => (server as TlsServer).setSecureContext(context),
    async stop() {
      webSockets.stop()
      // A client that never ends its request, or never takes its answer, would be waited for.
      const cut = setTimeout(() => server.closeAllConnections(), STOP_GRACE_MS)
      await app.close()
      clearTimeout(cut)
    },
  }
}

/** Never with the error's own words: they are for whoever runs the server, and may be somebody else's. */
function answerFailure(
  { logger }: Services,
  error: unknown,
  { id, routeOptions }: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const { statusCode = 500 } = error as { statusCode?: number }
  // It is the request that is wrong: too large, of no type, not to be read.
  if (statusCode < 500) return reply.code(statusCode).send({ error: STATUS_CODES[statusCode] })
  const told = { err: error, requestId: id, path: routeOptions.url }
  if (isTransient(error)) {
    // What passes is no failure of this request: whoever sent it comes again.
    logger.warn(told, 'request put off')
    return reply.code(503).header('retry-after', '5').send({ error: 'try later' })
  }
  logger.error(told, 'request failed')
  return reply.code(500).send({ error: 'internal', requestId: id })
}

async function drained(socket: Socket, signal: AbortSignal): Promise<void> {
  if (!socket.writableNeedDrain) return
  // A socket that breaks ends what is sent over it by the signal, so its error says nothing new here.
  await once(socket, 'drain', { signal }).catch(() => {})
}

/** Of what changes nothing: an answer of it says the same whichever method asks. */
function queryPaths(): Set<string> {
  const procedures = Object.entries<unknown>(appRouter._def.procedures)
  const queries = procedures.filter(
    ([, procedure]) => (procedure as { _def: { type: string } })._def.type === 'query',
  )
  return new Set(queries.map(([path]) => `${PATH}/${path}`))
}

function bearerOf(header: string | undefined): string | null {
  return /^Bearer (\S+)$/.exec(header ?? '')?.[1] ?? null
}
