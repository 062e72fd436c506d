import { type FastifyInstance } from 'fastify'

import { type HealthReport } from '../platform/health.ts'
import { type Services } from '../platform/services.ts'

/** However many ask, the database is not asked for each of them. */
const REPORT_SERVES_MS = 1_000

/**
 * What load balancers ask. Anybody may, so the answer is yes or no: what fails is in the log, and in `parley_health`,
 * which has an address of its own.
 */
export function registerHealth(
  app: FastifyInstance,
  { health }: Services,
  isReady: () => boolean,
): void {
  let looked: { atMs: number; report: Promise<HealthReport> } | null = null
  const report = (): Promise<HealthReport> => {
    const nowMs = performance.now()
    if (looked === null || nowMs - looked.atMs > REPORT_SERVES_MS) {
      looked = { atMs: nowMs, report: health.report() }
    }
    return looked.report
  }

  /** The process lives. */
  app.get('/healthz', () => ({ status: 'ok' }))
  /** It can do its work: not starting, not stopping, and nothing that it needs fails. */
  app.get('/readyz', async (_request, reply) => {
    const { failing } = await report()
    if (isReady() && failing.length === 0) return { status: 'ready' }
    return reply.code(503).send({ status: 'not ready' })
  })
}
