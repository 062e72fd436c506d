import { TRPCError } from '@trpc/server'
import { getHTTPStatusCodeFromError } from '@trpc/server/http'
import { getErrorShape } from '@trpc/server/shared'
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'

import { type LoadedPage } from '../features/sync/index.ts'
import { type Context } from '../platform/procedure.ts'
import { appRouter } from '../trpc/router.ts'
import { acceptsGzip } from './compressed-answers.ts'

const PROCEDURE = 'sync.bootstrap'

/**
 * Pages of fresh loads: rows that many are given alike are made into text and compressed once for all of them, which is
 * nothing that tRPC can pass on. So its answer is written here, as it would write it; who asks and for what is looked at by the
 * procedure, as of any other.
 * @param prefix of the procedures' paths
 * @param otherwise answers whoever does not understand gzip, which nobody of ours does
 */
export function serveLoadPages(
  app: FastifyInstance,
  prefix: string,
  createContext: (request: FastifyRequest) => Promise<Context>,
  otherwise: (request: FastifyRequest, reply: FastifyReply, path: string) => Promise<void>,
): void {
  app.route({
    method: ['GET', 'POST'],
    url: `${prefix}/${PROCEDURE}`,
    async handler(request, reply) {
      if (!acceptsGzip(request)) return otherwise(request, reply, PROCEDURE)
      void reply.type('application/json')
      const context = await createContext(request)
      try {
        const page = await read(context, inputOf(request))
        void reply.header('content-encoding', 'gzip')
        return await reply.send(await page.gzipped('{"result":{"data":', '}}'))
      } catch (error) {
        if (!(error instanceof TRPCError)) throw error
        const shape = getErrorShape({
          config: appRouter._def._config,
          error,
          type: 'query',
          path: PROCEDURE,
          input: undefined,
          ctx: context,
        })
        return reply.code(getHTTPStatusCodeFromError(error)).send({ error: shape })
      }
    },
  })
}

function read(context: Context, input: unknown): Promise<LoadedPage> {
  return appRouter.createCaller(context).sync.bootstrap(input as { page: string | null })
}

/** @throws TRPCError for what is no JSON, as tRPC does */
function inputOf({ method, body, query }: FastifyRequest): unknown {
  if (method === 'POST') return body
  const { input } = query as { input?: unknown }
  if (typeof input !== 'string') return undefined
  try {
    return JSON.parse(input)
  } catch (cause) {
    throw new TRPCError({ code: 'BAD_REQUEST', cause })
  }
}
