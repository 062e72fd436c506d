import Fastify from 'fastify'

import { type Services } from '../platform/services.ts'

/** Whoever asks for figures and then does not take them. */
const REQUEST_TIMEOUT_MS = 10_000

export interface MetricsAddress {
  url: string
  stop(): Promise<void>
}

/** Figures have an address of their own, which only the company's monitors reach: they tell how busy it is, and with what. */
export async function serveMetrics(
  { health, metrics: { registry } }: Services,
  { host, port }: { host: string; port: number },
): Promise<MetricsAddress> {
  const app = Fastify({ forceCloseConnections: true, requestTimeout: REQUEST_TIMEOUT_MS })
  app.get('/metrics', async (_request, reply) => {
    // Its state is a figure too, and as of now.
    await health.report()
    return reply.type(registry.contentType).send(await registry.metrics())
  })
  const url = await app.listen({ host, port })
  return { url, stop: () => app.close() }
}
