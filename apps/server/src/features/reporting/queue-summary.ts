import { startPeriodic, type Periodic } from '../../platform/periodic.ts'
import { type Leases } from '../../platform/leases.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'

const QUEUE_SUMMARY_INTERVAL_MS = 30_000
/** With millions of conversations it takes minutes. */
const LONGEST_REFRESH_MS = 15 * 60_000

/** Keeps the specification's view fresh for whoever reads the database; screens count from the feed. */
export function startQueueSummary(services: Services, leases: Leases): Periodic {
  return startPeriodic(
    'refresh queue summary',
    QUEUE_SUMMARY_INTERVAL_MS,
    services,
    async () => {
      const lease = await leases.tryTake('refresh-queue-summary')
      if (lease === null) return
      try {
        await services.db.patient.run(sql`REFRESH MATERIALIZED VIEW CONCURRENTLY queue_summary`)
      } finally {
        await lease.release()
      }
    },
    LONGEST_REFRESH_MS,
  )
}
