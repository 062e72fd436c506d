import { type FastifyInstance } from 'fastify'

import { type Services } from '../platform/services.ts'

/** What load balancers and monitors ask. */
export function registerHealth(
  app: FastifyInstance,
  { health, metrics }: Services,
  isReady: () => boolean,
): void {
  /** The process lives. */
  app.get('/healthz', () => ({ status: 'ok' }))
  /** It can do its work: not starting, not stopping, and nothing that it needs fails. */
  app.get('/readyz', async (_request, reply) => {
    const { failing, behind } = await health.report()
    const named = {
      ...(failing.length > 0 ? { failing } : {}),
      ...(behind.length > 0 ? { behind } : {}),
    }
    if (!isReady() || failing.length > 0) {
      return reply.code(503).send({ status: 'not ready', ...named })
    }
    return { status: 'ready', ...named }
  })
  app.get('/metrics', async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  )
}
